/** Taking and dropping the semaphore for reading. After kernel/locking/rwsem.c. */

import type { KernelBuilder } from '../../kernel-builder.ts';
import {
  type Exec,
  LOCK_EVENT,
  READ,
  type Routine,
  routine,
  SHARED,
  TASK,
  TASK_RUNNING,
  W,
  WRITE,
} from '../../machine/index.ts';
import type { DescribeWait } from '../../machine-spec.ts';
import { spinLock, spinUnlock } from '../spinlock.ts';
import { canSpinOnOwner } from './spin.ts';
import {
  dequeue,
  EINTR,
  enqueue,
  RWSEM,
  RWSEM_FLAG_HANDOFF,
  RWSEM_FLAG_WAITERS,
  RWSEM_LOCK_MASK,
  RWSEM_RD_NONSPINNABLE,
  RWSEM_READ_FAILED_MASK,
  RWSEM_READER_BIAS,
  RWSEM_READER_OWNED,
  RWSEM_WAIT_TIMEOUT_NS,
  RWSEM_WR_NONSPINNABLE,
  RWSEM_WRITER_LOCKED,
  type RwsemReaders,
  setReaderOwned,
  WAITING_FOR_READ,
  waitState,
} from './state.ts';

const { count, nonspinnable, owner, wait_lock, wait_head } = RWSEM.at;
const T = TASK.at;

export interface ReadSide {
  readonly down_read: Routine;
  readonly down_read_killable: Routine;
  readonly down_read_trylock: Routine;
  readonly up_read: Routine;
}

/** The queue's entry remembers whether the reader found that readers may not spin. */
function enqueueReader(k: Exec, sem: number, last: number): void {
  enqueue(k, sem, WAITING_FOR_READ);
  if (last & RWSEM_RD_NONSPINNABLE) k.poke(k.task + T.wait_handoff, 1);
}

