/**
 * Read-write semaphore, after kernel/locking/rwsem.c: a count word with the kernel's bit layout, a FIFO of
 * waiters under wait_lock, reader lock stealing, batches of readers woken together, handoff to a writer that
 * was passed over, and, where RWSEM_SPIN_ON_OWNER is set, writers that
 * queue to spin while the owner runs.
 */

import type { KernelBuilder } from '../../kernel-builder.ts';
import { type ReadSide, readSide } from './read.ts';
import { rwsemOptimisticSpin, rwsemSpinOnOwner } from './spin.ts';
import { rwsemWait } from './wait.ts';
import { rwsemWake } from './wake.ts';
import { type WriteSide, writeSide } from './write.ts';

export { RWSEM, RWSEM_FLAG_WAITERS, RWSEM_READER_BIAS, rwsemIsFree } from './state.ts';

/** Each takes the semaphore's address; the killable ones give 0 or -EINTR, the trylocks 1 or 0. */
export interface RwsemRoutines extends ReadSide, WriteSide {}

/** Registers the semaphore's routines. */
export function rwsem(b: KernelBuilder): RwsemRoutines {
  const wake = rwsemWake(b);
  const describe = rwsemWait(b);
  const spinning = b.enabled('RWSEM_SPIN_ON_OWNER')
    ? { optimistic: rwsemOptimisticSpin(b), onOwner: rwsemSpinOnOwner(b) }
    : undefined;
  return {
    ...readSide(b, wake, describe),
    ...writeSide(b, wake, spinning, describe),
  };
}
