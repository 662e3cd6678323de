import { expect, it } from 'vitest';
import { counted } from '../counted.test-util.ts';
import { MSYNC_FLAGS } from '../uapi.ts';
import type { ScriptOp } from '../user-script.test-util.ts';

const AT = 0x50000;
const SHARED = 0x31;
const ENOMEM = -12;
const { async, sync, invalidate } = MSYNC_FLAGS;

/** Two mappings with a hole between them. */
const APART: readonly ScriptOp[] = [
  ['mmap', 2, 3, SHARED, AT],
  ['mmap', 2, 3, SHARED, AT + 4],
];
const synced = (at: number, pages: number, flags: number) =>
  counted(APART, [['msync', at, pages, flags]]);

it.each([
  ['async', async, { read: 1, find_vma: 2 }],
  ['async and invalidate', async | invalidate, { read: 1, find_vma: 2 }],
  ['sync', sync, { read: 2, find_vma: 2 }],
])('%s finds a hole', (_, flags, expected) => {
  expect(synced(AT, 6, flags)).toMatchObject({ results: [ENOMEM], ...expected });
});

it('looks no further behind a hole when it is only async', () => {
  const before = AT - 2;
  expect(synced(before, 8, async)).toMatchObject({ results: [ENOMEM], read: 1, find_vma: 1 });
  expect(synced(before, 8, async | invalidate)).toMatchObject({
    results: [ENOMEM],
    read: 1,
    find_vma: 2,
  });
  expect(synced(before, 8, sync)).toMatchObject({ results: [ENOMEM], read: 2, find_vma: 2 });
});
