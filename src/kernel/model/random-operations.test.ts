import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editionNamed, editions } from '../editions/index.ts';
import { violations, visible } from './invariants.test-util.ts';
import { isSince } from './release.ts';
import { ADVICE, UFFD_FEATURES } from './user-ops.ts';
import {
  type ScriptOp,
  SMP64,
  SMP64_WITHOUT,
  scheduleFrom,
  start,
  UP64,
} from './user-script.test-util.ts';

const BASE = 0x50000;
const SPAN = 24;
const PRIVATE_ANON_FIXED = 0x32;
const SHARED_ANON_FIXED = 0x31;
const POPULATE = 0x8000;
const LOCKED = 0x2000;

/** Ranges of their own for huge pages: transparent ones are cut anywhere, hugetlb ones never. */
const HUGE = 0x60000;
const HUGETLB = 0x70000;
const HUGE_SPAN = 512;
const SHARED_FILE_FIXED = 0x11;
const PRIVATE_FILE_FIXED = 0x12;
const HUGETLB_FIXED = 0x40032;
const HUGETLB_SHARED_FIXED = 0x40031;
const FILE_PAGES = 12;
/** What each script begins with, so that its files are known: their handles differ from kernel to kernel. */
const FILES: readonly ScriptOp[] = [
  ['memfd_create', FILE_PAGES],
  ['shmget', 4],
  // The descriptor has the SIGBUS feature: no thread of these tests answers a fault.
  ['userfaultfd', UFFD_FEATURES.sigbus],
];
const memfd = (results: readonly number[]) => results[0] ?? 0;
const segment = (results: readonly number[]) => results[1] ?? 0;
const last = (results: readonly number[]) => results[results.length - 1] ?? 0;

const where = fc.integer({ min: 0, max: SPAN - 1 }).map((i) => BASE + i);
const size = fc.integer({ min: 1, max: 8 });
const prot = fc.constantFrom(0, 1, 3);
const fillOp = fc.constantFrom(
  'uffd_copy',
  'uffd_zeropage',
  'uffd_continue',
  'uffd_poison',
  'uffd_move',
  'uffd_writeprotect',
);

/** Operations that get at pages through the kernel, and those that change VMAs beyond mmap and mprotect. */
const kernelSide: fc.Arbitrary<ScriptOp> = fc.oneof(
  fc.tuple(where, size, fc.constantFrom(22, 23)).map(([a, n, p]): ScriptOp => ['madvise', a, n, p]),
  fc.tuple(size, where).map(([n, a]): ScriptOp => ['mmap', n, 3, PRIVATE_ANON_FIXED | POPULATE, a]),
  fc.tuple(size, where).map(([n, a]): ScriptOp => ['mmap', n, 3, PRIVATE_ANON_FIXED | LOCKED, a]),
  ...(['mlock', 'mlock_onfault', 'munlock', 'msync', 'mincore'] as const).map((op) =>
    fc.tuple(where, size).map(([a, n]): ScriptOp => [op, a, n]),
  ),
  fc.constantFrom(1, 2, 3, 5, 7).map((flags): ScriptOp => ['mlockall', flags]),
  fc.constant<ScriptOp>(['munlockall']),
  {
    weight: 4,
    arbitrary: fc
      .tuple(where, size, size, fc.constantFrom(0, 1, 3, 5, 7), where)
      .map(([a, n, m, f, to]): ScriptOp => ['mremap', a, n, f > 3 ? n : m, f, to]),
  },
  fc.tuple(where, fc.integer({ min: 1, max: 3 })).map(([a, n]): ScriptOp => ['mseal', a, n]),
  ...(
    ['futex_wake', 'futex_wake_private', 'futex_wait', 'futex_wait_private', 'vmsplice'] as const
  ).map((op) => where.map((a): ScriptOp => [op, a])),
  fc.tuple(where, size).map(([a, n]): ScriptOp => ['process_vm_writev', a, n]),
  fc.tuple(where, size).map(([a, n]): ScriptOp => ['process_vm_readv', a, n]),
  fc.tuple(where, size).map(([a, n]): ScriptOp => ['process_madvise', a, n, 20, 2]),
  fc
    .tuple(where, size, fc.nat(2))
    .map(([a, n, id]): ScriptOp => ['prctl_set_vma_anon_name', a, n, id]),
  fc.constantFrom<ScriptOp>(['membarrier_register'], ['membarrier'], ['proc_smaps']),
  fc
    .tuple(where, size, fc.constantFrom(9, 10, 11, 12, 13, 16, 17, 18, 20, 21, 24))
    .map(([a, n, advice]): ScriptOp => ['madvise', a, n, advice]),
  ...(['proc_pagemap', 'proc_mem_read', 'proc_mem_write'] as const).map((op) =>
    fc.tuple(where, size).map(([a, n]): ScriptOp => [op, a, n]),
  ),
  fc.constantFrom(1, 2, 5).map((type): ScriptOp => ['proc_clear_refs', type]),
  fc.tuple(where, size, fc.nat(7)).map(([a, n, f]): ScriptOp => ['msync', a, n, f]),
  fc.tuple(where, size, fc.nat(6)).map(([a, n, o]): ScriptOp => ['remap_file_pages', a, n, o]),
  fc.nat(1).map((on): ScriptOp => ['prctl_set_thp_disable', on]),
  where.map((a): ScriptOp => ['execute', a]),
  fc
    .tuple(size, where, fc.constantFrom(0x4000, 0x20000, 0x100000))
    .map(([n, a, f]): ScriptOp => ['mmap', n, 3, PRIVATE_ANON_FIXED | f, a]),
);