/** @param optimisticSpin what a reader does first; absent where it does not spin */
export function readSide(
  b: KernelBuilder,
  rwsem_wake: Routine,
  describe: DescribeWait,
  readers: RwsemReaders,
  optimisticSpin: Routine | undefined,
): ReadSide {
  /**
   * A reader that got in at once notes itself as the owner: beside the count, whose line others may have taken since. Where none
   * spins nobody can tell readers by it, so the word itself is left to writers.
   */
  const readerOwned = (k: Exec, sem: number): void => {
    k.access(sem + owner, WRITE);
    if (readers === 'spin') setReaderOwned(k, sem, k.task);
  };

  /** What is in the count of a reader that spins not yet or no more: its bias, or nothing since it gave it up to spin. */
  const biasOf = (unbiased: number): number => (unbiased ? 0 : RWSEM_READER_BIAS);

  const rwsem_down_read_slowpath = b.add(
    routine('rwsem_down_read_slowpath', ['sem', 'killable', 'cnt', 'last', 'unbiased'], (v) => ({
      // `cnt` is the count our reader bias gave; the bias is still in.
      steal(k) {
        const cnt = k.get(v.cnt);
        k.work(W.rwsem_slowpath);
        if (readers === 'spin') {
          const sem = k.get(v.sem);
          const mayNot = RWSEM_RD_NONSPINNABLE;
          const can = optimisticSpin !== undefined && canSpinOnOwner(k, sem, mayNot);
          const before = k.peek(sem + owner);
          // last_rowner
          if (k.peek(sem + nonspinnable) & mayNot) k.set(v.last, mayNot);
          else if (before & RWSEM_READER_OWNED) k.set(v.last, before);
          return can ? 'undo_bias' : 'lock_wait_lock';
        }
        if (cnt & (RWSEM_WRITER_LOCKED | RWSEM_FLAG_HANDOFF)) return 'lock_wait_lock';
        // Somebody waits and other readers hold it: queue up rather than starve the waiter.
        if (cnt >> 8 > 1) return 'lock_wait_lock';
        return cnt & RWSEM_FLAG_WAITERS ? 'wake_other_readers' : k.ret(0);
      },
      undo_bias(k) {
        k.fetchAdd(k.get(v.sem) + count, -RWSEM_READER_BIAS);
        k.set(v.unbiased, 1);
        return 'rwsem_optimistic_spin';
      },
      rwsem_optimistic_spin: (k) => k.call(optimisticSpin as Routine, k.get(v.sem)),
      spun(k) {
        if (!k.result()) return 'reader_phase';
        return k.load(k.get(v.sem) + count) & RWSEM_FLAG_WAITERS ? 'wake_other_readers' : k.ret(0);
      },
      // rwsem_reader_phase_trylock: since we came, other readers got in.
      reader_phase(k) {
        const sem = k.get(v.sem);
        const cnt = k.load(sem + count);
        const now = k.peek(sem + owner);
        const phase = now & RWSEM_READER_OWNED && now !== k.get(v.last);
        if (!phase || cnt & (RWSEM_WRITER_LOCKED | RWSEM_FLAG_HANDOFF)) return 'lock_wait_lock';
      },
      join_readers(k) {
        const old = k.fetchAdd(k.get(v.sem) + count, RWSEM_READER_BIAS);
        if (old & (RWSEM_WRITER_LOCKED | RWSEM_FLAG_HANDOFF)) return 'leave_readers';
      },
      joined(k) {
        readerOwned(k, k.get(v.sem));
        return k.ret(0);
      },
      leave_readers(k) {
        k.fetchAdd(k.get(v.sem) + count, -RWSEM_READER_BIAS);
        return 'lock_wait_lock';
      },
      wake_other_readers: (k) => k.callThen('stolen', rwsem_wake, k.get(v.sem), 0),
      stolen: (k) => k.ret(0),
      lock_wait_lock(k) {
        return spinLock(k, k.get(v.sem) + wait_lock);
      },
      check_empty(k) {
        const sem = k.get(v.sem);
        const now = k.load(sem + count);
        const empty = k.peek(sem + wait_head) === 0;
        // The writer has gone in the meantime and nobody is before us: our bias is the lock.
        if (empty && !k.get(v.unbiased) && !(now & RWSEM_WRITER_LOCKED)) {
          if (readers === 'spin') setReaderOwned(k, sem, k.task);
          return 'unlock_granted';
        }
        return empty ? 'enqueue_first' : 'enqueue_behind';
      },
      unlock_granted(k) {
        spinUnlock(k, k.get(v.sem) + wait_lock);
        return k.ret(0);
      },
      enqueue_first(k) {
        k.startTimer(RWSEM_WAIT_TIMEOUT_NS);
        enqueueReader(k, k.get(v.sem), k.get(v.last));
        return 'flag_waiters';
      },
      enqueue_behind(k) {
        k.startTimer(RWSEM_WAIT_TIMEOUT_NS);
        enqueueReader(k, k.get(v.sem), k.get(v.last));
        return k.get(v.unbiased) ? 'read_count' : 'drop_bias';
      },
      flag_waiters(k) {
        const more = RWSEM_FLAG_WAITERS - biasOf(k.get(v.unbiased));
        const old = k.fetchAdd(k.get(v.sem) + count, more);
        k.set(v.cnt, old + more);
        // Readers have it: woken, we join them. rwsem_mark_wake would do it before wait_lock is dropped.
        if (readers === 'spin' && !(k.get(v.cnt) & RWSEM_WRITER_LOCKED)) return 'unlock_to_wake';
        return 'unlock_wait_lock';
      },
      unlock_to_wake(k) {
        spinUnlock(k, k.get(v.sem) + wait_lock);
        return 'cond_wake_waiter';
      },
      read_count(k) {
        k.set(v.cnt, k.load(k.get(v.sem) + count));
        return 'unlock_wait_lock';
      },
      drop_bias(k) {
        const old = k.fetchAdd(k.get(v.sem) + count, -RWSEM_READER_BIAS);
        k.set(v.cnt, old - RWSEM_READER_BIAS);
      },
      unlock_wait_lock(k) {
        spinUnlock(k, k.get(v.sem) + wait_lock);
        // Dropping our bias may have freed the lock with everybody asleep.
        return k.get(v.cnt) & RWSEM_LOCK_MASK ? 'set_current_state' : 'cond_wake_waiter';
      },
      cond_wake_waiter: (k) => k.call(rwsem_wake, k.get(v.sem), 1),
      set_current_state(k) {
        k.store(k.task + T.__state, waitState(k.get(v.killable)));
      },
      check_granted(k) {
        if (k.load(k.task + T.wait_kind) === 0) return 'set_running';
        if (k.get(v.killable) && k.peek(k.task + T.sigkill)) return 'give_up_lock_wait_lock';
      },
      schedule(k) {
        k.lockEvent(k.get(v.sem) + count, SHARED, LOCK_EVENT.slept, 1);
        return k.schedule();
      },
      again: () => 'set_current_state',
      set_running(k) {
        k.store(k.task + T.__state, TASK_RUNNING);
        return k.ret(0);
      },
      give_up_lock_wait_lock(k) {
        return spinLock(k, k.get(v.sem) + wait_lock);
      },
      give_up_dequeue(k) {
        // Granted while we took wait_lock: then we have it after all.
        if (k.peek(k.task + T.wait_kind) === 0) {
          k.access(k.task + T.wait_kind, READ);
          return 'unlock_granted_running';
        }
        dequeue(k, k.get(v.sem), k.task);
        k.poke(k.task + T.wait_kind, 0);
      },
      give_up_flags(k) {
        const sem = k.get(v.sem);
        if (k.peek(sem + wait_head) !== 0) k.set(v.cnt, k.load(sem + count));
        else {
          const old = k.peek(sem + count);
          k.fetchAdd(sem + count, -(old & (RWSEM_FLAG_WAITERS | RWSEM_FLAG_HANDOFF)));
          k.set(v.cnt, 0);
        }
      },
      give_up_unlock(k) {
        spinUnlock(k, k.get(v.sem) + wait_lock);
      },
      give_up_running(k) {
        k.store(k.task + T.__state, TASK_RUNNING);
        return k.get(v.cnt) & RWSEM_FLAG_WAITERS && !(k.get(v.cnt) & RWSEM_LOCK_MASK)
          ? 'give_up_wake'
          : k.ret(-EINTR);
      },
      give_up_wake: (k) => k.callThen('interrupted', rwsem_wake, k.get(v.sem), 1),
      interrupted: (k) => k.ret(-EINTR),
      unlock_granted_running(k) {
        spinUnlock(k, k.get(v.sem) + wait_lock);
        return 'set_running';
      },
    })),
  );

  b.waitsIn(rwsem_down_read_slowpath, describe);

  const downRead = (name: string, killable: 0 | 1) =>
    b.add(
      routine(name, ['sem', 'cnt'], (v) => ({
        add_reader_bias(k) {
          const cnt = k.fetchAdd(k.get(v.sem) + count, RWSEM_READER_BIAS) + RWSEM_READER_BIAS;
          k.set(v.cnt, cnt);
          if (cnt & RWSEM_READ_FAILED_MASK) {
            k.lockContended(k.get(v.sem) + count, SHARED);
            return 'slowpath';
          }
          k.lockAcquired(k.get(v.sem) + count, SHARED);
        },
        rwsem_set_reader_owned(k) {
          readerOwned(k, k.get(v.sem));
          return k.ret(0);
        },
        slowpath: (k) => k.call(rwsem_down_read_slowpath, k.get(v.sem), killable, k.get(v.cnt)),
        done(k) {
          if (k.result() === 0) k.lockAcquired(k.get(v.sem) + count, SHARED);
          else k.lockReleased(k.get(v.sem) + count, SHARED);
          return k.ret(k.result());
        },
      })),
    );

  const down_read_trylock = b.add(
    routine('down_read_trylock', ['sem', 'cnt'], (v) => ({
      read_count(k) {
        k.set(v.cnt, k.load(k.get(v.sem) + count));
      },
      try_cmpxchg(k) {
        const expected = k.get(v.cnt);
        if (expected & RWSEM_READ_FAILED_MASK) return k.ret(0);
        const old = k.cmpxchg(k.get(v.sem) + count, expected, expected + RWSEM_READER_BIAS);
        if (old === expected) {
          k.lockAcquired(k.get(v.sem) + count, SHARED);
          return 'rwsem_set_reader_owned';
        }
        k.set(v.cnt, old);
        return 'try_cmpxchg';
      },
      rwsem_set_reader_owned(k) {
        readerOwned(k, k.get(v.sem));
        return k.ret(1);
      },
    })),
  );

  const up_read = b.add(
    routine('up_read', ['sem'], (v) => ({
      drop_reader_bias(k) {
        k.lockReleased(k.get(v.sem) + count, SHARED);
        const now = k.fetchAdd(k.get(v.sem) + count, -RWSEM_READER_BIAS) - RWSEM_READER_BIAS;
        const waits = (now & (RWSEM_LOCK_MASK | RWSEM_FLAG_WAITERS)) === RWSEM_FLAG_WAITERS;
        if (!waits) return k.ret();
        const marked = k.peek(k.get(v.sem) + nonspinnable) & RWSEM_WR_NONSPINNABLE;
        return marked ? 'clear_nonspinnable' : 'wake';
      },
      clear_nonspinnable(k) {
        const sem = k.get(v.sem);
        k.store(sem + nonspinnable, k.peek(sem + nonspinnable) & ~RWSEM_WR_NONSPINNABLE);
      },
      wake: (k) => k.call(rwsem_wake, k.get(v.sem), 1),
      done: (k) => k.ret(),
    })),
  );

  return {
    down_read: downRead('down_read', 0),
    down_read_killable: downRead('down_read_killable', 1),
    down_read_trylock,
    up_read,
  };
}
