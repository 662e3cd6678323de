import { expect, it } from 'vitest';
import type { Surface } from '../tree/index.ts';
import { surfaceChangesText } from './surface-text.ts';

const NOTHING: Surface = {
  options: ['A'],
  functions: [],
  structs: [],
  fields: [],
  macros: [],
  enumerators: [],
  variables: [],
  objects: [],
  moved: [],
  unparsed: [],
};

it('names files that were left out, and counts those of a reason that many have', () => {
  const out = (n: number, reason: string) =>
    Array.from({ length: n }, (_, i) => ({ path: `${i}.rs`, reason }));
  const unparsed = [...out(2, 'few'), ...out(21, 'many')];
  const text = surfaceChangesText({ ...NOTHING, unparsed });
  expect(text).toContain('0.rs      few\n');
  expect(text).toContain('1.rs      few\n');
  expect(text).toContain('21 files  many\n');
});
