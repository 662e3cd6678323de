/**
 * Optimistic spin queue, after kernel/locking/osq_lock.c: an MCS queue in which each spinner waits on a line of its own, and which one
 * that should give way to another thread may leave from the middle. A node belongs to a CPU in C; since preemption is off from
 * osq_lock to osq_unlock, one of each task is the same.
 */

import type { KernelBuilder } from '../kernel-builder.ts';
import { ATOMIC, type Exec, READ, type Routine, routine, TASK, WRITE } from '../machine/index.ts';

const { osq_next, osq_prev, osq_locked } = TASK.at;

/** Each takes the address of the queue's tail: 0, or the task that queued last. */
export interface OsqRoutines {
  /** Gives 1 when the caller is at the head, 0 when it left the queue because it should give way (need_resched). */
  readonly osq_lock: Routine;
  readonly osq_unlock: Routine;
}

/** xchg: the step's one access. */
function xchg(k: Exec, address: number, value: number): number {
  k.access(address, ATOMIC);
  const old = k.peek(address);
  k.poke(address, value);
  return old;
}

/** Registers the queue's routines. */
export function osq(b: KernelBuilder): OsqRoutines {
  /** Gives the task behind, or 0 if there is none and the tail has been set to `old`. */
  const osq_wait_next = b.add(
    routine('osq_wait_next', ['tail', 'old'], (v) => ({
      move_tail_back(k) {
        const tail = k.get(v.tail);
        if (k.peek(tail) !== k.task) return k.access(tail, READ);
        return k.cmpxchg(tail, k.task, k.get(v.old)) === k.task ? k.ret(0) : undefined;
      },
      // Taken out, so that no leaver behind takes it for stable.
      take_next(k) {
        if (k.peek(k.task + osq_next) !== 0) return k.ret(xchg(k, k.task + osq_next, 0));
        k.access(k.task + osq_next, READ);
        return 'move_tail_back';
      },
    })),
  );

  const osq_lock = b.add(
    routine('osq_lock', ['tail', 'prev', 'next'], (v) => ({
      init_node(k) {
        k.access(k.task + osq_next, WRITE);
        k.poke(k.task + osq_locked, 0);
        k.poke(k.task + osq_next, 0);
      },
      xchg_tail(k) {
        k.set(v.prev, xchg(k, k.get(v.tail), k.task));
        if (k.get(v.prev) === 0) return k.ret(1);
      },
      set_prev(k) {
        k.store(k.task + osq_prev, k.get(v.prev));
      },
      link_behind_prev(k) {
        k.store(k.get(v.prev) + osq_next, k.task);
      },
      wait_locked(k) {
        if (k.load(k.task + osq_locked) !== 0) return k.ret(1);
        if (!k.needResched()) return k.spin(k.task + osq_locked, false, true);
      },
      unqueue_from_prev(k) {
        const link = k.get(v.prev) + osq_next;
        if (k.peek(link) !== k.task) k.access(link, READ);
        else if (k.cmpxchg(link, k.task, 0) === k.task) return 'stabilise_next';
      },
      locked_meanwhile(k) {
        if (k.load(k.task + osq_locked) !== 0) return k.ret(1);
      },
      // The one before may have left, and given us another.
      read_prev(k) {
        k.set(v.prev, k.load(k.task + osq_prev));
        return 'unqueue_from_prev';
      },
      stabilise_next: (k) => k.call(osq_wait_next, k.get(v.tail), k.get(v.prev)),
      set_prev_of_next(k) {
        k.set(v.next, k.result());
        if (k.get(v.next) === 0) return k.ret(0);
        k.store(k.get(v.next) + osq_prev, k.get(v.prev));
      },
      set_next_of_prev(k) {
        k.store(k.get(v.prev) + osq_next, k.get(v.next));
        return k.ret(0);
      },
    })),
  );

  const osq_unlock = b.add(
    routine('osq_unlock', ['tail', 'next'], (v) => ({
      cmpxchg_tail: (k) => (k.cmpxchg(k.get(v.tail), k.task, 0) === k.task ? k.ret() : undefined),
      take_next(k) {
        k.set(v.next, xchg(k, k.task + osq_next, 0));
        if (k.get(v.next) !== 0) return 'hand_over';
      },
      wait_next: (k) => k.call(osq_wait_next, k.get(v.tail), 0),
      waited(k) {
        k.set(v.next, k.result());
        if (k.get(v.next) === 0) return k.ret();
      },
      hand_over(k) {
        k.store(k.get(v.next) + osq_locked, 1);
        return k.ret();
      },
    })),
  );

  return { osq_lock, osq_unlock };
}
