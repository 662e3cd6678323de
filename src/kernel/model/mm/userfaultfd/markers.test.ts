import { expect, it } from 'vitest';
import { violations } from '../../invariants.test-util.ts';
import { UFFD_FEATURES } from '../../user-ops.ts';
import { type ScriptOp, SMP64, SMP64_WITHOUT, start } from '../../user-script.test-util.ts';

const AT = 0x50000;
const PRIVATE = 0x32;
const SHARED = 0x31;
const WP = 2;
const SIGBUS = -7;

/** Results of `ops` after four pages of a mapping were watched for writes; whoever writes gets SIGBUS. */
const after = (flags: number, setup: readonly ScriptOp[], ops: readonly ScriptOp[]) =>
  [SMP64, SMP64_WITHOUT].map((options) => {
    const m = start('v6.12', options);
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