/** What only a few operations in a row can reach: markers under a change of protection. */
const poisoned: fc.Arbitrary<ScriptOp[]> = fc
  .tuple(where, size, prot, fc.boolean())
  .map(([a, n, p, file]) => [
    ['mmap', n, 3, file ? SHARED_ANON_FIXED : PRIVATE_ANON_FIXED, a],
    ['uffd_register', a, n, 1],
    ['uffd_poison', a, n],
    ['mprotect', a, n, p],
    ['read', a],
    ['mprotect', a, 1, 3],
    ['write', a],
  ]);
/** Room for swap of each machine. */
const SWAP = 40;
/** Swap is on, and some pages are in it. */
const swapped: fc.Arbitrary<ScriptOp[]> = fc
  .tuple(where, size, fc.constantFrom(3, 20, 40), fc.constantFrom(1, 2))
  .map(([a, n, slots, device]) => [
    ['swapon', slots, device],
    ['mmap', n, 3, PRIVATE_ANON_FIXED, a],
    ...Array.from({ length: n }, (_, i): ScriptOp => ['write', a + i]),
    ['madvise', a, n, ADVICE.pageout],
  ]);
/** Operations that move pages to swap and back. */
const swapOperation: fc.Arbitrary<ScriptOp> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(where, size).map(([a, n]): ScriptOp => ['madvise', a, n, ADVICE.pageout]),
  },
  fc.tuple(where, size).map(([a, n]): ScriptOp => ['madvise', a, n, ADVICE.willneed]),
  fc.tuple(where, size).map(([a, n]): ScriptOp => ['madvise', a, n, ADVICE.free]),
  fc.constant<ScriptOp>(['swapoff']),
  fc.constant<ScriptOp>(['swapon', SWAP, 1]),
);
/** Scripts of some operations, with such rows strewn in. */
const scripts = (ops: fc.Arbitrary<ScriptOp>, maxLength: number): fc.Arbitrary<ScriptOp[]> =>
  fc
    .array(
      fc.oneof(
        { weight: 15, arbitrary: ops.map((op) => [op]) },
        { weight: 1, arbitrary: poisoned },
        { weight: 1, arbitrary: swapped },
      ),
      { maxLength },
    )
    .map((rows) => rows.flat());

