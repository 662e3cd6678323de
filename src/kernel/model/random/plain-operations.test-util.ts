/** Operations of which it is plain what a program finds in memory after them. For tests. */
import fc from 'fast-check';
import { ADVICE, MAP_FLAGS } from '../uapi.ts';
import { ELSEWHERE, type ScriptOp } from '../user-script.test-util.ts';
import { BASE, FILE_PAGES, SWAP } from './memory-operations.test-util.ts';

/** Pages of the range a program plays in. */
export const RANGE = 32;
const LONGEST = 8;

/** What each program begins with: a file of its own, full. */
export const PLAIN_SETUP: readonly ScriptOp[] = [
  ['memfd_create', FILE_PAGES],
  ['pwrite', (r) => r[0] ?? 0, FILE_PAGES, 0],
];
const memfd = (results: readonly number[]) => results[0] ?? 0;
const size = fc.integer({ min: 1, max: LONGEST });
const prot = fc.constantFrom(0, 1, 3);
const pgoff = fc.integer({ min: 0, max: FILE_PAGES });
const ANON_FLAGS = [MAP_FLAGS.private, MAP_FLAGS.shared].map(
  (f) => f | MAP_FLAGS.fixed | MAP_FLAGS.anonymous,
);
const FILE_FLAGS = [MAP_FLAGS.private, MAP_FLAGS.shared].map((f) => f | MAP_FLAGS.fixed);

/** Such operations on the n-th range: ranges lie side by side, and no operation reaches out of its own. */
export function plainOperation(n = 0): fc.Arbitrary<ScriptOp> {
  const where = fc.integer({ min: 0, max: RANGE - 1 - LONGEST }).map((i) => BASE + n * RANGE + i);
  const loads = fc.constantFrom('read' as const, 'copy_from_user' as const, 'vmsplice' as const);
  const stores = fc.constantFrom('write' as const, 'copy_to_user' as const);
  return fc.oneof(
    {
      weight: 2,
      arbitrary: fc
        .tuple(size, prot, fc.constantFrom(...ANON_FLAGS), where)
        .map(([n, p, f, a]): ScriptOp => ['mmap', n, p, f, a]),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(size, prot, fc.constantFrom(...FILE_FLAGS), where, pgoff)
        .map(([n, p, f, a, o]): ScriptOp => ['mmap', n, p, f, a, memfd, o]),
    },
    fc.tuple(where, size).map(([a, n]): ScriptOp => ['munmap', a, n]),
    {
      weight: 2,
      arbitrary: fc.tuple(where, size, prot).map(([a, n, p]): ScriptOp => ['mprotect', a, n, p]),
    },
    {
      weight: 4,
      arbitrary: fc
        .tuple(
          where,
          size,
          fc.constantFrom('dontneed', 'free', 'pageout', 'willneed', 'populate_write'),
        )
        .map(([a, n, advice]): ScriptOp => ['madvise', a, n, ADVICE[advice]]),
    },
    { weight: 5, arbitrary: fc.tuple(stores, where).map(([op, a]): ScriptOp => [op, a]) },
    {
      weight: 5,
      arbitrary: fc.tuple(stores, where).map(([op, a]): ScriptOp => [op, a, ELSEWHERE]),
    },
    { weight: 8, arbitrary: fc.tuple(loads, where).map(([op, a]): ScriptOp => [op, a]) },
    ...(['process_vm_writev', 'process_vm_readv', 'proc_mem_write', 'proc_mem_read'] as const).map(
      (op) => fc.tuple(where, size).map(([a, n]): ScriptOp => [op, a, n]),
    ),
    fc.tuple(size, pgoff).map(([n, o]): ScriptOp => ['pwrite', memfd, n, o]),
    fc.tuple(size, pgoff).map(([n, o]): ScriptOp => ['punch_hole', memfd, n, o]),
    pgoff.map((n): ScriptOp => ['ftruncate', memfd, n]),
    {
      weight: 2,
      arbitrary: fc
        .tuple(where, size, size, fc.constantFrom(0, 1, 3, 5, 7), where)
        .map(([a, n, m, f, to]): ScriptOp => ['mremap', a, n, f > 3 ? n : m, f, to]),
    },
    fc.constantFrom(1, 2).map((device): ScriptOp => ['swapon', SWAP, device]),
    fc.constant<ScriptOp>(['swapoff']),
  );
}

