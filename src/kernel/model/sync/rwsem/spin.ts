/** Who spins while the owner runs, where RWSEM_SPIN_ON_OWNER is set. After kernel/locking/rwsem.c. */

import type { KernelBuilder } from '../../kernel-builder.ts';
import {
  type Control,
  EXCLUSIVE,
  type Exec,
  LOCK_EVENT,
  type Routine,
  routine,
  SHARED,
  WRITE,
} from '../../machine/index.ts';
import { type OsqRoutines, osq } from '../osq.ts';
import {
  RWSEM,
  RWSEM_FLAG_HANDOFF,
  RWSEM_LOCK_MASK,
  RWSEM_RD_NONSPINNABLE,
  RWSEM_READER_BIAS,
  RWSEM_READER_OWNED,
  RWSEM_WR_NONSPINNABLE,
  RWSEM_WRITER_LOCKED,
  type RwsemReaders,
  rspinThreshold,
  setOwner,
  setReaderOwned,
  writerOf,
} from './state.ts';

const { count, owner, nonspinnable } = RWSEM.at;

/** A tick at 250 Hz. */
const TICK_NS = 4_000_000;

/** What the timer of a spinner is for. */
const RSPIN = 1;
const HANDED = 2;

/**
 * Spins while the lock is handed to a writer. Where readers give up their bias to spin, the writer may have gone back to sleep since one
 * was in its way: nobody wakes it until the spinners queue up, which they do when something else wants the CPU, at a tick.
 */
function spinToTick(k: Exec, sem: number, timer: number): Control | 'osq_unlock' {
  if (k.get(timer) !== HANDED) {
    k.set(timer, HANDED);
    k.startTimer(TICK_NS);
  } else if (k.timerExpired(k.task)) return 'osq_unlock';
  return k.spin(sem + count, true, true);
}

/** Whether a writer holds it that is on no CPU: spinning would burn the own one for nothing. Covered by an access to the semaphore. */
function ownerIsOff(k: Exec, sem: number): boolean {
  const holder = writerOf(k.peek(sem + owner));
  return holder !== 0 && !k.onCpu(holder);
}

/** `rwsem_can_spin_on_owner`, as one step with one access. `mayNot`: the bit that says they may not. */
export function canSpinOnOwner(k: Exec, sem: number, mayNot: number): boolean {
  if (k.needResched()) return false;
  k.load(sem + owner);
  return (k.peek(sem + nonspinnable) & mayNot) === 0 && !ownerIsOff(k, sem);
}

/** How who wants the lock spins for it. Each takes the semaphore's address. */
export interface OptimisticSpin {
  /** Gives 1 when it has taken the lock, 0 when there is nothing to spin for any more. */
  readonly write: Routine;
  /** The same for a reader; absent where readers do not spin. */
  readonly read: Routine | undefined;
}

/** `rwsem_optimistic_spin`: writers and readers stand in one queue. */
export function rwsemOptimisticSpin(b: KernelBuilder, readers: RwsemReaders): OptimisticSpin {
  const { osq_lock, osq_unlock } = osq(b);
  const nobodyMay = readers === 'spin' ? RWSEM_RD_NONSPINNABLE | RWSEM_WR_NONSPINNABLE : 1;
  const write = b.add(
    routine('rwsem_optimistic_spin', ['sem', 'cnt', 'rspin', 'taken'], (v) => ({
      osq_lock: (k) => k.call(osq_lock, k.get(v.sem) + RWSEM.at.osq),
      osq_locked: (k) => (k.result() ? undefined : k.ret(0)),
      spin_on_owner(k) {
        const sem = k.get(v.sem);
        const now = k.load(sem + count);
        if (!(now & (RWSEM_LOCK_MASK | RWSEM_FLAG_HANDOFF))) {
          k.set(v.cnt, now);
          return 'try_write_lock_unqueued';
        }
        if (k.needResched()) return 'osq_unlock';
        if (now & RWSEM_WRITER_LOCKED) {
          k.set(v.rspin, 0);
          return ownerIsOff(k, sem) ? 'osq_unlock' : k.spin(sem + count, false, true);
        }
        // Handed to somebody who has not come for it yet.
        if (!(now & RWSEM_LOCK_MASK)) {
          return readers === 'spin'
            ? spinToTick(k, sem, v.rspin)
            : k.spin(sem + count, false, true);
        }
        if (k.get(v.rspin) !== RSPIN) {
          if (k.peek(sem + nonspinnable) & RWSEM_WR_NONSPINNABLE) return 'osq_unlock';
          k.set(v.rspin, RSPIN);
          k.startTimer(rspinThreshold(now >> 8));
        } else if (k.timerExpired(k.task)) return 'set_nonspinnable';
        return k.spin(sem + count, true, true);
      },
      try_write_lock_unqueued(k) {
        const cnt = k.get(v.cnt);
        if (k.cmpxchg(k.get(v.sem) + count, cnt, cnt | RWSEM_WRITER_LOCKED) !== cnt) {
          return 'spin_on_owner';
        }
        k.set(v.taken, 1);
        k.lockEvent(k.get(v.sem) + count, EXCLUSIVE, LOCK_EVENT.spun, 1);
      },
      set_owner(k) {
        setOwner(k, k.get(v.sem));
        return 'osq_unlock';
      },
      set_nonspinnable(k) {
        k.store(k.get(v.sem) + nonspinnable, nobodyMay);
      },
      osq_unlock: (k) => k.call(osq_unlock, k.get(v.sem) + RWSEM.at.osq),
      done: (k) => k.ret(k.get(v.taken)),
    })),
  );
  return { write, read: readers === 'spin' ? readerSpin(b, { osq_lock, osq_unlock }) : undefined };
}