const pgoff = fc.integer({ min: 0, max: FILE_PAGES });
const inHuge = fc.integer({ min: 0, max: 2 * HUGE_SPAN - 1 }).map((i) => HUGE + i);
const hugeSize = fc.constantFrom(1, 100, HUGE_SPAN, 2 * HUGE_SPAN);
const inHugetlb = fc.constantFrom(HUGETLB, HUGETLB + HUGE_SPAN);
const fileFlags = fc.constantFrom(SHARED_FILE_FIXED, PRIVATE_FILE_FIXED);
const hugetlbFlags = fc.constantFrom(HUGETLB_FIXED, HUGETLB_SHARED_FIXED);

const fileOperation: fc.Arbitrary<ScriptOp> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(size, prot, fileFlags, where, pgoff)
      .map(([n, p, f, a, o]): ScriptOp => ['mmap', n, p, f, a, memfd, o]),
  },
  fc.tuple(size, pgoff).map(([n, o]): ScriptOp => ['pwrite', memfd, n, o]),
  fc.constant<ScriptOp>(['shmat', segment, 4, 3]),
  fc.constant<ScriptOp>(['shmdt', last]),
  fc.constant<ScriptOp>(['write', last]),
);
const hugeOperation: fc.Arbitrary<ScriptOp> = fc.oneof(
  fc.constant<ScriptOp>(['mmap', 2 * HUGE_SPAN, 3, PRIVATE_ANON_FIXED, HUGE]),
  fc.constant<ScriptOp>(['madvise', HUGE, 2 * HUGE_SPAN, 14]),
  fc.constantFrom(1, 2).map((n): ScriptOp => ['madvise', HUGE, n * HUGE_SPAN, 25]),
  fc.tuple(inHuge, hugeSize).map(([a, n]): ScriptOp => ['munmap', a, n]),
  fc.tuple(inHuge, hugeSize).map(([a, n]): ScriptOp => ['madvise', a, n, 4]),
  fc.tuple(inHuge, hugeSize).map(([a, n]): ScriptOp => ['madvise', a, n, 2]),
  fc.tuple(inHuge, hugeSize, prot).map(([a, n, p]): ScriptOp => ['mprotect', a, n, p]),
  { weight: 3, arbitrary: inHuge.map((a): ScriptOp => ['write', a]) },
  { weight: 2, arbitrary: inHuge.map((a): ScriptOp => ['read', a]) },
  fc.tuple(inHugetlb, hugetlbFlags).map(([a, f]): ScriptOp => ['mmap', HUGE_SPAN, 3, f, a]),
  fc
    .tuple(inHuge, hugeSize, fc.constantFrom(22, 23))
    .map(([a, n, p]): ScriptOp => ['madvise', a, n, p]),
  fc.tuple(inHuge, hugeSize).map(([a, n]): ScriptOp => ['mlock', a, n]),
  fc.tuple(inHuge, hugeSize).map(([a, n]): ScriptOp => ['munlock', a, n]),
  fc.tuple(inHuge, hugeSize).map(([a, n]): ScriptOp => ['process_vm_writev', a, n]),
  inHuge.map((a): ScriptOp => ['futex_wake', a]),
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.oneof(inHuge, fc.constantFrom(HUGE, HUGE + HUGE_SPAN)),
        hugeSize,
        fc.constantFrom(0, 1, 3, 5, 7),
        fc.oneof(inHuge, fc.constantFrom(HUGE, HUGE + HUGE_SPAN)),
      )
      .map(([a, n, f, to]): ScriptOp => ['mremap', a, n, n, f, to]),
  },
  fc
    .tuple(inHugetlb, inHugetlb, fc.constantFrom(0, 3))
    .map(([a, to, f]): ScriptOp => ['mremap', a, HUGE_SPAN, HUGE_SPAN, f, to]),
  inHugetlb.map((a): ScriptOp => ['madvise', a, HUGE_SPAN, 23]),
  inHugetlb.map((a): ScriptOp => ['mlock', a, HUGE_SPAN]),
  inHugetlb.map((a): ScriptOp => ['process_vm_readv', a, 4]),
  inHugetlb.map((a): ScriptOp => ['munmap', a, HUGE_SPAN]),
  fc
    .tuple(inHugetlb, fc.constantFrom(1, 4, 5))
    .map(([a, modes]): ScriptOp => ['uffd_register', a, HUGE_SPAN, modes]),
  inHugetlb.map((a): ScriptOp => ['uffd_unregister', a, HUGE_SPAN]),
  fc
    .tuple(
      fc.constantFrom('uffd_copy', 'uffd_continue', 'uffd_zeropage', 'uffd_poison'),
      inHugetlb,
      fc.constantFrom(0, HUGE),
    )
    .map(([op, a, from]): ScriptOp => [op, a, HUGE_SPAN, 0, from]),
  // Cut inside a page: refused.
  fc.tuple(inHugetlb, hugeSize).map(([a, n]): ScriptOp => ['munmap', a + 1, n]),
  fc.tuple(inHugetlb, prot).map(([a, p]): ScriptOp => ['mprotect', a, 3, p]),
  fc
    .tuple(inHugetlb, fc.constantFrom(4, 8, 10, 20, 21))
    .map(([a, p]): ScriptOp => ['madvise', a, 700, p]),
  fc.tuple(inHugetlb, prot).map(([a, p]): ScriptOp => ['mprotect', a, HUGE_SPAN, p]),
  inHugetlb.map((a): ScriptOp => ['write', a + 3]),
  inHugetlb.map((a): ScriptOp => ['read', a + 5]),
);