/** Where a huge page and its neighbour are looked at. */
const HUGE = 0x60000;
const SPAN = 512;
const inHuge = fc.constantFrom(0, 1, 7, 511, 512, 513, 1000).map((i) => HUGE + i);
const many = fc.constantFrom(1, 8, SPAN, 2 * SPAN);
/** Such operations on memory with huge pages. */
const plainHuge: fc.Arbitrary<ScriptOp> = fc.oneof(
  fc.constant<ScriptOp>(['mmap', 2 * SPAN, 3, ANON_FLAGS[0] as number, HUGE]),
  { weight: 2, arbitrary: fc.constant<ScriptOp>(['madvise', HUGE, 2 * SPAN, ADVICE.hugepage]) },
  { weight: 2, arbitrary: fc.constant<ScriptOp>(['madvise', HUGE, 2 * SPAN, ADVICE.collapse]) },
  { weight: 5, arbitrary: inHuge.map((a): ScriptOp => ['write', a]) },
  { weight: 5, arbitrary: inHuge.map((a): ScriptOp => ['write', a, ELSEWHERE]) },
  { weight: 5, arbitrary: inHuge.map((a): ScriptOp => ['read', a]) },
  fc.tuple(inHuge, many).map(([a, n]): ScriptOp => ['munmap', a, n]),
  fc.tuple(inHuge, many, prot).map(([a, n, p]): ScriptOp => ['mprotect', a, n, p]),
  fc
    .tuple(inHuge, many, fc.constantFrom('dontneed', 'pageout', 'populate_write'))
    .map(([a, n, advice]): ScriptOp => ['madvise', a, n, ADVICE[advice]]),
  fc
    .tuple(inHuge, many, inHuge, fc.constantFrom(3, 7))
    .map(([a, n, to, f]): ScriptOp => ['mremap', a, n, n, f, to]),
  fc.tuple(inHuge, many).map(([a, n]): ScriptOp => ['process_vm_writev', a, n]),
);
/** What programs begin with that have huge pages. */
export const HUGE_BEGIN: readonly ScriptOp[] = [
  ['mmap', 2 * SPAN, 3, ANON_FLAGS[0] as number, HUGE],
  ['madvise', HUGE, 2 * SPAN, ADVICE.hugepage],
];

/** Whether what an operation leaves mapped is known even when it fails: one that moves to a place may have unmapped that. */
const isKnown = ([op, , , , flags]: ScriptOp): boolean =>
  op !== 'mremap' || ((flags as number) & 2) === 0;
/** A child does not know the number of the file, but has it mapped where its parent has. */
const needsFile = (op: ScriptOp): boolean => op.some((arg) => typeof arg === 'function');
/** Whether somebody else may see what an operation does. */
const isShared = (op: ScriptOp): boolean =>
  op[0] === 'mmap' ? ((op[3] as number) & MAP_FLAGS.shared) !== 0 : needsFile(op);

const forking = (ops: fc.Arbitrary<ScriptOp>): fc.Arbitrary<ScriptOp> =>
  fc
    .array(
      ops.filter((op) => isKnown(op) && !needsFile(op)),
      { maxLength: 6 },
    )
    .map((its): ScriptOp => ['fork', its]);

/** The same with processes that come, and go before the next operation begins. */
export const plainWithForks: fc.Arbitrary<ScriptOp> = fc.oneof(
  { weight: 10, arbitrary: plainOperation() },
  { weight: 1, arbitrary: forking(plainOperation()) },
);

/** The same with huge pages. */
export const plainHugeWithForks: fc.Arbitrary<ScriptOp> = fc.oneof(
  { weight: 8, arbitrary: plainHuge },
  { weight: 2, arbitrary: plainOperation() },
  { weight: 1, arbitrary: forking(plainHuge) },
);

/** What the n-th of several threads does at once with the others: it may share memory, or have children, which then do so at once, too. */
export function plainThread(n: number): fc.Arbitrary<readonly ScriptOp[]> {
  const alone = plainOperation(n).filter((op) => isKnown(op) && !isShared(op));
  return fc.oneof(
    fc.array(plainOperation(n).filter(isKnown), { maxLength: 12 }),
    fc.array(fc.oneof({ weight: 6, arbitrary: alone }, { weight: 1, arbitrary: forking(alone) }), {
      maxLength: 12,
    }),
  );
}
