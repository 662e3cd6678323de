import { expect, it } from 'vitest';
import { violations } from '../../invariants.test-util.ts';
import { UFFD_FEATURES } from '../../uapi.ts';
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

const WP = 2;
const protect = (wp: number, at = AT, pages = SPAN): ScriptOp => [
  'uffd_writeprotect',
  at,
  pages,
  wp,
];

it.each([PRIVATE, SHARED])(
  'watches pages that are there for writes, until it is told not to',
  (flags) => {
    expect(
      after(flags, [
        ['write', AT],
        register(WP),
        protect(1),
        ['read', AT],
        ['write', AT],
        protect(0),
        ['write', AT],
      ]),
    ).toEqual([0, 0, 0, 0, SIGBUS, 0, 0]);
  },
);

it.each([PRIVATE, SHARED])('watches pages that are not there, too', (flags) => {
  expect(
    after(flags, [register(WP), protect(1), ['write', AT], ['read', AT], ['write', AT + SPAN]]),
  ).toEqual([0, 0, SIGBUS, 0, 0]);
});

it('leaves the mark of a page that is thrown out of a shared mapping', () => {
  const out: ScriptOp = ['madvise', AT, SPAN, 4];
  expect(after(SHARED, [['write', AT], register(WP), protect(1), out, ['write', AT]])).toEqual([
    0,
    0,
    0,
    0,
    SIGBUS,
  ]);
});

it('takes a copy that is protected at once, in the place of a marker', () => {
  const copy: ScriptOp = ['uffd_copy', AT, SPAN, 2];
  expect(
    after(PRIVATE, [register(MISSING | WP), protect(1), copy, ['read', AT], ['write', AT]]),
  ).toEqual([0, 0, 0, 0, SIGBUS]);
  expect(after(PRIVATE, [register(MISSING), copy])).toEqual([0, EINVAL]);
});

it.each([
  [PRIVATE, 0],
  [SHARED, EEXIST],
])('poisons pages, until a copy takes their place', (flags, last) => {
  const poison: ScriptOp = ['uffd_poison', AT, SPAN];
  expect(
    after(flags, [
      register(MISSING),
      poison,
      ['read', AT],
      ['write', AT + 7],
      poison,
      ['uffd_copy', AT, SPAN],
      ['mprotect', AT, SPAN, 1],
      ['read', AT],
      ['madvise', AT, SPAN, 4],
      ['uffd_copy', AT, SPAN],
    ]),
  ).toEqual([0, 0, SIGBUS, SIGBUS, EEXIST, 0, 0, 0, 0, last]);
});

it('protects whole huge pages only', () => {
  expect(after(PRIVATE, [register(WP), protect(1, AT + 1), protect(1, AT, 3)])).toEqual([
    0,
    EINVAL,
    EINVAL,
  ]);
});

it('lets writes through by itself under WP_ASYNC, and forgets everything when unregistered', () => {
  const m = start('v6.12', SMP64, { pages: 4096 });
  m.run([
    [
      ['userfaultfd', UFFD_FEATURES.wp_async],
      ['mmap', 2 * SPAN, 3, SHARED, AT],
      ['write', AT],
      register(WP),
      protect(1, AT, 2 * SPAN),
    ],
  ]);
  m.reset();
  m.run([
    [
      ['write', AT],
      ['write', AT],
    ],
  ]);
  expect(m.count('pgfault')).toBe(1);
  m.run([
    [
      ['uffd_unregister', AT, 2 * SPAN],
      ['write', AT + SPAN],
      ['write', AT + SPAN],
    ],
  ]);
  expect(m.count('pgfault')).toBe(2);
  expect(violations(m)).toEqual([]);
});

it('never makes a private page writable by mprotect: the next write does', () => {
  const toggle: ScriptOp[] = [
    ['mprotect', AT, SPAN, 1],
    ['mprotect', AT, SPAN, 3],
  ];
  for (const [flags, faults] of [
    [PRIVATE, 1],
    [SHARED, 0],
  ] as const) {
    const m = start('v6.12', SMP64, { pages: 4096 });
    m.run([[['mmap', SPAN, 3, flags, AT], ['write', AT], ...toggle]]);
    m.reset();
    m.run([[['write', AT]]]);
    expect(m.count('pgfault')).toBe(faults);
  }
});
