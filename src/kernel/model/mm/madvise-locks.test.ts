import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { violations, visible } from '../invariants.test-util.ts';
import { ADVICE } from '../uapi.ts';
import {
  type Ran,
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  scheduleFrom,
  start,
  UP64,
} from '../user-script.test-util.ts';

const AT = 0x50000;
const PRIVATE_FIXED = 0x32;
const SIGSEGV = 11;
const EINVAL = 22;
const ENOMEM = 12;
const EPERM = 1;
const ESRCH = 3;
const EFAULT = 14;
const { dontneed, dontneed_locked, free, guard_install, guard_remove, cold, collapse } = ADVICE;
const reads = (m: Ran) => m.count('mmap_lock read_acquired');
const hits = (m: Ran) => m.count('fallback do_madvise:try_vma_read_lock');
const MAPPED: readonly ScriptOp[] = [
  ['mmap', 8, 3, PRIVATE_FIXED, AT],
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((i): ScriptOp => ['write', AT + i]),
];
const kernels = [
  ['v7.0', SMP64, true],
  ['v7.0', SMP64_WITHOUT, false],
  ['v7.0', UP64, false],
  ['all-builds-v2', UP64, true],
] as const;

describe.each(kernels)('%s %o', (edition, options, locked) => {
  const run = (ops: readonly ScriptOp[], setup = MAPPED) => {
    const m = start(edition, options);
    m.run([setup]);
    m.reset();
    m.run([ops]);
    expect(violations(m)).toEqual([]);
    return Object.assign(m, { given: m.results[0]?.slice(setup.length) ?? [] });
  };

  it('gives advice about pages of one VMA under its lock', () => {
    for (const advice of [dontneed, dontneed_locked, free, guard_install, guard_remove]) {
      const m = run([['madvise', AT, 8, advice]]);
      expect(m.given).toEqual([0]);
      expect([reads(m), hits(m)]).toEqual(locked ? [0, 0] : [1, 1]);
    }
    const m = run([['madvise', AT, 8, cold]]);
    expect([reads(m), hits(m)]).toEqual([1, 0]);
  });

  it('takes mmap_lock where the lock of one VMA does not do', () => {
    const crossing = run([['madvise', AT, 8, dontneed]], [...MAPPED, ['mprotect', AT, 2, 1]]);
    expect([reads(crossing), hits(crossing)]).toEqual([1, 1]);
    const hole = run([['madvise', AT - 1, 4, dontneed]]);
    expect(hole.given).toEqual([-ENOMEM]);
    expect([reads(hole), hits(hole)]).toEqual([1, 1]);
    // What lies behind the hole has been thrown away all the same.
    expect(
      visible(hole)
        .find((l) => l.startsWith(`[${AT}`))
        ?.includes(`${AT}:`),
    ).toBe(false);
    const uffd = run(
      [['madvise', AT, 8, dontneed]],
      [...MAPPED, ['userfaultfd', 0], ['uffd_register', AT, 8, 1]],
    );
    expect([reads(uffd), hits(uffd)]).toEqual([1, 1]);
    // The first guard needs an anon_vma, the second has it.
    const fresh = run(
      [
        ['madvise', AT, 4, guard_install],
        ['madvise', AT, 4, guard_install],
      ],
      [['mmap', 8, 3, PRIVATE_FIXED, AT]],
    );
    expect([reads(fresh), hits(fresh)]).toEqual(locked ? [1, 1] : [2, 2]);
  });

  it('guards pages until the guard is removed, whatever else is thrown away', () => {
    const m = run([
      ['madvise', AT + 2, 2, guard_install],
      ['read', AT + 2],
      ['write', AT + 3],
      ['copy_from_user', AT + 2],
      ['process_vm_readv', AT + 2, 1],
      ['madvise', AT, 8, dontneed],
      ['read', AT + 2],
      ['read', AT + 4],
      ['mprotect', AT, 8, 1],
      ['mprotect', AT, 8, 3],
      ['write', AT + 2],
      ['madvise', AT, 8, guard_remove],
      ['write', AT + 2],
    ]);
    expect(m.given).toEqual([
      0,
      -SIGSEGV,
      -SIGSEGV,
      -EFAULT,
      -EFAULT,
      0,
      -SIGSEGV,
      0,
      0,
      0,
      -SIGSEGV,
      0,
      0,
    ]);
  });

  it('is inherited by children, moves with the mapping, and goes with it', () => {
    const m = start(edition, options, { forks: 1 });
    const readBehindGuard: ScriptOp[] = [
      ['read', AT + 2],
      ['mmap', 1, 3, PRIVATE_FIXED, AT + 2],
      ['read', AT + 2],
    ];
    m.run([[...MAPPED, ['madvise', AT + 2, 1, guard_install]]]);
    m.reset();
    m.run([
      [
        ['fork', readBehindGuard],
        ['wait', 0],
      ],
    ]);
    m.run([
      [
        ['mremap', AT, 8, 8, 3, AT + 16],
        ['read', AT + 18],
        ['munmap', AT + 16, 8],
        ['mmap', 8, 3, PRIVATE_FIXED, AT + 16],
        ['read', AT + 18],
      ],
    ]);
    expect(m.results[0]?.slice(-5)).toEqual([AT + 16, -SIGSEGV, 0, AT + 16, 0]);
    expect(violations(m)).toEqual([]);
  });

  it('does not guard what is locked, sealed or of a driver', () => {
    const given = (setup: readonly ScriptOp[], at: ScriptOp[1], advice: number) =>
      run([['madvise', at as number, 2, advice]], setup).given[0];
    const lock: readonly ScriptOp[] = [...MAPPED, ['mlock', AT, 8]];
    expect(given(lock, AT, guard_install)).toBe(-EINVAL);
    expect(given(lock, AT, guard_remove)).toBe(0);
    expect(given(lock, AT, dontneed)).toBe(-EINVAL);
    expect(given(lock, AT, dontneed_locked)).toBe(0);
    const seal: readonly ScriptOp[] = [...MAPPED, ['mprotect', AT, 8, 1], ['mseal', AT, 8]];
    expect(given(seal, AT, guard_install)).toBe(-EPERM);
    expect(
      given([['tcp_mmap', 4]], ((r: readonly number[]) => r[0] as number) as never, guard_install),
    ).toBe(-EINVAL);
  });

  it('keeps mmap_lock from the first vector of process_madvise that needed it', () => {
    const vectors = (n: number, pages: number, setup = MAPPED) =>
      run([['process_madvise', AT, pages, dontneed, n]], setup);
    const all = vectors(4, 2);
    expect(all.given).toEqual([0]);
    expect([reads(all), hits(all)]).toEqual(locked ? [0, 0] : [1, 1]);
    // The third vector crosses into another VMA; the fourth would not need the lock, but runs under it.
    const split = vectors(4, 2, [...MAPPED, ['mprotect', AT + 5, 3, 1]]);
    expect([reads(split), hits(split)]).toEqual([1, 1]);
    expect(split.calls('lock_vma_under_rcu')).toBe(locked ? 3 : 1);
  });

  it('advises a parent under mmap_lock, and does not destroy what it has', () => {
    const m = start(edition, options, { forks: 1 });
    m.run([MAPPED]);
    m.reset();
    m.run([
      [
        ['process_madvise', AT, 2, cold, 1, 1],
        [
          'fork',
          [
            ['process_madvise', AT, 2, cold, 2, 1],
            ['process_madvise', AT, 2, dontneed, 2, 1],
          ],
        ],
        ['wait', 0],
        ['read', AT],
      ],
    ]);
    expect(m.results[0]?.slice(MAPPED.length)[0]).toBe(-ESRCH);
    expect(hits(m)).toBe(0);
    // One for the advice; the exit of the child and taking its memory down take two more, its faults the rest.
    expect(m.calls('madvise_walk_vmas')).toBe(2);
    expect(violations(m)).toEqual([]);
  });

  it('leaves no lock held and no reader counted, whatever the interleaving', () => {
    const at = fc.nat(7).map((i) => AT + i);
    const size = fc.integer({ min: 1, max: 4 });
    const advice = fc.constantFrom(
      dontneed,
      dontneed_locked,
      free,
      guard_install,
      guard_remove,
      cold,
    );
    const op = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.tuple(at, size, advice).map(([a, n, x]): ScriptOp => ['madvise', a, n, x]),
      },
      fc
        .tuple(at, advice, fc.nat(1))
        .map(([a, x, parent]): ScriptOp => ['process_madvise', a, 1, x, 2, parent]),
      { weight: 3, arbitrary: at.map((a): ScriptOp => ['write', a]) },
      fc
        .tuple(at, size, fc.constantFrom(0, 1, 3))
        .map(([a, n, p]): ScriptOp => ['mprotect', a, n, p]),
      fc.tuple(at, size).map(([a, n]): ScriptOp => ['munmap', a, n]),
      fc.tuple(at, size).map(([a, n]): ScriptOp => ['mmap', n, 3, PRIVATE_FIXED, a]),
      at.map((a): ScriptOp => ['fork', [['process_madvise', a, 2, cold, 2, 1]]]),
    );
    fc.assert(
      fc.property(
        fc.array(fc.array(op, { maxLength: 8 }), { minLength: 2, maxLength: 3 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 }),
        (scripts, numbers) => {
          const m = start(edition, options, {
            threads: scripts.length,
            forks: 24,
            vmas: 768,
            pages: 8192,
            pageTables: 800,
          });
          m.run([MAPPED]);
          m.run(scripts, scheduleFrom(numbers));
          expect(violations(m)).toEqual([]);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });
});

it('is no system call without ADVISE_SYSCALLS', () => {
  const m = start('v7.0', { ...SMP64, ADVISE_SYSCALLS: 'n' });
  m.run([[...MAPPED, ['madvise', AT, 1, dontneed], ['process_madvise', AT, 1, dontneed]]]);
  expect(m.results[0]?.slice(-2)).toEqual([-38, -38]);
  expect(m.machine.events.fallbacks.has('do_madvise:try_vma_read_lock')).toBe(false);
});

it('is refused in process_madvise where the build does not know it', () => {
  // A build that knows it takes mmap_lock and finds no room for a huge page.
  for (const [options, locked] of [
    [SMP64, 2],
    [{ ...SMP64, TRANSPARENT_HUGEPAGE: 'n' }, 0],
  ] as const) {
    const m = start('v7.0', options);
    m.run([MAPPED]);
    m.reset();
    m.run([
      [
        ['madvise', AT, 1, collapse],
        ['process_madvise', AT, 1, collapse, 1],
      ],
    ]);
    expect(m.results[0]?.slice(-2)).toEqual([-EINVAL, -EINVAL]);
    expect(reads(m)).toBe(locked);
  }
});

describe('other generations', () => {
  it('know no guard regions before 6.13, and make them under mmap_lock until 6.18', () => {
    const m = start('v6.12', SMP64);
    m.run([[...MAPPED, ['madvise', AT, 2, guard_install]]]);
    expect(m.results[0]?.at(-1)).toBe(-EINVAL);
    const n = start('v6.15', SMP64);
    n.run([MAPPED]);
    n.reset();
    n.run([
      [
        ['madvise', AT, 2, guard_install],
        ['read', AT],
      ],
    ]);
    expect(n.results[0]?.slice(-2)).toEqual([0, -SIGSEGV]);
    expect(reads(n)).toBe(1);
  });

  it('throws away pages that were locked in memory only where that is said', () => {
    const m = start('v6.12', SMP64);
    m.run([
      [
        ...MAPPED,
        ['mlock', AT, 8],
        ['madvise', AT, 8, dontneed],
        ['madvise', AT, 8, dontneed_locked],
      ],
    ]);
    expect(m.results[0]?.slice(-2)).toEqual([-EINVAL, 0]);
  });

  it('refuses in process_madvise of 6.12 what destroys, even of the own process', () => {
    const m = start('v6.12', SMP64);
    m.run([[...MAPPED, ['process_madvise', AT, 2, dontneed, 2]]]);
    expect(m.results[0]?.at(-1)).toBe(-EINVAL);
  });
});

it('starts again when pages keep coming back under a guard', () => {
  const m = start('v7.0', SMP64, { threads: 2 });
  m.run([MAPPED]);
  m.reset();
  const writes = Array.from({ length: 12 }, (): ScriptOp => ['write', AT]);
  let seen = 0;
  // Each time the pages are thrown away, the other thread brings one back before the guards are put.
  m.run([[['madvise', AT, 2, guard_install]], writes], (ready) => {
    const at = m.exec.where(0);
    const before = at?.routine.name === 'madvise_guard_install' && at.label === 'walk_page_range';
    const done = m.results[1]?.length ?? 0;
    if (before && ready.includes(1) && done <= seen) return 1;
    if (!before) seen = done;
    return ready.includes(0) ? 0 : 1;
  });
  expect(m.calls('try_vma_read_lock')).toBeGreaterThan(1);
  expect(m.results[0]?.at(-1)).toBe(0);
  expect(violations(m)).toEqual([]);
});
