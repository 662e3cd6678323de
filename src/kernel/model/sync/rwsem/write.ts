/** Taking and dropping the semaphore for writing. After kernel/locking/rwsem.c. */

import type { KernelBuilder } from '../../kernel-builder.ts';
import { READ, type Routine, routine, TASK, TASK_RUNNING, W } from '../../machine/index.ts';
import type { DescribeWait } from '../../machine-spec.ts';
import { spinLock } from '../spinlock.ts';
import {
  dequeue,
  EINTR,
  enqueue,
  RWSEM,
  RWSEM_FLAG_HANDOFF,
  RWSEM_FLAG_WAITERS,
  RWSEM_LOCK_MASK,
  RWSEM_READER_BIAS,
  RWSEM_WAIT_TIMEOUT_NS,
  RWSEM_WRITER_LOCKED,
  rspinThreshold,
  setOwner,
  WAITING_FOR_WRITE,
  waitState,
} from './state.ts';

const { count, owner, nonspinnable, osq, wait_lock, wait_head } = RWSEM.at;
const T = TASK.at;

export interface WriteSide {
  readonly down_write: Routine;
  readonly down_write_killable: Routine;
  readonly down_write_trylock: Routine;
  readonly up_write: Routine;
  readonly downgrade_write: Routine;
}

/** @param spinOnOwner RWSEM_SPIN_ON_OWNER */
export function writeSide(
  b: KernelBuilder,
  rwsem_wake: Routine,
  spinOnOwner: boolean,
  describe: DescribeWait,
): WriteSide {
  const rwsem_down_write_slowpath = b.add(
    routine(
      'rwsem_down_write_slowpath',
      ['sem', 'killable', 'cnt', 'first', 'failed', 'rspin'],
      (v) => ({
        can_spin(k) {
          k.work(W.rwsem_slowpath);
          if (!spinOnOwner) return 'lock_wait_lock';
        },
        osq_lock(k) {
          const sem = k.get(v.sem);
          if (k.peek(sem + osq) !== 0) {
            k.access(sem + osq, READ);
            return k.spin(sem + osq);
          }
          k.cmpxchg(sem + osq, 0, k.task);
        },
        spin_on_owner(k) {
          const sem = k.get(v.sem);
          const now = k.load(sem + count);
          if (now & RWSEM_FLAG_HANDOFF) return 'osq_unlock_failed';
          if (!(now & RWSEM_LOCK_MASK)) {
            k.set(v.cnt, now);
            return 'try_lock_unqueued';
          }
          if (now & RWSEM_WRITER_LOCKED) {
            const holder = k.peek(sem + owner);
            k.set(v.rspin, 0);
            // The owner sleeps: spinning would burn the CPU for nothing.
            if (holder !== 0 && k.peek(holder + T.on_rq) === 0) return 'osq_unlock_failed';
            return k.spin(sem + count);
          }
          if (k.peek(sem + nonspinnable)) return 'osq_unlock_failed';
          if (k.get(v.rspin) === 0) {
            k.set(v.rspin, 1);
            k.startTimer(rspinThreshold(now >> 8));
          } else if (k.timerExpired(k.task)) return 'set_nonspinnable';
          return k.spin(sem + count, true);
        },
        set_nonspinnable(k) {
          k.store(k.get(v.sem) + nonspinnable, 1);
          return 'osq_unlock_failed';
        },
        try_lock_unqueued(k) {
          const cnt = k.get(v.cnt);
          if (k.cmpxchg(k.get(v.sem) + count, cnt, cnt | RWSEM_WRITER_LOCKED) !== cnt) {
            return 'spin_on_owner';
          }
        },
        osq_unlock(k) {
          k.store(k.get(v.sem) + osq, 0);
          return 'set_owner';
        },
        osq_unlock_failed(k) {
          k.store(k.get(v.sem) + osq, 0);
        },
        lock_wait_lock(k) {
          return spinLock(k, k.get(v.sem) + wait_lock);
        },
        enqueue(k) {
          k.startTimer(RWSEM_WAIT_TIMEOUT_NS);
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
          k.store(k.get(v.sem) + wait_lock, 0);
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
          k.store(k.get(v.sem) + wait_lock, 0);
        },
        set_running(k) {
          k.store(k.task + T.__state, TASK_RUNNING);
        },
        set_owner(k) {
          setOwner(k, k.get(v.sem));
          return k.ret(0);
        },
        ask_handoff(k) {
          const old = k.get(v.cnt);
          if (k.cmpxchg(k.get(v.sem) + count, old, old | RWSEM_FLAG_HANDOFF) !== old) {
            return 'try_write_lock';
          }
          k.poke(k.task + T.wait_handoff, 1);
        },
        unlock_and_sleep(k) {
          k.store(k.get(v.sem) + wait_lock, 0);
        },
        check_signal(k) {
          k.access(k.task + T.sigkill, READ);
          if (k.get(v.killable) && k.peek(k.task + T.sigkill)) return 'give_up_running';
        },
        schedule: (k) => k.schedule(),
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
          k.store(k.get(v.sem) + wait_lock, 0);
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
        try_cmpxchg: (k) =>
          k.cmpxchg(k.get(v.sem) + count, 0, RWSEM_WRITER_LOCKED) === 0 ? 'set_owner' : 'slowpath',
        set_owner(k) {
          k.store(k.get(v.sem) + owner, k.task);
          return k.ret(0);
        },
        slowpath: (k) => k.call(rwsem_down_write_slowpath, k.get(v.sem), killable),
        done: (k) => k.ret(k.result()),
      })),
    );

  const down_write_trylock = b.add(
    routine('down_write_trylock', ['sem'], (v) => ({
      try_cmpxchg: (k) =>
        k.cmpxchg(k.get(v.sem) + count, 0, RWSEM_WRITER_LOCKED) === 0 ? 'set_owner' : k.ret(0),
      set_owner(k) {
        setOwner(k, k.get(v.sem));
        return k.ret(1);
      },
    })),
  );

  const up_write = b.add(
    routine('up_write', ['sem'], (v) => ({
      clear_owner(k) {
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
        k.store(k.get(v.sem) + owner, 0);
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
