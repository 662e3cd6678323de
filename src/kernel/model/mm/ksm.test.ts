import { expect, it } from 'vitest';
import { counted } from '../counted.test-util.ts';
import type { ScriptOp } from '../user-script.test-util.ts';

const AT = 0x50000;
const FIXED = 0x32;
const SHARED = 0x31;

const areas = (setup: readonly ScriptOp[], run: readonly ScriptOp[]) =>
  counted(setup, run).ranges.filter(([s]) => s >= AT && s < AT + 64).length;
const merge = (on: number): ScriptOp => ['prctl_set_memory_merge', on];

it('marks what can be merged, once, and takes the marks back', () => {
  const shared: ScriptOp = ['mmap', 2, 3, SHARED, AT];
  // Ten VMAs, of which vvar and vdso cannot be merged, and neither can the shared one.
  expect(counted([shared], [merge(1)])).toMatchObject({ write: 1, vmas: 8 });
  expect(counted([shared, merge(1)], [merge(1)])).toMatchObject({ write: 1, vmas: 0 });
  expect(counted([shared, merge(1)], [merge(0)])).toMatchObject({ write: 1, vmas: 8 });
  expect(counted([], [merge(0)])).toMatchObject({ write: 1, vmas: 0 });
});

it('marks new memory after it would have merged with old', () => {
  const two: ScriptOp[] = [
    ['mmap', 2, 3, FIXED, AT],
    ['mmap', 2, 3, FIXED, AT + 2],
  ];
  expect(areas([], two)).toBe(1);
  expect(areas([merge(1)], two)).toBe(2);
});