/** Most scripts would not have a huge mapping to play with if they did not begin with one. */
const HUGE_SETUP: readonly ScriptOp[] = [
  ['mmap', 2 * HUGE_SPAN, 3, PRIVATE_ANON_FIXED, HUGE],
  ['madvise', HUGE, 2 * HUGE_SPAN, 14],
];
/** The same scripts in every run, unless KMATRIX_SEED asks for others. */
fc.configureGlobal({ seed: Number(process.env.KMATRIX_SEED ?? 1) });

/** Scripts tried by each property; KMATRIX_RUNS asks for more. */
const RUNS = Number(process.env.KMATRIX_RUNS ?? 150);

/** Scripts for each kernel where all run by themselves: editions differ in little, so what one is not tried with another is. */
const forEach = (runs: number): number => Math.ceil((runs * 8) / kernels.length);

const basicOperation: fc.Arbitrary<ScriptOp> = fc.oneof(
  fc.tuple(size, prot, where).map(([n, p, a]): ScriptOp => ['mmap', n, p, PRIVATE_ANON_FIXED, a]),
  fc.tuple(size, where).map(([n, a]): ScriptOp => ['mmap', n, 3, SHARED_ANON_FIXED, a]),
  fc.tuple(where, size).map(([a, n]): ScriptOp => ['munmap', a, n]),
  fc.tuple(where, size, prot).map(([a, n, p]): ScriptOp => ['mprotect', a, n, p]),
  fc.tuple(where, size).map(([a, n]): ScriptOp => ['madvise', a, n, 4]),
  fc.tuple(where, size).map(([a, n]): ScriptOp => ['madvise', a, n, 2]),
  { weight: 4, arbitrary: where.map((a): ScriptOp => ['write', a]) },
  { weight: 2, arbitrary: where.map((a): ScriptOp => ['read', a]) },
  where.map((a): ScriptOp => ['copy_to_user', a]),
  fc.integer({ min: -2, max: 3 }).map((n): ScriptOp => ['brk', n]),
  fc.constant<ScriptOp>(['stack_write', 1]),
  {
    weight: 2,
    arbitrary: fc
      .tuple(where, size, fc.integer({ min: 1, max: 7 }))
      .map(([a, n, modes]): ScriptOp => ['uffd_register', a, n, modes]),
  },
  fc.tuple(where, size).map(([a, n]): ScriptOp => ['uffd_unregister', a, n]),
  {
    weight: 3,
    arbitrary: fc
      .tuple(fillOp, where, size, fc.integer({ min: 0, max: 7 }), where)
      .map(([op, a, n, mode, from]): ScriptOp => [op, a, n, mode, from]),
  },
  { weight: 2, arbitrary: fc.constantFrom<ScriptOp>(['proc_maps'], ['proc_smaps_rollup']) },
  where.map((a): ScriptOp => ['proc_map_query', a]),
);

