/** Spinlocks as single words: 0 free, 1 held. Steps take them with {@link spinLock}. */
import { type Control, EXCLUSIVE, type Exec, READ } from '../machine/index.ts';

/**
 * `spin_lock` as one step: takes the lock and gives `undefined` (go on), or gives the control to spin. The
 * check that finds it held is the step's one access then. Preemption is off from the first look on.
 */
export function spinLock(k: Exec, lock: number): Control | undefined {
  if (k.peek(lock) !== 0) {
    k.access(lock, READ);
    k.lockContended(lock, EXCLUSIVE);
    return k.spin(lock, false, false, true);
  }
  k.cmpxchg(lock, 0, 1);
  k.lockAcquired(lock, EXCLUSIVE);
  return undefined;
}

/** `spin_unlock`: on x86 a plain store. */
export function spinUnlock(k: Exec, lock: number): void {
  k.lockReleased(lock, EXCLUSIVE);
  k.store(lock, 0);
}
