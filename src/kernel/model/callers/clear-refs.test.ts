import { expect, it } from 'vitest';
import { counted } from '../counted.test-util.ts';
import { ADVICE } from '../uapi.ts';
import { type ScriptOp, SMP64 } from '../user-script.test-util.ts';

const AT = 0x50000;
const HUGE = 0x60000;
const FIXED = 0x32;
const SHARED = 0x31;
const MARKS = { ...SMP64, MEM_SOFT_DIRTY: 'y' };
const FORGET: ScriptOp = ['proc_clear_refs', 4];

const once = (setup: readonly ScriptOp[], run: readonly ScriptOp[], options = MARKS) =>
  counted(setup, run, { options });
const touch = (n: number): ScriptOp[] =>
  Array.from({ length: n }, (_, i): ScriptOp => ['write', AT + i]);

it.each([
  ['private', FIXED],
  ['shared', SHARED],
])('after 4, each page of %s memory faults once more', (_, flags) => {
  const c = once([['mmap', 4, 3, flags, AT], ...touch(4), FORGET], [...touch(4), ...touch(4)]);
  expect(c).toMatchObject({ faults: 4, reuse: 4 });
});

it('locks the VMAs once, and walks as for 1', () => {
  expect(once([], [FORGET])).toMatchObject({ results: [0], write: 1, vmas: 10, find_vma: 11 });
});

it('walks and forgets nothing in a build that does not keep marks', () => {
  const setup: ScriptOp[] = [['mmap', 4, 3, FIXED, AT], ...touch(4)];
  const c = once(setup, [FORGET, ...touch(4)], { ...SMP64, MEM_SOFT_DIRTY: 'n' });
  expect(c).toMatchObject({ write: 1, vmas: 11, find_vma: 12, faults: 0 });
});

it('does not let mprotect make writable what has not been written since', () => {
  const toggle: ScriptOp[] = [
    ['mprotect', AT, 4, 1],
    ['mprotect', AT, 4, 3],
  ];
  const setup: ScriptOp[] = [['mmap', 4, 3, FIXED, AT], ...touch(4)];
  expect(once([...setup, FORGET, ['write', AT]], [...toggle, ...touch(4)]).faults).toBe(3);
  expect(once(setup, [...toggle, ...touch(4)]).faults).toBe(0);
});

it('takes a page read in since for unwritten, where it would have been writable at once', () => {
  const fresh: ScriptOp[] = [['mmap', 4, 3, SHARED, AT], FORGET, ['read', AT]];
  expect(once(fresh, [['write', AT]]).faults).toBe(1);
});

it('marks a whole huge page, which faults as one', () => {
  const setup: ScriptOp[] = [
    ['mmap', 512, 3, FIXED, HUGE],
    ['madvise', HUGE, 512, ADVICE.hugepage],
    ['write', HUGE],
    FORGET,
  ];
  expect(
    once(setup, [
      ['write', HUGE + 7],
      ['write', HUGE],
    ]).faults,
  ).toBe(1);
});

it('leaves new memory merging with old', () => {
  const more: ScriptOp = ['mmap', 2, 3, FIXED, AT + 2];
  expect(once([['mmap', 2, 3, FIXED, AT], FORGET], [more]).ranges).toContainEqual([AT, AT + 4]);
});
