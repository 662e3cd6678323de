import { describe, expect, it } from 'vitest';
import { violations } from './invariants.test-util.ts';
import { type Ran, type ScriptOp, SMP64, SMP64_WITHOUT, start } from './user-script.test-util.ts';

const AT = 0x60000;
const first = (results: readonly number[]) => results[0] as number;

/** Runs a setup uncounted, then operations; gives what they counted. */
function counted(
  setup: readonly ScriptOp[],
  ops: readonly ScriptOp[],
  { edition = 'v6.12', options = SMP64 }: { edition?: string; options?: typeof SMP64 } = {},
): Ran {
  const m = start(edition, options);
  m.run([setup]);
  m.reset();
  m.run([ops]);
  expect(violations(m)).toEqual([]);
  return m;
}
const touch = (op: 'read' | 'write', from: number, pages: number): ScriptOp[] =>
  Array.from({ length: pages }, (_, i) => [op, from + i]);
const mapped = (n: number, flags: number, at: number, populated: number): ScriptOp[] => [
  ['memfd_create', n],
  ...(populated > 0 ? [['pwrite', first, populated, 0] as ScriptOp] : []),
  ['mmap', n, 3, flags | 0x10, at, first, 0],
];

describe('faults on files', () => {
  it('maps 16 pages around a read, from the start of the VMA on', () => {
    const faults = (at: number, n: number) =>
      counted(mapped(n, 1, at, n), touch('read', at, n)).count('pgfault');
    expect(faults(AT, 40)).toBe(3);
    // The first window is [AT+10, AT+26), the next is aligned again: it ends at AT+32.
    expect(faults(AT + 10, 40)).toBe(4);
    // No window crosses the end of a page table.
    expect(faults(AT + 504, 16)).toBe(2);
  });

  it('maps only what the page cache has', () => {
    expect(counted(mapped(32, 2, AT, 8), touch('read', AT, 32)).count('pgfault')).toBe(25);
  });

  it('needs no second fault to write what a shared mapping has read', () => {
    const setup = [...mapped(16, 1, AT, 16), ...touch('read', AT, 16)];
    expect(counted(setup, touch('write', AT, 16)).count('pgfault')).toBe(0);
    const copied = [...mapped(16, 2, AT, 16), ...touch('read', AT, 16)];
    expect(counted(copied, touch('write', AT, 16)).count('pgfault')).toBe(16);
  });

  it('releases the lock once, early where a clean page gets dirty and late where not', () => {
    const ended = (populated: number, options = SMP64) => {
      const m = counted(mapped(8, 1, AT, populated), touch('write', AT, 8), { options });
      const inside = m.calls('vma_end_read');
      return options === SMP64 ? inside : m.calls('mmap_read_unlock');
    };
    for (const n of [0, 8]) {
      expect(ended(n)).toBe(8);
      expect(ended(n, SMP64_WITHOUT)).toBe(8);
    }
  });

  it('keeps a segment until it is detached and removed', () => {
    const m = start('v6.12', SMP64);
    m.run([
      [
        ['shmget', 4],
        ['shmat', first, 4, 3],
        ['write', (r) => (r[1] as number) + 1],
        ['shmctl_rmid', first],
        ['write', (r) => (r[1] as number) + 2],
      ],
    ]);
    expect(m.results[0]?.slice(2)).toEqual([0, 0, 0]);
    expect(m.count('vma_lock_retry')).toBe(2);
    const before = m.machine.core.pages.inUse(m.exec);
    m.run([[['shmdt', (r) => r[1] as number]]]);
    expect(m.machine.core.pages.inUse(m.exec)).toBe(before - 2);
    expect(violations(m)).toEqual([]);
  });
});

describe('huge pages', () => {
  const advised = (n: number, at = AT): ScriptOp[] => [
    ['mmap', n, 3, 0x32, at],
    ['madvise', at, n, 14],
  ];

  it('are for whole aligned ranges of a VMA only', () => {
    const m = counted(advised(1024, AT + 256), touch('write', AT + 256, 1024));
    expect(m.count('thp_fault_alloc')).toBe(1);
    expect(m.count('pgfault')).toBe(1 + 512);
  });

  it('are split by a write to the huge zero page in 6.12, and replaced later', () => {
    const setup: ScriptOp[] = [...advised(512), ['read', AT]];
    const old = counted(setup, touch('write', AT, 512));
    expect([old.count('pgfault'), old.count('thp_split_pmd')]).toEqual([512, 1]);
    const later = counted(setup, touch('write', AT, 512), { edition: 'v7.0' });
    expect([later.count('pgfault'), later.count('thp_fault_alloc')]).toEqual([1, 1]);
  });

  it('are split where only part is unmapped, and free when all of it is', () => {
    const m = start('v7.0', SMP64);
    const free = m.machine.core.pages.inUse(m.exec);
    m.run([[...advised(512), ['write', AT], ['munmap', AT, 100]]]);
    expect(m.count('thp_split_pmd')).toBe(1);
    expect(m.machine.core.pages.inUse(m.exec)).toBe(free + 512);
    m.run([[['munmap', AT + 100, 412]]]);
    expect(m.machine.core.pages.inUse(m.exec)).toBe(free);
  });

  it('collapse under mmap_lock: for reading around each, for writing once each', () => {
    const setup: ScriptOp[] = [['mmap', 1024, 3, 0x32, AT], ...touch('write', AT, 1024)];
    const m = counted(setup, [['madvise', AT, 1024, 25], ...touch('write', AT, 1024)]);
    expect(m.results[0]?.[setup.length]).toBe(0);
    expect(m.count('thp_collapse_alloc')).toBe(2);
    expect(m.calls('mmap_read_lock')).toBe(1 + 2 + 1 + 1);
    expect(m.calls('mmap_write_lock')).toBe(2);
    expect(m.count('pgfault')).toBe(0);
  });
});

it.each(['v6.12', 'v7.0'])('%s writes to small pages where no huge one is left', (edition) => {
  const m = start(edition, SMP64, { pages: 1024 });
  const span = 512;
  m.run([
    [
      ['mmap', 8 * span, 3, 0x32, AT],
      ['madvise', AT, 8 * span, 14],
      ['read', AT],
      ...[1, 2, 3, 4, 5, 6, 7].map((i): ScriptOp => ['write', AT + i * span]),
    ],
  ]);
  m.reset();
  m.run([[['write', AT]]]);
  expect(m.results[0]?.at(-1)).toBe(0);
  expect(m.count('thp_split_pmd')).toBe(1);
  expect(violations(m)).toEqual([]);
});
