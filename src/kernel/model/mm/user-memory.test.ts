import { describe, expect, it } from 'vitest';
import { violations } from '../invariants.test-util.ts';
import type { OpName } from '../user-ops.ts';
import { type ScriptOp, SMP64, SMP64_WITHOUT, start } from '../user-script.test-util.ts';

const map = (pages: number, prot = 3): ScriptOp => ['mmap', pages, prot, 0x22];
const page = (i: number) => (r: readonly number[]) => (r[0] as number) + i;
const each = (op: OpName, n: number, ...rest: number[]): ScriptOp[] =>
  Array.from({ length: n }, (_, i): ScriptOp => [op, page(i), ...rest]);
const EPERM = 1;
const EAGAIN = 11;
const ENOMEM = 12;
const EFAULT = 14;
const EINVAL = 22;

/** Runs a setup, then operations that are counted. */
function run(setup: readonly ScriptOp[], ops: readonly ScriptOp[], options = SMP64) {
  const m = start('v6.12', options);
  m.run([setup]);
  m.reset();
  const before = m.results[0]?.length ?? 0;
  m.run([ops]);
  expect(violations(m)).toEqual([]);
  return Object.assign(m, { given: m.results[0]?.slice(before) ?? [] });
}

describe.each([['locked', SMP64] as const, ['without', SMP64_WITHOUT] as const])('%s', (_, o) => {
  it('faults in what is missing only, each page once, with mmap_lock taken once', () => {
    const m = run([map(1000), ...each('write', 500)], [['madvise', page(0), 1000, 23]], o);
    expect(m.count('pgfault')).toBe(500);
    expect(m.count('mmap_lock read_acquired')).toBe(1);
    expect(m.count('vma_lock_success')).toBe(0);
  });

  it('finds a mapped page without any lock, but not the zero page', () => {
    const warm = run([map(64), ...each('write', 64)], each('vmsplice', 64), o);
    expect(warm.count('mmap_lock read_acquired')).toBe(0);
    const zero = run([map(64), ...each('read', 64)], each('vmsplice', 64), o);
    expect(zero.count('mmap_lock read_acquired')).toBe(64);
    expect(zero.count('pgfault')).toBe(0);
  });

  it('brings a value a private futex waits for in with a fault of the kernel', () => {
    const m = run([map(16)], each('futex_wait_private', 16), o);
    expect(m.given).toEqual(Array(16).fill(-EAGAIN));
    expect(m.count('pgfault')).toBe(16);
    expect(m.calls('lock_mm_and_find_vma')).toBe(16);
    expect(m.calls('lock_vma_under_rcu')).toBe(0);
  });

  it('populates what is mapped while all future memory is locked', () => {
    const m = run([], [['mlockall', 2], map(100), ['brk', 10], ['munlockall'], map(100)], o);
    expect(m.count('pgfault')).toBe(110);
  });

  it('populates what is mapped locked, and only that', () => {
    const m = run([], [['mmap', 50, 3, 0x2022], ['mmap', 50, 3, 0x8022], map(50)], o);
    expect(m.count('pgfault')).toBe(100);
  });

  it('shrinks with the lock downgraded, and moves the pages where it cannot grow', () => {
    const shrunk = run([map(8), ...each('write', 8)], [['mremap', page(0), 8, 4, 0]], o);
    expect(shrunk.count('mmap_lock read_acquired')).toBe(1);
    const room = (r: readonly number[]) => (r[0] as number) + 0x1000;
    const moved = run(
      [map(8), ...each('write', 8), ['mmap', 1, 3, 0x32, page(8)], ['mprotect', page(8), 1, 1]],
      [
        ['mremap', page(0), 8, 16, 0],
        ['mremap', page(0), 8, 16, 3, room],
        ['read', room],
      ],
      o,
    );
    expect(moved.given[0]).toBe(-ENOMEM);
    expect(moved.given[2]).toBe(0);
    expect(moved.count('pgfault')).toBe(0);
  });
});

