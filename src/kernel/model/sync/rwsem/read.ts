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
import {
  dequeue,
  EINTR,
  enqueue,
  RWSEM,
  RWSEM_FLAG_HANDOFF,
  RWSEM_FLAG_WAITERS,
  RWSEM_LOCK_MASK,
  RWSEM_READ_FAILED_MASK,
  RWSEM_READER_BIAS,
  RWSEM_WAIT_TIMEOUT_NS,
  RWSEM_WRITER_LOCKED,
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

/**
 * A reader that got in at once notes itself as the owner: beside the count, whose line others may have taken since. Nobody can tell readers
 * by it, so the word itself is left to writers.
 */
function readerOwned(k: Exec, sem: number): void {
  k.access(sem + owner, WRITE);
}

export function readSide(b: KernelBuilder, rwsem_wake: Routine, describe: DescribeWait): ReadSide {
  const rwsem_down_read_slowpath = b.add(
    routine('rwsem_down_read_slowpath', ['sem', 'killable', 'cnt'], (v) => ({
      // `cnt` is the count our reader bias gave; the bias is still in.
      steal(k) {
        const cnt = k.get(v.cnt);
        k.work(W.rwsem_slowpath);
        if (cnt & (RWSEM_WRITER_LOCKED | RWSEM_FLAG_HANDOFF)) return 'lock_wait_lock';
        const readers = cnt >> 8;
        // Somebody waits and other readers hold it: queue up rather than starve the waiter.
        if (readers > 1) return 'lock_wait_lock';
        return cnt & RWSEM_FLAG_WAITERS ? 'wake_other_readers' : k.ret(0);
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
        if (empty && !(now & RWSEM_WRITER_LOCKED)) return 'unlock_granted';
        return empty ? 'enqueue_first' : 'enqueue_behind';
      },
      unlock_granted(k) {
        spinUnlock(k, k.get(v.sem) + wait_lock);
        return k.ret(0);
      },
      enqueue_first(k) {
        k.startTimer(RWSEM_WAIT_TIMEOUT_NS);
        enqueue(k, k.get(v.sem), WAITING_FOR_READ);
        return 'flag_waiters';
      },
      enqueue_behind(k) {
        k.startTimer(RWSEM_WAIT_TIMEOUT_NS);
        enqueue(k, k.get(v.sem), WAITING_FOR_READ);
        return 'drop_bias';
      },
      flag_waiters(k) {
        const old = k.fetchAdd(k.get(v.sem) + count, RWSEM_FLAG_WAITERS - RWSEM_READER_BIAS);
        k.set(v.cnt, old + RWSEM_FLAG_WAITERS - RWSEM_READER_BIAS);
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
        return k.peek(k.get(v.sem) + nonspinnable) ? 'clear_nonspinnable' : 'wake';
      },
      clear_nonspinnable(k) {
        k.store(k.get(v.sem) + nonspinnable, 0);
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
