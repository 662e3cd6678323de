import { expect, it } from 'vitest';
import { violations } from '../../invariants.test-util.ts';
import { UFFD_FEATURES } from '../../user-ops.ts';
import { type ScriptOp, SMP64, SMP64_WITHOUT, start } from '../../user-script.test-util.ts';

const AT = 0x70000;
const FROM = 0x60000;
const SPAN = 512;
const PRIVATE = 0x40032;
const SHARED = 0x40031;
const MISSING = 1;
const MINOR = 4;
const [EINVAL, EEXIST, SIGBUS] = [-22, -17, -7];

/** Results of `ops` on two huge pages; a fault that is user space's to answer is SIGBUS. */
const after = (flags: number, ops: readonly ScriptOp[]) => {
  const [y, n] = [SMP64, SMP64_WITHOUT].map((options) => {
    const m = start('v6.12', options, { pages: 4096 });
    m.run([[['userfaultfd', UFFD_FEATURES.sigbus], ['mmap', 2 * SPAN, 3, flags, AT], ...ops]]);
    expect(violations(m)).toEqual([]);
    return m.results[0]?.slice(2);
  });
  expect(n).toEqual(y);
  return y;
};
const register = (modes: number, at = AT, pages = 2 * SPAN): ScriptOp => [
  'uffd_register',
  at,
  pages,
  modes,
];

it.each([PRIVATE, SHARED])('asks for pages that are missing, and takes copies of them', (flags) => {
  expect(
    after(flags, [
      register(MISSING),
      ['write', AT],
      ['uffd_copy', AT, SPAN],
      ['write', AT],
      ['uffd_copy', AT, SPAN],
      ['write', AT + SPAN],
    ]),
  ).toEqual([0, SIGBUS, 0, 0, EEXIST, SIGBUS]);
});

it('copies from where the source has to be brought in first', () => {
  const source: ScriptOp = ['mmap', 2 * SPAN, 3, 0x32, FROM];
  const copy: ScriptOp = ['uffd_copy', AT, 2 * SPAN, 0, FROM];
  expect(
    after(PRIVATE, [source, ['write', FROM], register(MISSING), copy, ['read', AT + SPAN]]),
  ).toEqual([FROM, 0, 0, 0, 0]);
});

it('asks for pages that are in the file and not mapped, and maps them', () => {
  const unmap: ScriptOp = ['madvise', AT, SPAN, 4];
  expect(
    after(SHARED, [
      ['write', AT],
      unmap,
      register(MINOR),
      ['write', AT],
      ['uffd_continue', AT, SPAN],
      ['write', AT],
    ]),
  ).toEqual([0, 0, 0, SIGBUS, 0, 0]);
});

it('knows whole huge pages only, and no huge zero page', () => {
  expect(
    after(PRIVATE, [
      register(MISSING, AT + 1, SPAN),
      register(MISSING, AT, SPAN + 1),
      register(MISSING, AT, SPAN),
      ['uffd_copy', AT, 1],
      ['uffd_zeropage', AT, SPAN],
    ]),
  ).toEqual([EINVAL, EINVAL, 0, EINVAL, EINVAL]);
});
