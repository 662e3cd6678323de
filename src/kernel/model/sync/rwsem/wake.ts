/** Waking waiters. After rwsem_mark_wake in kernel/locking/rwsem.c. */

import type { KernelBuilder } from '../../kernel-builder.ts';
import { LOCK_EVENT, type Routine, routine, SHARED, TASK, W } from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../spinlock.ts';
import {
  RWSEM,
  RWSEM_FLAG_HANDOFF,
  RWSEM_FLAG_WAITERS,
  RWSEM_RD_NONSPINNABLE,
  RWSEM_READER_BIAS,
  RWSEM_WRITER_LOCKED,
  type RwsemReaders,
  setReaderOwned,
  takeReaders,
  WAITING_FOR_READ,
} from './state.ts';

const { count, nonspinnable, wait_lock, wait_head } = RWSEM.at;
const T = TASK.at;

export function rwsemWake(b: KernelBuilder, readers: RwsemReaders): Routine {
  /** Wakes whoever is to have the lock next. `any` = 0 after a downgrade: readers only (rwsem_downgrade_wake). */
  return b.add(
    routine('rwsem_wake', ['sem', 'any', 'head', 'chain', 'n', 'old', 'next'], (v) => ({
      lock_wait_lock(k) {
        k.work(W.rwsem_slowpath);
        return spinLock(k, k.get(v.sem) + wait_lock);
      },
      mark_wake(k) {
        const head = k.load(k.get(v.sem) + wait_head);
        k.set(v.head, head);
        if (head === 0) return 'unlock_wait_lock';
        if (k.peek(head + T.wait_kind) === WAITING_FOR_READ) return 'grant_first_reader';
        return k.get(v.any) ? 'unlock_and_wake_writer' : 'unlock_wait_lock';
      },
      grant_first_reader(k) {
        const old = k.fetchAdd(k.get(v.sem) + count, RWSEM_READER_BIAS);
        k.set(v.old, old);
        // A writer stole the lock: it will wake the readers when it is done.
        if (old & RWSEM_WRITER_LOCKED) return 'undo_grant';
        if (readers === 'spin') {
          const head = k.get(v.head);
          setReaderOwned(k, k.get(v.sem), head);
          const mayNot = k.peek(head + T.wait_handoff) ? RWSEM_RD_NONSPINNABLE : 0;
          k.poke(k.get(v.sem) + nonspinnable, mayNot);
        }
        return 'collect_readers';
      },
      undo_grant(k) {
        // The first waiter has let writers pass long enough: the lock goes to it next.
        const handoff = !(k.get(v.old) & RWSEM_FLAG_HANDOFF) && k.timerExpired(k.get(v.head));
        if (handoff) k.lockEvent(k.get(v.sem) + count, SHARED, LOCK_EVENT.handoff, 1);
        k.fetchAdd(k.get(v.sem) + count, (handoff ? RWSEM_FLAG_HANDOFF : 0) - RWSEM_READER_BIAS);
        return 'unlock_wait_lock';
      },
      collect_readers(k) {
        k.set(v.chain, takeReaders(k, k.get(v.sem), v.n));
      },
      adjust_count(k) {
        const sem = k.get(v.sem);
        k.lockEvent(sem + count, SHARED, LOCK_EVENT.readers_woken, k.get(v.n));
        let adjustment = (k.get(v.n) - 1) * RWSEM_READER_BIAS;
        // Under wait_lock the queue and its flags change together, so what is seen here is current. Once a reader is
        // woken nobody needs to keep writers away any more.
        if (k.peek(sem + wait_head) === 0) adjustment -= RWSEM_FLAG_WAITERS;
        if (k.get(v.old) & RWSEM_FLAG_HANDOFF) adjustment -= RWSEM_FLAG_HANDOFF;
        k.fetchAdd(sem + count, adjustment);
      },
      unlock_wait_lock_readers(k) {
        spinUnlock(k, k.get(v.sem) + wait_lock);
      },
      wake_reader(k) {
        const task = k.get(v.chain);
        k.set(v.chain, k.peek(task + T.wait_next));
        k.poke(task + T.wait_next, 0);
        k.poke(task + T.wait_kind, 0);
        if (readers === 'spin') k.poke(task + T.wait_handoff, 0);
        k.wake(task);
        return k.get(v.chain) ? 'wake_reader' : k.ret();
      },
      unlock_and_wake_writer(k) {
        spinUnlock(k, k.get(v.sem) + wait_lock);
      },
      wake_writer(k) {
        k.wake(k.get(v.head));
        return k.ret();
      },
      unlock_wait_lock(k) {
        spinUnlock(k, k.get(v.sem) + wait_lock);
        return k.ret();
      },
    })),
  );
}