const operation = fc.oneof(
  { weight: 2, arbitrary: swapOperation },
  { weight: 3, arbitrary: basicOperation },
  { weight: 3, arbitrary: kernelSide },
  { weight: 2, arbitrary: fileOperation },
  { weight: 2, arbitrary: hugeOperation },
);
const OPEN_UFFD: readonly ScriptOp[] = [['userfaultfd', UFFD_FEATURES.sigbus]];

/** The same with processes that come and go: each has a copy of the memory at the time, and the parent goes on beside it. */
const withForks: fc.Arbitrary<ScriptOp> = fc.oneof(
  { weight: 12, arbitrary: operation },
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: operation },
        fc.constantFrom<ScriptOp>(['fork', []], ...OPEN_UFFD),
      ),
      { maxLength: 5 },
    )
    .map((ops): ScriptOp => ['fork', ops]),
  fc.constant<ScriptOp>(['wait', 0]),
  fc.array(operation, { maxLength: 3 }).map((ops): ScriptOp => ['vfork', ops]),
  fc
    .tuple(where, size, fc.constantFrom(10, 11, 18, 19))
    .map(([a, n, advice]): ScriptOp => ['madvise', a, n, advice]),
);
const FORKS = { swap: SWAP, forks: 24, vmas: 768, pages: 32768, pageTables: 800 };
/** Thread, make one, wait for it: what a thread does in between is the other's to run into. */
const withThreads: fc.Arbitrary<ScriptOp[]> = fc
  .tuple(fc.array(operation, { maxLength: 4 }), fc.array(withForks, { maxLength: 4 }))
  .map(([its, mine]): ScriptOp[] => [
    ['pthread_create', its],
    ...mine,
    ['pthread_join', (r) => r[0] as number],
  ]);

/** Editions that differ from another in callers only. */
const SAME_WITHOUT: readonly string[] = ['v7.1', 'all-builds-v1', 'all-builds-v2-fixed'];

const withSwap = (options: typeof SMP64) => ({ ...options, SWAP: 'y' });

/** Every edition with its lock, and without where it can be. */
const kernels = editions.flatMap(({ name, parts }) => {
  const without = parts.vmaLockIn === 'PER_VMA_LOCK' ? SMP64_WITHOUT : UP64;
  const builds = (name === 'v7.0' ? [SMP64, UP64] : [SMP64, without]).map(withSwap);
  // Editions that differ in a caller only: their kernels without the lock are another edition's.
  return SAME_WITHOUT.includes(name)
    ? [[name, withSwap(SMP64)] as const]
    : builds.map((o) => [name, o] as const);
});

type Kernels = readonly (typeof kernels)[number][];
/** Some kernels to compare; over many scripts all pairs meet. */
const some: fc.Arbitrary<Kernels> = fc.shuffledSubarray(kernels, { minLength: 6, maxLength: 6 });

interface Seen {
  readonly edition: string;
  readonly results: number[][];
  readonly memory: string[];
}
const NEWER_CALLS: readonly string[] = ['mseal', 'uffd_poison', 'uffd_move', 'proc_map_query'];
const uses = (ops: readonly ScriptOp[], calls: readonly string[]): boolean =>
  ops.some(([op, arg]) => calls.includes(op) || (Array.isArray(arg) && uses(arg, calls)));

