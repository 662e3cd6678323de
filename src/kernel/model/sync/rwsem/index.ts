/**
 * Read-write semaphore, after kernel/locking/rwsem.c: a count word with the kernel's bit layout, a FIFO of
 * waiters under wait_lock, reader lock stealing, batches of readers woken together, handoff to a writer that
 * was passed over, and, where RWSEM_SPIN_ON_OWNER is set, writers, and in older kernels readers, that
 * queue to spin while the owner runs.
 */

import type { KernelBuilder } from '../../kernel-builder.ts';
import { type ReadSide, readSide } from './read.ts';
import { rwsemOptimisticSpin, rwsemSpinOnOwner } from './spin.ts';
import type { RwsemReaders } from './state.ts';
import { rwsemWait } from './wait.ts';
import { rwsemWake } from './wake.ts';
import { type WriteSide, writeSide } from './write.ts';

export {
  RWSEM,
  RWSEM_FLAG_WAITERS,
  RWSEM_READER_BIAS,
  type RwsemReaders,
  rwsemIsFree,
} from './state.ts';

/** Each takes the semaphore's address; the killable ones give 0 or -EINTR, the trylocks 1 or 0. */
export interface RwsemRoutines extends ReadSide, WriteSide {}

/** Registers the semaphore's routines. */
export function rwsem(b: KernelBuilder, readers: RwsemReaders): RwsemRoutines {
  const wake = rwsemWake(b, readers);
  const describe = rwsemWait(b);
  const spin = b.enabled('RWSEM_SPIN_ON_OWNER') ? rwsemOptimisticSpin(b, readers) : undefined;
  const spinning = spin && { optimistic: spin.write, onOwner: rwsemSpinOnOwner(b) };
  return {
    ...readSide(b, wake, describe, readers, spin?.read),
    ...writeSide(b, wake, spinning, describe, readers),
  };
}
