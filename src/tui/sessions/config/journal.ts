import type { Op } from './op.ts';

/**
 * Where the edits since the last save are kept, so that a crash loses none. What is appended is on disk when `append`
 * returns.
 */
export interface Journal {
  append(op: Op): void;
  /** Forget everything: what was edited is saved, or given up. */
  clear(): void;
}

/** For whoever keeps none. */
export const NO_JOURNAL: Journal = { append: () => {}, clear: () => {} };