/**
 * Expects of every kernel what the first of its like shows. Kernels are alike if they merge the same VMAs, as a call that spans two can
 * fail, and in results unless the script uses a call some lack; in memory if a write to the huge zero page splits it in all of them or in
 * none: the same contents, mapped otherwise.
 */
function expectAlike(seen: readonly Seen[], script: readonly ScriptOp[]): void {
  const newer = uses(script, NEWER_CALLS);
  const calls = (s: Seen) => {
    const { mseal, uffdIoctls, procmapQuery, unfaultedMerge } = editionNamed(s.edition)!.parts;
    return `${unfaultedMerge} ${newer ? `${mseal} ${uffdIoctls} ${procmapQuery}` : ''}`;
  };
  // A page that a read brings back from swap is writable at once in newer kernels.
  const swaps = uses(script, ['swapon']);
  const zero = (s: Seen) => {
    const { hugeZeroWrite, structures } = editionNamed(s.edition)!.parts;
    return `${hugeZeroWrite} ${swaps && isSince(structures, '6.12')}`;
  };
  for (const s of seen) {
    const alike = seen.filter((o) => calls(o) === calls(s));
    expect(s.results, s.edition).toEqual(alike[0]?.results);
    expect(s.memory, s.edition).toEqual(alike.find((o) => zero(o) === zero(s))?.memory);
  }
}

it('reaches markers under a change of protection', () => {
  const SIGBUS = -7;
  const reached = fc
    .sample(scripts(basicOperation, 30), { numRuns: 100, seed: 1 })
    .filter((ops) => {
      const m = start('v6.12', SMP64);
      m.run([[...FILES, ...ops]]);
      const results = m.results[0]?.slice(FILES.length) ?? [];
      return ops.some(
        ([op], i) => op === 'write' && results[i] === SIGBUS && ops[i - 1]?.[0] === 'mprotect',
      );
    });
  expect(reached.length).toBeGreaterThan(10);
});

describe('one thread', () => {
  const runAll = (on: Kernels, ops: readonly ScriptOp[]) =>
    on.map(([edition, options]): Seen => {
      const m = start(edition, options, { swap: SWAP });
      m.run([[...FILES, ...ops]]);
      expect(violations(m)).toEqual([]);
      const results = m.results.map((r) => r.slice(FILES.length));
      return { edition, results, memory: visible(m) };
    });

  it('leaves every kernel well-formed and shows user space the same', () => {
    const ops = fc.oneof(basicOperation, kernelSide, fileOperation, swapOperation);
    fc.assert(
      fc.property(some, scripts(ops, 30), (on, script) => {
        expectAlike(runAll(on, script), script);
      }),
      { numRuns: RUNS },
    );
  });

  it('does so with huge pages', () => {
    fc.assert(
      fc.property(some, scripts(operation, 30), (on, script) => {
        expectAlike(runAll(on, [...HUGE_SETUP, ...script]), script);
      }),
      { numRuns: RUNS },
    );
  });

  it('merges neighbours that are alike, as if mapped at once', () => {
    const m = start('v7.0', SMP64);
    m.run([
      [
        ['mmap', 12, 3, PRIVATE_ANON_FIXED, BASE],
        ['mprotect', BASE + 4, 4, 1],
        ['mprotect', BASE + 4, 4, 3],
      ],
    ]);
    expect(visible(m).filter((l) => l.startsWith(`[${BASE}`))).toEqual([
      `[${BASE}, ${BASE + 12}) 3`,
    ]);
  });
});

/** Kernels whose VMAs can have names, which keep neighbours from merging. */
const named = [
  ['v6.12', { ...withSwap(SMP64), ANON_VMA_NAME: 'y' }],
  ['v7.0', { ...withSwap(SMP64), ANON_VMA_NAME: 'y' }],
] as const;

