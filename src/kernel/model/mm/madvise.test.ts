import { describe, expect, it } from 'vitest';
import { counted } from '../counted.test-util.ts';
import { ADVICE } from '../uapi.ts';
import { type ScriptOp, SMP64_WITHOUT } from '../user-script.test-util.ts';

const AT = 0x50000;
const FIXED = 0x32;
const SHARED = 0x31;
const EINVAL = -22;
const EBADF = -9;
const ENOMEM = -12;
const EACCES = -13;

const area = (n: number, flags = FIXED): ScriptOp => ['mmap', n, 3, flags, AT];
const touch = (n: number): ScriptOp[] =>
  Array.from({ length: n }, (_, i): ScriptOp => ['write', AT + i]);

describe('advice about pages', () => {
  it.each([ADVICE.cold, ADVICE.pageout, ADVICE.free])(
    '%i walks the page tables once per VMA',
    (advice) => {
      const c = counted([area(8), ...touch(8)], [['madvise', AT, 8, advice]]);
      expect(c).toMatchObject({ results: [0], read: 1, write: 0, find_vma: 2, faults: 0 });
    },
  );

  it('without swap, has nothing to read ahead for anonymous memory', () => {
    const c = counted([area(8)], [['madvise', AT, 8, ADVICE.willneed]]);
    expect(c).toMatchObject({ results: [EBADF], read: 1, find_vma: 0 });
  });

  it('lets go of mmap_lock while a file is read ahead', () => {
    const c = counted([area(8, SHARED)], [['madvise', AT, 8, ADVICE.willneed]]);
    expect(c).toMatchObject({ results: [0], read: 2, find_vma: 0 });
  });

  it('punches a hole in a shared file, which faults again', () => {
    const hole: ScriptOp[] = [['madvise', AT + 2, 4, ADVICE.remove]];
    const c = counted([area(8, SHARED), ...touch(8)], [...hole, ...touch(8)]);
    expect(c).toMatchObject({ read: expect.any(Number), write: 0, faults: 4 });
    expect(c.results?.[0]).toBe(0);
    // Two for the advice; each shared write fault takes it no more under the VMA lock.
    expect(counted([area(8, SHARED), ...touch(8)], hole).read).toBe(2);
    expect(counted([area(8), ...touch(8)], hole).results).toEqual([EINVAL]);
    const file: ScriptOp[] = [
      ['memfd_create', 8],
      ['mmap', 8, 3, 0x12, AT, (r) => r[0] as number, 0],
    ];
    expect(counted(file, hole).results).toEqual([EACCES]);
  });

  it('throws away locked pages only when told so', () => {
    const locked: ScriptOp[] = [area(4), ['mlock', AT, 4]];
    expect(counted(locked, [['madvise', AT, 4, ADVICE.dontneed]]).results).toEqual([EINVAL]);
    const c = counted(locked, [['madvise', AT, 4, ADVICE.dontneed_locked], ...touch(4)]);
    expect(c.results?.[0]).toBe(0);
    expect(c.faults).toBe(4);
  });
});

describe('advice that marks VMAs', () => {
  it.each([ADVICE.dontfork, ADVICE.dontdump, ADVICE.mergeable, ADVICE.random])(
    '%i splits where the range begins and ends',
    (advice) => {
      const c = counted([area(8)], [['madvise', AT + 2, 4, advice]]);
      expect(c).toMatchObject({ results: [0], read: 0, write: 1, vmas: 3, dup: 2, find_vma: 0 });
    },
  );

  it('goes from VMA to VMA, over holes, and says there were some', () => {
    const three: ScriptOp[] = [area(9), ['mprotect', AT + 3, 3, 1], ['munmap', AT + 6, 1]];
    const c = counted(three, [['madvise', AT, 9, ADVICE.dontfork]]);
    expect(c).toMatchObject({ results: [ENOMEM], write: 1, vmas: 3, find_vma: 2, dup: 0 });
  });

  it('joins what is alike again on its way', () => {
    const split: ScriptOp[] = [area(9), ['madvise', AT + 3, 3, ADVICE.dontfork]];
    const c = counted(split, [['madvise', AT, 9, ADVICE.dofork]]);
    // The first VMA has nothing to change; the second swallows the third with it, and the walk ends behind both.
    expect(c).toMatchObject({ results: [0], vmas: 3, find_vma: 1, free: 2 });
  });

  it('looks at merged pages under the VMA lock before it unmarks them', () => {
    const marked: ScriptOp[] = [area(4), ...touch(4), ['madvise', AT, 4, ADVICE.mergeable]];
    const c = counted(marked, [['madvise', AT, 4, ADVICE.unmergeable]]);
    expect(c).toMatchObject({ results: [0], write: 1, vmas: 1 });
  });
});

it('counts the same without VMA locks, but for them', () => {
  const setup = [area(8), ...touch(8)];
  for (const advice of [ADVICE.pageout, ADVICE.dontfork, ADVICE.dontneed]) {
    const run: ScriptOp[] = [['madvise', AT + 1, 5, advice]];
    const [y, n] = [counted(setup, run), counted(setup, run, { options: SMP64_WITHOUT })];
    expect({ ...n, vmas: 0 }).toEqual({ ...y, vmas: 0 });
  }
});
