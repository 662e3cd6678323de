/** Random operations with processes, threads and programs that come and go. For tests. */
import fc from 'fast-check';
import { UFFD_FEATURES } from '../uapi.ts';
import type { ScriptOp } from '../user-script.test-util.ts';
import { operation, SWAP, size, where } from './memory-operations.test-util.ts';

const OPEN_UFFD: readonly ScriptOp[] = [['userfaultfd', UFFD_FEATURES.sigbus]];

/** Another program in the place of this one, its stack moved or not. */
export const exec: fc.Arbitrary<ScriptOp> = fc
  .constantFrom(0, 1, 32, 40, 600)
  .map((shift): ScriptOp => ['execve', 0, shift]);

/** Memory, and now and then another program. */
const withExec = fc.oneof({ weight: 8, arbitrary: operation }, { weight: 1, arbitrary: exec });

/** The same with processes that come and go: each has a copy of the memory at the time, and the parent goes on beside it. */
export const withForks: fc.Arbitrary<ScriptOp> = fc.oneof(
  { weight: 12, arbitrary: operation },
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: withExec },
        fc.constantFrom<ScriptOp>(['fork', []], ...OPEN_UFFD),
      ),
      { maxLength: 5 },
    )
    .map((ops): ScriptOp => ['fork', ops]),
  fc.constant<ScriptOp>(['wait', 0]),
  fc.array(withExec, { maxLength: 3 }).map((ops): ScriptOp => ['vfork', ops]),
  fc
    .tuple(exec, fc.array(operation, { maxLength: 3 }))
    .map(([first, ops]): ScriptOp => ['posix_spawn', [first, ...ops]]),
  fc
    .tuple(where, size, fc.constantFrom(10, 11, 18, 19))
    .map(([a, n, advice]): ScriptOp => ['madvise', a, n, advice]),
);

/** Threads that make threads and wait for some of them; any of them may run another program, which ends the others. */
export const withExecs: fc.Arbitrary<ScriptOp[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: withForks },
    { weight: 2, arbitrary: exec },
    {
      weight: 3,
      arbitrary: fc
        .array(fc.oneof(withExec, fc.constant<ScriptOp>(['pause'])), { maxLength: 4 })
        .map((ops): ScriptOp => ['pthread_create', ops]),
    },
  ),
  { maxLength: 6 },
);

/** A machine for them. */
export const FORKS = { swap: SWAP, forks: 32, vmas: 1024, pages: 32768, pageTables: 1000 };
/** Thread, make one, wait for it: what a thread does in between is the other's to run into. */
export const withThreads: fc.Arbitrary<ScriptOp[]> = fc
  .tuple(fc.array(operation, { maxLength: 4 }), fc.array(withForks, { maxLength: 4 }))
  .map(([its, mine]): ScriptOp[] => [
    ['pthread_create', its],
    ...mine,
    ['pthread_join', (r) => r[0] as number],
  ]);