/** `rwsem_optimistic_spin` of a reader, which gives up for no time, only when its bit or the owner's state tells it to. */
function readerSpin(b: KernelBuilder, { osq_lock, osq_unlock }: OsqRoutines): Routine {
  const taken = RWSEM_WRITER_LOCKED | RWSEM_FLAG_HANDOFF;
  return b.add(
    routine('rwsem_optimistic_spin_read', ['sem', 'taken', 'timer'], (v) => ({
      osq_lock: (k) => k.call(osq_lock, k.get(v.sem) + RWSEM.at.osq),
      osq_locked: (k) => (k.result() ? undefined : k.ret(0)),
      spin_on_owner(k) {
        const sem = k.get(v.sem);
        const now = k.load(sem + count);
        if (k.peek(sem + nonspinnable) & RWSEM_RD_NONSPINNABLE) return 'osq_unlock';
        if (!(now & taken)) return 'try_read_lock_unqueued';
        if (k.needResched()) return 'osq_unlock';
        if (now & RWSEM_WRITER_LOCKED && ownerIsOff(k, sem)) return 'osq_unlock';
        if (now & RWSEM_LOCK_MASK) return k.spin(sem + count, false, true);
        return spinToTick(k, sem, v.timer);
      },
      try_read_lock_unqueued(k) {
        const before = k.fetchAdd(k.get(v.sem) + count, RWSEM_READER_BIAS);
        if (before & taken) return 'back_out';
        k.set(v.taken, 1);
        k.lockEvent(k.get(v.sem) + count, SHARED, LOCK_EVENT.spun, 1);
      },
      set_reader_owned(k) {
        k.access(k.get(v.sem) + owner, WRITE);
        setReaderOwned(k, k.get(v.sem), k.task);
        return 'osq_unlock';
      },
      back_out(k) {
        k.fetchAdd(k.get(v.sem) + count, -RWSEM_READER_BIAS);
        return 'spin_on_owner';
      },
      osq_unlock: (k) => k.call(osq_unlock, k.get(v.sem) + RWSEM.at.osq),
      done: (k) => k.ret(k.get(v.taken)),
    })),
  );
}

/**
 * `rwsem_spin_on_owner` of the first waiter after it has asked for handoff: waits while the owner is a writer that runs. Gives 1 when
 * nobody owns the lock, so that it is worth another try without sleep.
 */
export function rwsemSpinOnOwner(b: KernelBuilder): Routine {
  return b.add(
    routine('rwsem_spin_on_owner', ['sem', 'holder'], (v) => ({
      spin_on_owner(k) {
        const sem = k.get(v.sem);
        const holder = k.load(sem + owner);
        const before = k.get(v.holder);
        if (holder === 0) {
          const readers = k.peek(sem + count) >> 8;
          return k.ret(readers > 0 || k.peek(sem + nonspinnable) ? 0 : 1);
        }
        if (holder & RWSEM_READER_OWNED) return k.ret(0);
        // Another writer was faster: it sleeps for that one.
        if (before !== 0 && before !== holder) return k.ret(0);
        if (k.needResched() || !k.onCpu(holder)) return k.ret(0);
        k.set(v.holder, holder);
        return k.spin(sem + owner, false, true);
      },
    })),
  );
}
