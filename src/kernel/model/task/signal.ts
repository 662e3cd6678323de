/** What the threads of a process share besides memory. After struct signal_struct in include/linux/sched/signal.h and kernel/exit.c. */

import type { KernelBuilder } from '../kernel-builder.ts';
import { type Exec, TASK, wordStruct } from '../machine/index.ts';
import { RWSEM } from '../sync/rwsem/index.ts';
import { type Slab, slab } from '../sync/slab.ts';

const SIGNAL = wordStruct('signal_struct', {
  nr_threads: 1,
  group_leader: 1,
  /** Threads that the one which replaces the process still waits for. */
  notify_count: 1,
  group_exec_task: 1,
  exec_update_lock: RWSEM,
});

const T = TASK.at;

export interface Signals {
  readonly at: typeof SIGNAL.at;
  /** The exec_update_lock of a task: held for writing while exec changes what other processes may look at. */
  execUpdateLock(k: Exec, task: number): number;
  /** A new process with one thread. */
  create(k: Exec, leader: number): void;
  /** One more thread of the process of `task`. */
  join(k: Exec, task: number, thread: number): void;
  /** A thread is no longer one of its process (__exit_signal). */
  leave(k: Exec, task: number): void;
  /** Every signal_struct, in use or not, and how many are in use. For invariants in tests. */
  readonly pool: Slab;
  /** The other threads of a task's process that have not left it. */
  others(k: Exec, task: number): readonly number[];
}

export function signalStructs(b: KernelBuilder): Signals {
  const pool = slab(b, SIGNAL, b.tasks.length, 'signal');
  const { nr_threads, group_leader, notify_count, group_exec_task, exec_update_lock } = SIGNAL.at;
  const create = (k: Exec, leader: number) => {
    const signal = pool.alloc(k);
    k.poke(signal + nr_threads, 1);
    k.poke(signal + group_leader, leader);
    k.poke(signal + notify_count, 0);
    k.poke(signal + group_exec_task, 0);
    k.poke(leader + T.signal, signal);
    k.poke(leader + T.unhashed, 0);
  };
  const join = (k: Exec, task: number, thread: number) => {
    const signal = k.peek(task + T.signal);
    k.poke(signal + nr_threads, k.peek(signal + nr_threads) + 1);
    k.poke(thread + T.signal, signal);
    k.poke(thread + T.unhashed, 0);
  };
  b.onBoot((k) => {
    const { processOf } = b.size;
    processOf.forEach((process, tid) => {
      const first = processOf.indexOf(process);
      const task = b.tasks[tid] as number;
      if (first === tid) create(k, task);
      else join(k, b.tasks[first] as number, task);
    });
    b.tasks.forEach((task, i) => {
      k.poke(task + T.nr, i);
    });
  });
  return {
    at: SIGNAL.at,
    pool,
    execUpdateLock: (k, task) => k.peek(task + T.signal) + exec_update_lock,
    create,
    join,
    leave(k, task) {
      const signal = k.peek(task + T.signal);
      k.poke(task + T.unhashed, 1);
      k.poke(signal + nr_threads, k.peek(signal + nr_threads) - 1);
      if (k.peek(signal + nr_threads) === 0) pool.free(k, signal);
    },
    others: (k, task) =>
      b.tasks.filter(
        (t) =>
          t !== task &&
          k.peek(t + T.signal) === k.peek(task + T.signal) &&
          k.peek(t + T.unhashed) === 0,
      ),
  };
}
