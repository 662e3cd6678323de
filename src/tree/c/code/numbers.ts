import type { CType } from '../types.ts';

/** What a number is, and what comes of a comparison. */
export const INT: CType = { is: 'base', name: 'int' };

/** The same of a number that is 0: it is a pointer, too (C11 6.3.2.3). Told from others by being this object. */
export const ZERO: CType = { is: 'base', name: 'int' };
