import { expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import { type ScriptOp, SMP64, start } from '../user-script.test-util.ts';

const AT = 0x50000;
const FIXED = 0x32;
const SHARED = 0x31;

const counted = (setup: readonly ScriptOp[], run: readonly ScriptOp[]) => {
  const m = start('v6.12', SMP64);
  m.run([setup]);
  m.reset();
  m.run([run]);
  expect(violations(m)).toEqual([]);
  const { core } = m.machine;
  return {
    write: m.count('mmap_lock write_acquired'),
    vmas: m.count('vma_write_locks'),
    areas: core.tree.entries(m.exec, core.mms[0] as number).filter(([s]) => s >= AT && s < AT + 64)
      .length,
  };
};
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
  expect(counted([], two).areas).toBe(1);
  expect(counted([merge(1)], two).areas).toBe(2);
});
