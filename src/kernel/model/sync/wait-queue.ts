/** Wait queues of exclusive waiters: threads that sleep until something is so, of whom one is woken at a time. After kernel/sched/wait.c. */
import type { KernelBuilder } from '../kernel-builder.ts';
import {
  type Exec,
  READ,
  type Routine,
  routine,
  TASK,
  TASK_INTERRUPTIBLE,
  TASK_RUNNING,
  W,
  type WordStruct,
  WRITE,
  wordStruct,
} from '../machine/index.ts';
import { spinLock, spinUnlock } from './spinlock.ts';

const STATE = TASK.at.__state;

/** Each takes the queue's address. */
export interface WaitQueues {
  /** `wait_queue_head`: a lock, and who waits, first come first served. */
  readonly WAIT_QUEUE: WordStruct;
  /** Puts the caller into the queue, unless it is there, and marks it asleep; what it waits for is looked at only then. */
  readonly prepare_to_wait_exclusive: Routine;
  /** The caller waits no more. */
  readonly finish_wait: Routine;
  /** Wakes the first that is asleep and takes it out (autoremove_wake_function). */
  readonly wake_up: Routine;
  /** Wakes all. */
  readonly wake_up_all: Routine;
}

/** Registers the routines of wait queues in which every task can stand. */
export function waitQueues(b: KernelBuilder): WaitQueues {
  const WAIT_QUEUE = wordStruct('wait_queue_head', {
    lock: 1,
    waiting: 1,
    entry: { array: b.tasks.length },
  });
  const { lock, waiting, entry } = WAIT_QUEUE.at;

  const indexOf = (k: Exec, queue: number, task: number): number => {
    const n = k.peek(queue + waiting);
    for (let i = 0; i < n; i++) if (k.peek(queue + entry + i) === task) return i;
    return -1;
  };
  const list_del = (k: Exec, queue: number, i: number) => {
    const last = k.peek(queue + waiting) - 1;
    for (let at = queue + entry + i; at < queue + entry + last; at++) k.poke(at, k.peek(at + 1));
    k.poke(queue + entry + last, 0);
    k.poke(queue + waiting, last);
  };

  const prepare_to_wait_exclusive = b.add(
    routine('prepare_to_wait_exclusive', ['queue'], (v) => ({
      spin_lock_irqsave: (k) => spinLock(k, k.get(v.queue) + lock),
      __add_wait_queue_entry_tail(k) {
        const queue = k.get(v.queue);
        k.work(W.wait_queue);
        if (indexOf(k, queue, k.task) >= 0) return k.access(queue + waiting, READ);
        const n = k.peek(queue + waiting);
        k.access(queue + waiting, WRITE);
        k.poke(queue + entry + n, k.task);
        k.poke(queue + waiting, n + 1);
      },
      // Under the lock: who wakes must find it asleep once it finds it in the queue.
      set_current_state(k) {
        k.store(k.task + STATE, TASK_INTERRUPTIBLE);
      },
      spin_unlock_irqrestore(k) {
        spinUnlock(k, k.get(v.queue) + lock);
        return k.ret();
      },
    })),
  );

  const finish_wait = b.add(
    routine('finish_wait', ['queue'], (v) => ({
      set_running(k) {
        k.store(k.task + STATE, TASK_RUNNING);
      },
      // Taken out by the one who woke it, it has no need of the lock.
      list_empty_careful(k) {
        k.access(k.get(v.queue) + waiting, READ);
        if (indexOf(k, k.get(v.queue), k.task) < 0) return k.ret();
      },
      spin_lock_irqsave: (k) => spinLock(k, k.get(v.queue) + lock),
      list_del_init(k) {
        const queue = k.get(v.queue);
        k.access(queue + waiting, WRITE);
        const i = indexOf(k, queue, k.task);
        if (i >= 0) list_del(k, queue, i);
      },
      spin_unlock_irqrestore(k) {
        spinUnlock(k, k.get(v.queue) + lock);
        return k.ret();
      },
    })),
  );

  const wakeUp = (name: string, all: boolean) =>
    b.add(
      routine(name, ['queue', 'i', 'task', 'asleep'], (v) => ({
        spin_lock_irqsave: (k) => spinLock(k, k.get(v.queue) + lock),
        next_entry(k) {
          const queue = k.get(v.queue);
          k.access(queue + waiting, READ);
          if (k.get(v.i) >= k.peek(queue + waiting)) return 'spin_unlock_irqrestore';
          k.set(v.task, k.peek(queue + entry + k.get(v.i)));
        },
        // One that has seen by itself that it need not sleep is not woken, and the next one is.
        try_to_wake_up(k) {
          k.set(v.asleep, k.peek(k.get(v.task) + STATE) === TASK_INTERRUPTIBLE ? 1 : 0);
          if (k.get(v.asleep)) return k.wake(k.get(v.task));
          k.access(k.get(v.task) + STATE, READ);
        },
        autoremove_wake_function(k) {
          if (!k.get(v.asleep)) {
            k.set(v.i, k.get(v.i) + 1);
            return 'next_entry';
          }
          k.access(k.get(v.queue) + waiting, WRITE);
          list_del(k, k.get(v.queue), k.get(v.i));
          if (all) return 'next_entry';
        },
        spin_unlock_irqrestore(k) {
          spinUnlock(k, k.get(v.queue) + lock);
          return k.ret();
        },
      })),
    );

  return {
    WAIT_QUEUE,
    prepare_to_wait_exclusive,
    finish_wait,
    wake_up: wakeUp('__wake_up_sync_key', false),
    wake_up_all: wakeUp('__wake_up', true),
  };
}
