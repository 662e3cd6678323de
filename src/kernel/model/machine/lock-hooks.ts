/** What locks tell an executor that keeps statistics, as lockdep and CONFIG_LOCK_EVENT_COUNTS are told in the kernel. */

/** How a lock is held. */
export const SHARED = 0;
export const EXCLUSIVE = 1;
export type LockMode = typeof SHARED | typeof EXCLUSIVE;

/** Events of an rwsem (kernel/locking/lock_events_list.h has more). */
export const LOCK_EVENT = {
  /** rwsem_opt_lock: a writer spun and so got it. */
  spun: 0,
  /** rwsem_sleep_reader and rwsem_sleep_writer. */
  slept: 1,
  /** rwsem_rlock_handoff and rwsem_wlock_handoff: the first waiter keeps others from stealing. */
  handoff: 2,
  /** A batch of readers was woken; how many is the event's amount. */
  readers_woken: 3,
} as const;
export type LockEvent = (typeof LOCK_EVENT)[keyof typeof LOCK_EVENT];
