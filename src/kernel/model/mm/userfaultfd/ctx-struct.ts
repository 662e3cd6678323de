/**
 * The context of a process's userfaultfd.
 *
 * A process has one descriptor here, so a VMA is registered with it exactly when its flags say so; the kernel asserts
 * that a context and the flags come together. Faults that nobody has read and faults that have been read stand in one queue: the
 * kernel's second one is only ever changed with the lock of the first held.
 */
import { type Exec, wordStruct } from '../../machine/index.ts';
import { RWSEM } from '../../sync/rwsem/index.ts';
import type { MmCore } from '../mm-core.ts';

/** What an entry of the queue is: its fault not read yet, or read and not answered. */
export const PENDING = 1;
export const READ_BY_USER = 2;

export type CtxStruct = ReturnType<typeof ctxStruct>;

export function ctxStruct(c: MmCore) {
  const { b, mms } = c;
  const threads = b.size.threads;
  const CTX = wordStruct('userfaultfd_ctx', {
    features: 1,
    initialized: 1,
    map_changing_lock: { line: RWSEM },
    fault_pending_wqh_lock: { line: 1 },
    queued: 1,
    // FIFO: who waits, for which page, and whether the fault has been read.
    waiter: { array: threads },
    address: { array: threads },
    state: { array: threads },
    fd_wqh_lock: { line: 1 },
    readers: 1,
    reader: { array: threads },
  });
  const contexts = mms.map((_, i) => b.memory.object(CTX, `userfaultfd_ctx#${i}`));
  // 0 for an mm that no descriptor can belong to.
  const of = (mm: number): number => contexts[mms.indexOf(mm)] ?? 0;

  /** Whether the descriptor has been made. Touches nothing shared. */
  const isOpen = (k: Exec, mm: number): boolean =>
    of(mm) !== 0 && k.peek(of(mm) + CTX.at.initialized) === 1;
  return { at: CTX.at, of, isOpen };
}