describe('threads of one process, any interleaving', () => {
  it.each([...kernels, ...named])(
    '%s leaves no lock held and no reader counted',
    (edition, options) => {
      fc.assert(
        fc.property(
          fc.array(scripts(operation, 8), { minLength: 2, maxLength: 4 }),
          fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 }),
          (scripts, numbers) => {
            const m = start(edition, options, { threads: scripts.length, swap: SWAP });
            m.run(
              scripts.map((ops, i) => [...FILES, ...(i === 0 ? HUGE_SETUP : []), ...ops]),
              scheduleFrom(numbers),
            );
            expect(violations(m)).toEqual([]);
          },
        ),
        { numRuns: forEach(RUNS) },
      );
    },
  );
});

describe('what was taken is given back', () => {
  /** Everything a script of `returnable` operations can have mapped: where it maps itself, and where the kernel chooses. */
  const EVERYTHING: ScriptOp = ['munmap', 0x40000, 0x40000];
  const staying = ['brk', 'stack_write', 'mseal', 'mlockall'];
  // Files stay open, and keep their pages.
  const returnable = fc
    .oneof(basicOperation, kernelSide, hugeOperation, swapOperation)
    .filter(([op]) => !staying.includes(op));

  it.each(kernels)('%s, whatever the threads did', (edition, options) => {
    fc.assert(
      fc.property(
        fc.array(scripts(returnable, 8), { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 }),
        (scripts, numbers) => {
          const m = start(edition, options, { threads: scripts.length, swap: SWAP });
          const { pages, pt, vmas, swap } = m.machine.core;
          const inUse = () => [pages, pt, vmas, swap].map((pool) => pool.inUse(m.exec));
          const before = inUse();
          m.run(scripts, scheduleFrom(numbers));
          // What else a page in the cache is there for, nobody looks at without need.
          m.run([[EVERYTHING, ['swapoff']]]);
          expect(inUse()).toEqual(before);
        },
      ),
      { numRuns: forEach(100) },
    );
  });
});

describe('processes that fork, exit and wait', () => {
  it('show user space the same in every kernel', () => {
    fc.assert(
      fc.property(some, fc.array(withForks, { maxLength: 16 }), (on, ops) => {
        const seen = on.map(([edition, options]): Seen => {
          const m = start(edition, options, FORKS);
          m.run([[...FILES, ...HUGE_SETUP]]);
          m.run([ops]);
          expect(violations(m)).toEqual([]);
          const results = m.results.map((r) => r.slice(FILES.length));
          return { edition, results, memory: visible(m) };
        });
        expectAlike(seen, ops);
      }),
      { numRuns: 40 },
    );
  });

  it.each(kernels)('%s keeps apart what the living write', (edition, options) => {
    const staying = fc.oneof(
      { weight: 6, arbitrary: operation },
      fc.array(operation, { maxLength: 5 }).map((ops): ScriptOp => ['fork', [...ops, ['pause']]]),
    );
    fc.assert(
      fc.property(
        fc.array(staying, { maxLength: 12 }),
        fc.array(staying, { maxLength: 6 }),
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 }),
        (a, b, numbers) => {
          const m = start(edition, options, { ...FORKS, threads: 2 });
          m.run([[...FILES, ...HUGE_SETUP]]);
          m.run([a, b], scheduleFrom(numbers));
          expect(violations(m)).toEqual([]);
        },
      ),
      { numRuns: forEach(60) },
    );
  });

  it.each(kernels)('%s leaves nothing behind, whatever the interleaving', (edition, options) => {
    fc.assert(
      fc.property(
        fc.array(withForks, { maxLength: 6 }),
        fc.array(withForks, { maxLength: 6 }),
        withThreads,
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 300 }),
        (a, b, c, numbers) => {
          const m = start(edition, options, { ...FORKS, threads: 3 });
          m.run([[...FILES, ...HUGE_SETUP]]);
          m.run([a, b, c], scheduleFrom(numbers));
          expect(violations(m)).toEqual([]);
        },
      ),
      { numRuns: forEach(60) },
    );
  });
});
