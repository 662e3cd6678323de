import { expect, it } from 'vitest';
import { violations } from '../../invariants.test-util.ts';
import { ADVICE, UFFD_FEATURES } from '../../uapi.ts';
import { type ScriptOp, SMP64, SMP64_WITHOUT, start } from '../../user-script.test-util.ts';

const AT = 0x50000;
const PRIVATE = 0x32;
const SHARED = 0x31;
const WP = 2;
const SIGBUS = -7;
const SIGSEGV = -11;

/** Results of `ops` after four pages of a mapping were watched for writes; whoever writes gets SIGBUS. */
const after = (
  flags: number,
  setup: readonly ScriptOp[],
  ops: readonly ScriptOp[],
  edition = 'v6.12',
) =>
  [SMP64, SMP64_WITHOUT].map((options) => {
    const m = start(edition, options);
    m.run([
      [
        ['userfaultfd', UFFD_FEATURES.sigbus],
        ['mmap', 4, 3, flags, AT],
        ...setup,
        ['uffd_register', AT, 4, WP],
        ['uffd_writeprotect', AT, 4, 1],
      ],
    ]);
    const before = m.results[0]?.length;
    m.run([ops]);
    expect(violations(m)).toEqual([]);
    return m.results[0]?.slice(before);
  });
const both = (results: readonly number[]) => [results, results];
const write: ScriptOp = ['write', AT + 1];
const written: ScriptOp[] = [0, 1, 2, 3].map((i) => ['write', AT + i]);

it('watches pages of a file that are not mapped', () => {
  expect(after(SHARED, [], [['read', AT + 1], write])).toEqual(both([0, SIGBUS]));
  expect(after(SHARED, [], [write, write])).toEqual(both([SIGBUS, SIGBUS]));
});

it('still does when they are thrown out of the mapping, or out of the file', () => {
  for (const advice of [4, 9]) {
    const out: ScriptOp = ['madvise', AT, 4, advice];
    expect(after(SHARED, written, [out, write])).toEqual(both([0, SIGBUS]));
  }
});

it('forgets anonymous pages with their contents', () => {
  expect(after(PRIVATE, written, [['madvise', AT, 4, 4], write])).toEqual(both([0, 0]));
  expect(after(PRIVATE, [], [write])).toEqual(both([0]));
});

it('ends with the protection and with the registration', () => {
  expect(after(SHARED, [], [['uffd_writeprotect', AT, 2, 0], write])).toEqual(both([0, 0]));
  expect(after(SHARED, [], [['uffd_unregister', AT, 4], write])).toEqual(both([0, 0]));
});

it('does not follow a mapping that moves', () => {
  const moved: ScriptOp = ['mremap', AT, 4, 4, 3, AT + 16];
  expect(after(SHARED, written, [moved, ['write', AT + 17]])).toEqual(both([AT + 16, 0]));
});

it.each([PRIVATE, SHARED])('leaves guards alone, and is kept by none: mapping %i', (flags) => {
  const install: ScriptOp = ['madvise', AT, 2, ADVICE.guard_install];
  const remove: ScriptOp = ['madvise', AT, 2, ADVICE.guard_remove];
  const on: ScriptOp = ['uffd_writeprotect', AT, 4, 1];
  const off: ScriptOp = ['uffd_writeprotect', AT, 4, 0];
  const ops: ScriptOp[] = [install, on, write, off, write, remove, write];
  const expected = [0, 0, SIGSEGV, 0, SIGSEGV, 0, 0];
  expect(after(flags, [], ops, 'v7.0')).toEqual(both(expected));
  expect(after(flags, written, ops, 'v7.0')).toEqual(both(expected));
});

it('is kept beside guards by what throws pages away', () => {
  const ops: ScriptOp[] = [
    ['madvise', AT + 2, 2, ADVICE.guard_install],
    ['madvise', AT, 4, ADVICE.dontneed],
    write,
    ['read', AT + 2],
  ];
  expect(after(SHARED, written, ops, 'v7.0')).toEqual(both([0, 0, SIGBUS, SIGSEGV]));
  expect(after(PRIVATE, written, ops, 'v7.0')).toEqual(both([0, 0, 0, SIGSEGV]));
});

it('watches anonymous pages that are not there only where the descriptor asks for it', () => {
  for (const [features, expected] of [
    [UFFD_FEATURES.sigbus, 0],
    [UFFD_FEATURES.sigbus | UFFD_FEATURES.wp_unpopulated, SIGBUS],
  ] as const) {
    const m = start('v6.12', SMP64);
    m.run([
      [
        ['userfaultfd', features],
        ['mmap', 4, 3, PRIVATE, AT],
        ['uffd_register', AT, 4, WP],
        ['uffd_writeprotect', AT, 4, 1],
        ['read', AT],
        ['write', AT],
        ['write', AT + 1],
        ['write', AT + 1],
      ],
    ]);
    expect(violations(m)).toEqual([]);
    // The zero page is mapped with its mark; a write to nothing maps a page, which the second try is not let at.
    expect(m.results[0]?.slice(-3)).toEqual([expected, expected, expected]);
  }
});

it('faults twice for each fresh page under WP_ASYNC, once for each that was there', () => {
  const m = start('v6.12', SMP64);
  m.run([
    [
      ['userfaultfd', UFFD_FEATURES.wp_async],
      ['mmap', 4, 3, PRIVATE, AT],
      ['write', AT],
      ['uffd_register', AT, 4, WP],
      ['uffd_writeprotect', AT, 4, 1],
    ],
  ]);
  m.reset();
  m.run([[['write', AT]]]);
  expect(m.count('pgfault')).toBe(1);
  m.run([[['write', AT + 1]]]);
  expect(m.count('pgfault')).toBe(3);
  expect(violations(m)).toEqual([]);
});

it('watches any memory under WP_ASYNC, if it watches nothing else', () => {
  const m = start('v6.12', SMP64);
  const segment = (r: readonly number[]) => r[1] as number;
  const at = (r: readonly number[]) => r[2] as number;
  m.run([
    [
      ['userfaultfd', UFFD_FEATURES.wp_async],
      ['shmget', 4],
      ['shmat', segment, 4, 3],
      ['write', at],
      ['uffd_register', at, 4, WP | 1],
      ['uffd_register', at, 4, WP],
      ['uffd_writeprotect', at, 4, 1],
    ],
  ]);
  m.reset();
  m.run([
    [
      ['write', at],
      ['write', at],
    ],
  ]);
  expect(m.results[0]?.slice(4)).toEqual([-22, 0, 0, 0, 0]);
  expect(m.count('pgfault')).toBe(1);
  expect(violations(m)).toEqual([]);
});

it('is over, with all registrations, when the descriptor is closed', () => {
  const ops: ScriptOp[] = [['uffd_close'], write, ['uffd_close'], ['uffd_register', AT, 4, WP]];
  expect(after(SHARED, written, ops)).toEqual(both([0, 0, -9, -9]));
  expect(after(PRIVATE, written, [['uffd_close'], write])).toEqual(both([0, 0]));
});

it('does not let protection that begins wake anybody', () => {
  const EINVAL = -22;
  const begin: ScriptOp = ['uffd_writeprotect', AT, 4, 1, 1];
  const end: ScriptOp = ['uffd_writeprotect', AT, 4, 0, 1];
  expect(after(SHARED, [], [begin, end, ['uffd_wake', AT, 4]])).toEqual(both([EINVAL, 0, 0]));
});
