import { describe, expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import { ADVICE } from '../uapi.ts';
import { holdAt, type Ran, type ScriptOp, SMP64, start } from '../user-script.test-util.ts';

const AT = 0x60000;
const SHARED_FIXED = 0x11;
const SPAN = 512;
const first = (results: readonly number[]) => results[0] as number;
const memfd = (pages: number): ScriptOp[] => [
  ['memfd_create', pages],
  ['pwrite', first, pages, 0],
  ['mmap', pages, 3, SHARED_FIXED, AT, first, 0],
];
/** Every second page read-only: so many VMAs. */
const split = (pages: number): ScriptOp[] =>
  Array.from({ length: pages / 2 }, (_, i) => ['mprotect', AT + 2 * i, 1, 1] as ScriptOp);

function ran(setup: readonly ScriptOp[], ops: readonly ScriptOp[], edition = 'v6.12'): Ran {
  const m = start(edition, SMP64, { forks: 1 });
  m.run([setup]);
  m.reset();
  m.run([ops]);
  expect(violations(m)).toEqual([]);
  return m;
}

describe('locks of the VMAs of a file', () => {
  it.each([
    ['v6.4', 20, 0, 0],
    ['v6.6', 20, 0, 0],
    ['v6.12', 0, 2, 1],
    ['v7.0', 0, 2, 1],
  ])('%s takes them in batches of eight', (edition, single, full, last) => {
    const m = ran([...memfd(20), ...split(20)], [['munmap', AT, 20]], edition);
    const calls = (name: string) => m.calls(name) || 0;
    expect(calls('unlink_file_vma')).toBe(single);
    expect(calls('unlink_file_vma_batch_process')).toBe(full);
    expect(calls('unlink_file_vma_batch_final')).toBe(last);
  });

  it('begins another batch behind a gap of more than a page table, and at another file', () => {
    const finals = (at: number, file: (r: readonly number[]) => number) => {
      const more: ScriptOp[] = [
        ['memfd_create', 4],
        ['mmap', 4, 3, SHARED_FIXED, at, file, 0],
      ];
      return ran([...memfd(4), ...more], [['munmap', AT, at + 4 - AT]]);
    };
    const count = (m: Ran) =>
      m.calls('unlink_file_vma_batch_process') + m.calls('unlink_file_vma_batch_final');
    expect(count(finals(AT + 4 + SPAN, first))).toBe(1);
    expect(count(finals(AT + 5 + SPAN, first))).toBe(2);
    expect(count(finals(AT + 6, (r) => r[3] as number))).toBe(2);
  });

  it('keeps a truncation out while a VMA is split', () => {
    const m = start('v6.12', SMP64, { threads: 2 });
    m.run([memfd(8)]);
    const file = first(m.results[0] as number[]);
    let split = false;
    const inside = holdAt(m, (label, name) => {
      split = name === '__split_vma' && label === 'set_range';
      return split;
    });
    let met = false;
    const schedule: typeof inside = (ready) => {
      // The other thread waits for the lock, so this one goes on.
      met ||= split && !ready.includes(1);
      return inside(ready);
    };
    m.run([[['mprotect', AT, 4, 1]], [['ftruncate', file, 2]]], schedule);
    expect(met).toBe(true);
    expect(violations(m)).toEqual([]);
  });

  it('are taken while pages move into a VMA that rmap comes by before their own', () => {
    const apart: ScriptOp[] = [...memfd(8), ['write', AT], ['mremap', AT, 4, 4, 3, AT + 64]];
    const taken = (to: number) =>
      ran(apart, [['mremap', AT + 64, 4, 4, 3, to]]).calls('take_rmap_locks');
    expect(taken(AT + 128)).toBe(0);
    // Below the second half of the file, which takes them in.
    expect(taken(AT)).toBe(1);
  });

  it('are taken for hugetlbfs when its pages go, change protection or move', () => {
    const huge: ScriptOp = ['mmap', SPAN, 3, 0x40032, AT];
    const zaps = (...ops: ScriptOp[]) => ran([huge, ['write', AT]], ops).calls('hugetlb_zap_begin');
    expect(zaps(['munmap', AT, SPAN])).toBe(1);
    expect(zaps(['madvise', AT, SPAN, ADVICE.dontneed])).toBe(1);
    expect(zaps(['mprotect', AT, SPAN, 1])).toBe(1);
    expect(zaps(['mremap', AT, SPAN, SPAN, 3, AT + 4 * SPAN])).toBe(2);
  });
});

it('locks the identifiers of segments to make, attach, detach and remove one', () => {
  const m = start('v6.12', SMP64);
  const { rwsem } = m.machine.shmIds;
  const { down_write } = m.machine.core.rw;
  let taken = 0;
  const call = m.exec.call.bind(m.exec);
  m.exec.call = (routine, ...args) => {
    if (routine === down_write && args[0] === rwsem) taken++;
    return call(routine, ...args);
  };
  m.run([
    [
      ['shmget', 4],
      ['shmat', first, 4, 3],
      ['shmdt', (r) => r[1] as number],
      ['shmctl_rmid', first],
    ],
  ]);
  expect(m.results[0]?.slice(2)).toEqual([0, 0]);
  expect(taken).toBe(4);
  expect(violations(m)).toEqual([]);
});