it('lets a sealed mapping be neither changed nor unmapped, nor thrown away where it is read-only', () => {
  const m = run(
    [map(8), ['mprotect', page(0), 4, 1], ['mseal', page(2), 1]],
    [
      ['munmap', page(0), 8],
      ['mprotect', page(2), 1, 3],
      ['mremap', page(2), 1, 2, 1],
      ['madvise', page(2), 1, 4],
      ['mmap', 1, 3, 0x32, page(2)],
      ['munmap', page(4), 4],
    ],
  );
  expect(m.given).toEqual([-EPERM, -EPERM, -EPERM, -EPERM, -EPERM, 0]);
});

it('refuses what the protection forbids', () => {
  const m = run(
    [map(4, 1)],
    [
      ['process_vm_writev', page(0), 4],
      ['process_vm_readv', page(0), 4],
      ['futex_wake', page(0)],
      ['madvise', page(0), 4, 23],
      ['mlock', page(0), 4],
      ['madvise', page(0), 4, 4],
    ],
  );
  expect(m.given).toEqual([-EFAULT, 0, -EFAULT, -EINVAL, 0, -EINVAL]);
});

it('gives names to anonymous memory only in kernels built for it', () => {
  const name: ScriptOp = ['prctl_set_vma_anon_name', page(2), 4, 7];
  const without = run([map(8)], [name]);
  expect(without.given).toEqual([-EINVAL]);
  expect(without.count('mmap_lock write_acquired')).toBe(0);
  const options = { ...SMP64, ANON_VMA_NAME: 'y' };
  const clear: ScriptOp = ['prctl_set_vma_anon_name', page(0), 8, 0];
  const named = run([map(8)], [name, clear], options);
  expect(named.given).toEqual([0, 0]);
  expect(named.count('mmap_lock write_acquired')).toBe(2);
  // Split in three by the name, and one again without it.
  expect(named.calls('__split_vma')).toBe(2);
  expect(named.calls('vm_area_free')).toBe(2);
});

it('takes mmap_lock once for all vectors of process_madvise since 6.15, before for each', () => {
  const count = (edition: string) => {
    const m = start(edition, SMP64);
    m.run([[map(100), ['process_madvise', page(0), 25, 20, 4]]]);
    return m.count('mmap_lock read_acquired');
  };
  expect([count('v6.12'), count('v7.0')]).toEqual([4, 1]);
});

describe('PROT_NONE', () => {
  const MAPPED: readonly ScriptOp[] = [
    ['mmap', 1, 3, 0x32, 0x60000],
    ['write', 0x60000],
  ];
  const HUGE: readonly ScriptOp[] = [
    ['mmap', 512, 3, 0x32, 0x60000],
    ['madvise', 0x60000, 512, 14],
    ['write', 0x60000],
  ];
  const HUGETLB: readonly ScriptOp[] = [
    ['mmap', 512, 3, 0x40032, 0x60000],
    ['write', 0x60000],
  ];
  it.each([
    ['a page', MAPPED, 1],
    ['a huge page', HUGE, 512],
    ['a page of hugetlbfs', HUGETLB, 512],
  ])('keeps user and kernel off %s that is there, and gives it back', (_, setup, pages) => {
    const m = start('v7.0', SMP64);
    m.run([setup]);
    m.reset();
    m.run([
      [
        ['mprotect', 0x60000, pages, 0],
        ['read', 0x60000],
        ['write', 0x60000],
        ['copy_from_user', 0x60000],
        ['futex_wake', 0x60000],
        ['process_vm_readv', 0x60000, 1],
      ],
    ]);
    expect(m.results[0]?.slice(setup.length)).toEqual([0, -11, -11, -14, -14, -14]);
    expect(m.count('pgfault')).toBe(0);
    m.run([
      [
        ['mprotect', 0x60000, pages, 3],
        ['read', 0x60000],
        ['write', 0x60000],
      ],
    ]);
    expect(m.results[0]?.slice(-3)).toEqual([0, 0, 0]);
    expect(violations(m)).toEqual([]);
  });
});
