import { describe, expect, it } from 'vitest';
import { counted } from '../counted.test-util.ts';
import { type ScriptOp, SMP64, SMP64_WITHOUT } from '../user-script.test-util.ts';

const AT = 0x50000;
const FIXED = 0x32;
const EIO = -5;

const once = (setup: readonly ScriptOp[], op: ScriptOp, edition = 'v6.12', options = SMP64) =>
  counted(setup, [op], { edition, options });

describe('/proc/self/mem', () => {
  it('brings in pages nobody may get at', () => {
    const c = once([['mmap', 2, 0, FIXED, AT]], ['proc_mem_read', AT, 2]);
    expect(c).toMatchObject({ results: [0], read: 2, find_vma: 2, faults: 2 });
  });

  it('looks for a stack to grow where nothing is mapped, and gives up', () => {
    const c = once([], ['proc_mem_read', AT, 2]);
    expect(c).toMatchObject({ results: [EIO], read: 1, write: 1, find_vma: 0 });
  });
});

describe('a write to what may not be written', () => {
  const READ_ONLY: ScriptOp[] = [['mmap', 2, 1, FIXED, AT]];

  it('makes a private copy, which stays read-only', () => {
    const c = once(READ_ONLY, ['proc_mem_write', AT, 2]);
    expect(c).toMatchObject({ results: [0], read: 2, find_vma: 2, faults: 2 });
    const again: ScriptOp[] = [...READ_ONLY, ['proc_mem_write', AT, 2]];
    expect(once(again, ['proc_mem_write', AT, 2])).toMatchObject({ results: [0], faults: 0 });
    expect(once(again, ['write', AT])).toMatchObject({ results: [-11] });
  });

  it('copies the zero page and a file’s page once', () => {
    const read: ScriptOp[] = [...READ_ONLY, ['read', AT]];
    expect(once(read, ['proc_mem_write', AT, 1])).toMatchObject({ results: [0], faults: 1 });
    const file: ScriptOp[] = [
      ['memfd_create', 2],
      ['mmap', 2, 1, 0x12, AT, (r) => r[0] as number],
      ['read', AT],
    ];
    expect(once(file, ['proc_mem_write', AT, 1])).toMatchObject({ results: [0], faults: 1 });
  });

  it('reaches memory nobody may get at', () => {
    const none: ScriptOp[] = [['mmap', 2, 0, FIXED, AT]];
    expect(once(none, ['proc_mem_write', AT, 2])).toMatchObject({ results: [0], faults: 2 });
  });

  it('is refused in shared memory', () => {
    const shared: ScriptOp[] = [['mmap', 2, 1, 0x31, AT]];
    const c = once(shared, ['proc_mem_write', AT, 2]);
    expect(c).toMatchObject({ results: [EIO], read: 1, find_vma: 1, faults: 0 });
  });
});

it('pagemap walks holes without looking further', () => {
  const c = once([['mmap', 2, 3, FIXED, AT]], ['proc_pagemap', AT - 4, 16]);
  // Before the mapping, in it and behind it; AT lies on the edge of a page table.
  expect(c).toMatchObject({ results: [0], read: 3, find_vma: 3 });
});

it('clear_refs locks every VMA since 6.5, and only resets a number for 5', () => {
  expect(once([], ['proc_clear_refs', 1])).toMatchObject({ write: 1, vmas: 10, find_vma: 11 });
  expect(once([], ['proc_clear_refs', 1], 'v6.4')).toMatchObject({ write: 1, vmas: 0 });
  expect(once([], ['proc_clear_refs', 5])).toMatchObject({ write: 1, vmas: 0, find_vma: 0 });
  expect(once([], ['proc_clear_refs', 1], 'v6.12', SMP64_WITHOUT).find_vma).toBe(11);
});
