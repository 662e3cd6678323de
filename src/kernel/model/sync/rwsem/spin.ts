/** Writers that spin while the owner runs, where RWSEM_SPIN_ON_OWNER is set. After kernel/locking/rwsem.c. */

import type { KernelBuilder } from '../../kernel-builder.ts';
import { EXCLUSIVE, type Exec, LOCK_EVENT, type Routine, routine } from '../../machine/index.ts';
import { osq } from '../osq.ts';
import {
  RWSEM,
  RWSEM_FLAG_HANDOFF,
  RWSEM_LOCK_MASK,
  RWSEM_WRITER_LOCKED,
  rspinThreshold,
  setOwner,
} from './state.ts';

const { count, owner, nonspinnable } = RWSEM.at;

/** Whether a writer holds it that is on no CPU: spinning would burn the own one for nothing. Covered by an access to the semaphore. */
function ownerIsOff(k: Exec, sem: number): boolean {
  const holder = k.peek(sem + owner);
  return holder !== 0 && !k.onCpu(holder);
}

/** `rwsem_can_spin_on_owner`, as one step with one access. */
export function canSpinOnOwner(k: Exec, sem: number): boolean {
  if (k.needResched()) return false;
  k.load(sem + owner);
  return k.peek(sem + nonspinnable) === 0 && !ownerIsOff(k, sem);
}

/** Takes the semaphore's address, gives 1 when it has taken the lock, 0 when there is nothing to spin for any more. */
export function rwsemOptimisticSpin(b: KernelBuilder): Routine {
  const { osq_lock, osq_unlock } = osq(b);
  return b.add(
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
        if (!(now & RWSEM_LOCK_MASK)) return k.spin(sem + count, false, true);
        if (k.get(v.rspin) === 0) {
          if (k.peek(sem + nonspinnable)) return 'osq_unlock';
          k.set(v.rspin, 1);
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
        k.store(k.get(v.sem) + nonspinnable, 1);
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
        // Another writer was faster: it sleeps for that one.
        if (before !== 0 && before !== holder) return k.ret(0);
        if (k.needResched() || !k.onCpu(holder)) return k.ret(0);
        k.set(v.holder, holder);
        return k.spin(sem + owner, false, true);
      },
    })),
  );
}
