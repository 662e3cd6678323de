/** Taking and dropping the semaphore for writing. After kernel/locking/rwsem.c. */

import type { KernelBuilder } from '../../kernel-builder.ts';
import {
  EXCLUSIVE,
  LOCK_EVENT,
  READ,
  type Routine,
  routine,
  SHARED,
  TASK,
  TASK_RUNNING,
  W,
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
  RWSEM_READER_BIAS,
  RWSEM_READER_OWNED,
  RWSEM_WAIT_TIMEOUT_NS,
  RWSEM_WR_NONSPINNABLE,
  RWSEM_WRITER_LOCKED,
  type RwsemReaders,
  setOwner,
  WAITING_FOR_WRITE,
  waitState,
} from './state.ts';

const { count, nonspinnable, owner, wait_lock, wait_head } = RWSEM.at;
const T = TASK.at;

export interface WriteSide {
  readonly down_write: Routine;
  readonly down_write_killable: Routine;
  readonly down_write_trylock: Routine;
  readonly up_write: Routine;
  readonly downgrade_write: Routine;
}

/** How writers spin before and after they queue. */
export interface Spinning {
  readonly optimistic: Routine;
  readonly onOwner: Routine;
}

/** @param spinning absent without RWSEM_SPIN_ON_OWNER */
export function writeSide(
  b: KernelBuilder,
  rwsem_wake: Routine,
  spinning: Spinning | undefined,
  describe: DescribeWait,
  readers: RwsemReaders,
): WriteSide {
  const rwsem_down_write_slowpath = b.add(
    routine(
      'rwsem_down_write_slowpath',
      ['sem', 'killable', 'cnt', 'first', 'failed', 'disable_rspin'],
      (v) => ({
        rwsem_can_spin_on_owner(k) {
          k.work(W.rwsem_slowpath);
          if (spinning === undefined || !canSpinOnOwner(k, k.get(v.sem), RWSEM_WR_NONSPINNABLE))
            return 'lock_wait_lock';
        },
        rwsem_optimistic_spin: (k) => k.call((spinning as Spinning).optimistic, k.get(v.sem)),
        spun: (k) => (k.result() ? k.ret(0) : undefined),
        lock_wait_lock(k) {
          return spinLock(k, k.get(v.sem) + wait_lock);
        },
        enqueue(k) {
          k.startTimer(RWSEM_WAIT_TIMEOUT_NS);
          if (readers === 'spin' && k.peek(k.get(v.sem) + nonspinnable)) k.set(v.disable_rspin, 1);
          k.set(v.first, k.peek(k.get(v.sem) + wait_head) === 0 ? 1 : 0);
          enqueue(k, k.get(v.sem), WAITING_FOR_WRITE);
          return k.get(v.first) ? 'flag_waiters' : 'read_count';
        },
        flag_waiters(k) {
          const sem = k.get(v.sem);
          const old = k.fetchAdd(sem + count, RWSEM_FLAG_WAITERS);
          k.set(v.cnt, old + RWSEM_FLAG_WAITERS);
          return 'set_current_state';
        },
        read_count(k) {
          k.set(v.cnt, k.load(k.get(v.sem) + count));
          // Readers before us may all have gone while the head of the queue sleeps.
          if (!(k.get(v.cnt) & RWSEM_LOCK_MASK)) return 'unlock_to_wake';
          return 'set_current_state';
        },
        unlock_to_wake(k) {
          spinUnlock(k, k.get(v.sem) + wait_lock);
        },
        wake_head: (k) => k.callThen('relock_wait_lock', rwsem_wake, k.get(v.sem), 1),
        set_current_state(k) {
          k.store(k.task + T.__state, waitState(k.get(v.killable)));
        },
        // rwsem_try_write_lock, under wait_lock.
        try_write_lock(k) {
          const sem = k.get(v.sem);
          const now = k.load(sem + count);
          const head = k.peek(sem + wait_head) === k.task;
          k.set(v.cnt, now);
          k.set(v.first, head ? 1 : 0);
          if (now & RWSEM_FLAG_HANDOFF && !(head && k.peek(k.task + T.wait_handoff))) {
            return 'unlock_and_sleep';
          }
          if (now & RWSEM_LOCK_MASK) {
            const waited = k.get(v.failed) && k.timerExpired(k.task);
            if (head && waited && !(now & RWSEM_FLAG_HANDOFF)) return 'ask_handoff';
            return 'unlock_and_sleep';
          }
        },
        take_lock(k) {
          const sem = k.get(v.sem);
          const old = k.get(v.cnt);
          // Alone in the queue: the flags go with us.
          const alone = k.peek(sem + wait_head) === k.task && k.peek(k.task + T.wait_next) === 0;
          let next = (old | RWSEM_WRITER_LOCKED) & ~RWSEM_FLAG_HANDOFF;
          if (alone) next &= ~RWSEM_FLAG_WAITERS;
          if (k.cmpxchg(sem + count, old, next) !== old) return 'try_write_lock';
        },
        leave_queue(k) {
          dequeue(k, k.get(v.sem), k.task);
          k.poke(k.task + T.wait_kind, 0);
          k.poke(k.task + T.wait_handoff, 0);
        },
        unlock_wait_lock(k) {
          spinUnlock(k, k.get(v.sem) + wait_lock);
        },
        set_running(k) {
          k.store(k.task + T.__state, TASK_RUNNING);
        },
        set_owner(k) {
          setOwner(k, k.get(v.sem));
          // rwsem_disable_reader_optspin
          if (k.get(v.disable_rspin)) k.poke(k.get(v.sem) + nonspinnable, RWSEM_RD_NONSPINNABLE);
          return k.ret(0);
        },
        ask_handoff(k) {
          const old = k.get(v.cnt);
          if (k.cmpxchg(k.get(v.sem) + count, old, old | RWSEM_FLAG_HANDOFF) !== old) {
            return 'try_write_lock';
          }
          k.poke(k.task + T.wait_handoff, 1);
          k.lockEvent(k.get(v.sem) + count, EXCLUSIVE, LOCK_EVENT.handoff, 1);
        },
        unlock_and_sleep(k) {
          spinUnlock(k, k.get(v.sem) + wait_lock);
        },
        check_signal(k) {
          k.access(k.task + T.sigkill, READ);
          if (k.get(v.killable) && k.peek(k.task + T.sigkill)) return 'give_up_running';
        },
        // Having asked for handoff it is the next: the owner may be about to let go.
        handoff_set: (k) =>
          spinning !== undefined && k.peek(k.task + T.wait_handoff)
            ? k.call(spinning.onOwner, k.get(v.sem))
            : 'schedule',
        owner_is_null: (k) => (k.result() ? 'woken' : undefined),
        schedule(k) {
          k.lockEvent(k.get(v.sem) + count, EXCLUSIVE, LOCK_EVENT.slept, 1);
          return k.schedule();
        },
        woken(k) {
          k.set(v.failed, 1);
        },
        relock_wait_lock(k) {
          return spinLock(k, k.get(v.sem) + wait_lock) ?? 'set_current_state';
        },
        give_up_running(k) {
          k.store(k.task + T.__state, TASK_RUNNING);
        },
        give_up_lock_wait_lock(k) {
          return spinLock(k, k.get(v.sem) + wait_lock);
        },
        give_up_dequeue(k) {
          dequeue(k, k.get(v.sem), k.task);
          k.poke(k.task + T.wait_kind, 0);
        },
        give_up_flags(k) {
          const sem = k.get(v.sem);
          const old = k.peek(sem + count);
          let gone = k.peek(k.task + T.wait_handoff) ? old & RWSEM_FLAG_HANDOFF : 0;
          if (k.peek(sem + wait_head) === 0)
            gone |= old & (RWSEM_FLAG_WAITERS | RWSEM_FLAG_HANDOFF);
          k.poke(k.task + T.wait_handoff, 0);
          k.fetchAdd(sem + count, -gone);
          k.set(v.cnt, old - gone);
        },
        give_up_unlock(k) {
          spinUnlock(k, k.get(v.sem) + wait_lock);
          return k.get(v.cnt) & RWSEM_FLAG_WAITERS ? 'give_up_wake' : k.ret(-EINTR);
        },
        give_up_wake: (k) => k.callThen('interrupted', rwsem_wake, k.get(v.sem), 1),
        interrupted: (k) => k.ret(-EINTR),
      }),
    ),
  );

  b.waitsIn(rwsem_down_write_slowpath, describe);

  const downWrite = (name: string, killable: 0 | 1) =>
    b.add(
      routine(name, ['sem'], (v) => ({
        try_cmpxchg(k) {
          const sem = k.get(v.sem);
          if (k.cmpxchg(sem + count, 0, RWSEM_WRITER_LOCKED) === 0) {
            k.lockAcquired(sem + count, EXCLUSIVE);
            return 'set_owner';
          }
          k.lockContended(sem + count, EXCLUSIVE);
          return 'slowpath';
        },
        set_owner(k) {
          if (readers === 'spin') setOwner(k, k.get(v.sem));
          else k.store(k.get(v.sem) + owner, k.task);
          return k.ret(0);
        },
        slowpath: (k) => k.call(rwsem_down_write_slowpath, k.get(v.sem), killable),
        done(k) {
          if (k.result() === 0) k.lockAcquired(k.get(v.sem) + count, EXCLUSIVE);
          else k.lockReleased(k.get(v.sem) + count, EXCLUSIVE);
          return k.ret(k.result());
        },
      })),
    );

  const down_write_trylock = b.add(
    routine('down_write_trylock', ['sem'], (v) => ({
      try_cmpxchg: (k) =>
        k.cmpxchg(k.get(v.sem) + count, 0, RWSEM_WRITER_LOCKED) === 0 ? 'set_owner' : k.ret(0),
      set_owner(k) {
        k.lockAcquired(k.get(v.sem) + count, EXCLUSIVE);
        setOwner(k, k.get(v.sem));
        return k.ret(1);
      },
    })),
  );

  const up_write = b.add(
    routine('up_write', ['sem'], (v) => ({
      clear_owner(k) {
        k.lockReleased(k.get(v.sem) + count, EXCLUSIVE);
        k.store(k.get(v.sem) + owner, 0);
      },
      drop_writer(k) {
        const old = k.fetchAdd(k.get(v.sem) + count, -RWSEM_WRITER_LOCKED);
        return old & RWSEM_FLAG_WAITERS ? 'wake' : k.ret();
      },
      wake: (k) => k.call(rwsem_wake, k.get(v.sem), 1),
      done: (k) => k.ret(),
    })),
  );

  const downgrade_write = b.add(
    routine('downgrade_write', ['sem'], (v) => ({
      clear_owner(k) {
        // Waiting is over, and others may read with it.
        k.lockReleased(k.get(v.sem) + count, EXCLUSIVE);
        k.lockAcquired(k.get(v.sem) + count, SHARED);
        k.store(k.get(v.sem) + owner, readers === 'spin' ? k.task | RWSEM_READER_OWNED : 0);
      },
      writer_to_reader(k) {
        const old = k.fetchAdd(k.get(v.sem) + count, RWSEM_READER_BIAS - RWSEM_WRITER_LOCKED);
        return old & RWSEM_FLAG_WAITERS ? 'downgrade_wake' : k.ret();
      },
      downgrade_wake: (k) => k.call(rwsem_wake, k.get(v.sem), 0),
      done: (k) => k.ret(),
    })),
  );

  return {
    down_write: downWrite('down_write', 0),
    down_write_killable: downWrite('down_write_killable', 1),
    down_write_trylock,
    up_write,
    downgrade_write,
  };
}
