import { expect, it } from 'vitest';
import { MSYNC_FLAGS } from '../user-ops.ts';
import { type ScriptOp, SMP64, start } from '../user-script.test-util.ts';

const AT = 0x50000;
const SHARED = 0x31;
const ENOMEM = -12;
const { async, sync, invalidate } = MSYNC_FLAGS;

/** Two mappings with a hole between them. */
const APART: readonly ScriptOp[] = [
  ['mmap', 2, 3, SHARED, AT],
  ['mmap', 2, 3, SHARED, AT + 4],
];
const counted = (at: number, pages: number, flags: number) => {
  const m = start('v6.12', SMP64);
  m.run([APART]);
  m.reset();
  m.run([[['msync', at, pages, flags]]]);
  return {
    result: m.results[0]?.at(-1),
    read: m.count('mmap_lock read_acquired'),
    find_vma: m.calls('find_vma'),
  };
};

it.each([
  ['async', async, { read: 1, find_vma: 2 }],
  ['async and invalidate', async | invalidate, { read: 1, find_vma: 2 }],
  ['sync', sync, { read: 2, find_vma: 2 }],
])('%s finds a hole', (_, flags, expected) => {
  expect(counted(AT, 6, flags)).toEqual({ result: ENOMEM, ...expected });
});

it('looks no further behind a hole when it is only async', () => {
  const before = AT - 2;
  expect(counted(before, 8, async)).toEqual({ result: ENOMEM, read: 1, find_vma: 1 });
  expect(counted(before, 8, async | invalidate)).toEqual({ result: ENOMEM, read: 1, find_vma: 2 });
  expect(counted(before, 8, sync)).toEqual({ result: ENOMEM, read: 2, find_vma: 2 });
});
