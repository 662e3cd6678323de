/** Random operations on memory, for scripts: what properties are tried with. For tests. */
import fc from 'fast-check';
import { ADVICE, UFFD_FEATURES } from '../uapi.ts';
import type { ScriptOp } from '../user-script.test-util.ts';

export const BASE = 0x50000;
const SPAN = 24;
export const PRIVATE_ANON_FIXED = 0x32;
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
export const FILE_PAGES = 12;
/** What each script begins with, so that its files are known: their handles differ from kernel to kernel. */
export const FILES: readonly ScriptOp[] = [
  ['memfd_create', FILE_PAGES],
  ['shmget', 4],
  // The descriptor has the SIGBUS feature: no thread of these tests answers a fault.
  ['userfaultfd', UFFD_FEATURES.sigbus],
];
const memfd = (results: readonly number[]) => results[0] ?? 0;
const segment = (results: readonly number[]) => results[1] ?? 0;
const last = (results: readonly number[]) => results[results.length - 1] ?? 0;

export const where = fc.integer({ min: 0, max: SPAN - 1 }).map((i) => BASE + i);
export const size = fc.integer({ min: 1, max: 8 });
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
export const kernelSide: fc.Arbitrary<ScriptOp> = fc.oneof(
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
    [
      'futex_wake',
      'futex_wake_private',
      'futex_wait',
      'futex_wait_private',
      'futex_wake_op',
      'futex_wake_op_private',
      'futex_lock_pi',
      'futex_unlock_pi_private',
      'vmsplice',
    ] as const
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
  fc.constantFrom(1, 2, 4, 5).map((type): ScriptOp => ['proc_clear_refs', type]),
  fc.tuple(where, size, fc.nat(7)).map(([a, n, f]): ScriptOp => ['msync', a, n, f]),
  fc.tuple(where, size, fc.nat(6)).map(([a, n, o]): ScriptOp => ['remap_file_pages', a, n, o]),
  fc.nat(1).map((on): ScriptOp => ['prctl_set_thp_disable', on]),
  fc.nat(1).map((on): ScriptOp => ['prctl_set_memory_merge', on]),
  fc.tuple(where, size, fc.nat(4)).map(([a, n, mode]): ScriptOp => ['mbind', a, n, mode]),
  ...(['set_mempolicy_home_node', 'move_pages'] as const).map((op) =>
    fc.tuple(where, size).map(([a, n]): ScriptOp => [op, a, n]),
  ),
  fc.tuple(where, fc.constantFrom(2, 3)).map(([a, f]): ScriptOp => ['get_mempolicy', a, f]),
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
export const SWAP = 40;
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
export const swapOperation: fc.Arbitrary<ScriptOp> = fc.oneof(
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
export const scripts = (ops: fc.Arbitrary<ScriptOp>, maxLength: number): fc.Arbitrary<ScriptOp[]> =>
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

export const fileOperation: fc.Arbitrary<ScriptOp> = fc.oneof(
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
export const hugeOperation: fc.Arbitrary<ScriptOp> = fc.oneof(
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
    .tuple(inHugetlb, fc.integer({ min: 1, max: 7 }))
    .map(([a, modes]): ScriptOp => ['uffd_register', a, HUGE_SPAN, modes]),
  inHugetlb.map((a): ScriptOp => ['uffd_unregister', a, HUGE_SPAN]),
  fc
    .tuple(
      fc.constantFrom('uffd_copy', 'uffd_continue', 'uffd_zeropage', 'uffd_poison'),
      inHugetlb,
      fc.constantFrom(0, 2),
      fc.constantFrom(0, HUGE),
    )
    .map(([op, a, mode, from]): ScriptOp => [op, a, HUGE_SPAN, mode, from]),
  fc
    .tuple(inHugetlb, fc.nat(1))
    .map(([a, wp]): ScriptOp => ['uffd_writeprotect', a, HUGE_SPAN, wp]),
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
export const HUGE_SETUP: readonly ScriptOp[] = [
  ['mmap', 2 * HUGE_SPAN, 3, PRIVATE_ANON_FIXED, HUGE],
  ['madvise', HUGE, 2 * HUGE_SPAN, 14],
];

export const basicOperation: fc.Arbitrary<ScriptOp> = fc.oneof(
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

export const operation = fc.oneof(
  { weight: 2, arbitrary: swapOperation },
  { weight: 3, arbitrary: basicOperation },
  { weight: 3, arbitrary: kernelSide },
  { weight: 2, arbitrary: fileOperation },
  { weight: 2, arbitrary: hugeOperation },
);
