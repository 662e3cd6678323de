/** Making a task the only thread of its process. After de_thread in fs/exec.c and zap_other_threads in kernel/signal.c. */
import {
  type Exec,
  type Routine,
  routine,
  TASK,
  TASK_INTERRUPTIBLE,
  TASK_KILLABLE,
  TASK_RUNNING,
  WRITE,
} from '../../machine/index.ts';
import { EAGAIN, type MmCore } from '../../mm/mm-core.ts';
import { TASK_ALIVE, TASK_UNUSED, TID_CLEARED } from '../clone.ts';
import type { Signals } from '../signal.ts';

const T = TASK.at;

/**
 * @param killed what a thread runs that a signal ends
 * @returns `() -> 0 or -EAGAIN`: the other threads are gone then, and the caller has the number of its process
 */
export function deThread(c: MmCore, signals: Signals, killed: Routine): Routine {
  const { b } = c;
  const { notify_count, group_exec_task, group_leader } = signals.at;
  const signalOf = (k: Exec) => k.peek(k.task + T.signal);

  /** What the leader was to other processes the caller is from now on. */
  const exchangeTids = (k: Exec, leader: number): void => {
    for (const at of [T.real_parent, T.vfork_done]) {
      k.poke(k.task + at, k.peek(leader + at));
      k.poke(leader + at, 0);
    }
    const nr = k.peek(leader + T.nr);
    k.poke(leader + T.nr, k.peek(k.task + T.nr));
    k.poke(k.task + T.nr, nr);
    k.poke(signalOf(k) + group_leader, k.task);
    k.poke(k.task + T.exit_state, TASK_ALIVE);
    k.poke(leader + T.exit_state, TASK_UNUSED);
  };

  return b.add(
    routine('de_thread', ['left', 'thread'], (v) => ({
      // Under siglock, as is the making of a thread: none is made after those there are have been counted.
      check_group_exit(k) {
        const signal = signalOf(k);
        const others = signals.others(k, k.task);
        k.access(signal + group_exec_task, WRITE);
        if (k.peek(signal + group_exec_task) !== 0 || k.peek(k.task + T.sigkill) !== 0) {
          return k.ret(-EAGAIN);
        }
        if (others.length === 0) return 'no_thread_group';
        k.poke(signal + group_exec_task, k.task);
        k.poke(signal + notify_count, others.length);
        for (const thread of others) k.poke(thread + T.sigkill, 1);
        k.set(v.left, b.tasks.length);
      },
      zap_other_threads(k) {
        k.set(v.left, k.get(v.left) - 1);
        if (k.get(v.left) < 0) return 'set_current_state';
        const thread = b.tasks[k.get(v.left)] as number;
        if (!signals.others(k, k.task).includes(thread)) return 'zap_other_threads';
        k.set(v.thread, thread);
      },
      signal_wake_up(k) {
        const thread = k.get(v.thread);
        const state = k.load(thread + T.__state);
        if (k.peek(thread + T.unhashed) === 1) return 'zap_other_threads';
        if (k.peek(thread + T.fp) === 0) return 'wake_up_idle';
        if (state === TASK_INTERRUPTIBLE || state === TASK_KILLABLE) return 'wake_up_state';
        return 'zap_other_threads';
      },
      wake_up_state(k) {
        k.wake(k.get(v.thread));
        return 'zap_other_threads';
      },
      // A thread of the machine's that has nothing more to do is asleep for good in a real program.
      wake_up_idle(k) {
        k.startTask(b.tasks.indexOf(k.get(v.thread)), killed.id);
        return 'zap_other_threads';
      },
      // The kernel waits for the leader apart, as that one keeps its number to the end.
      set_current_state(k) {
        k.store(k.task + T.__state, TASK_KILLABLE);
      },
      notify_count(k) {
        if (k.load(signalOf(k) + notify_count) === 0) return 'set_running';
        return k.schedule();
      },
      woken: () => 'set_current_state',
      set_running(k) {
        k.store(k.task + T.__state, TASK_RUNNING);
      },
      // Under tasklist_lock.
      exchange_tids(k) {
        const signal = signalOf(k);
        k.access(signal + group_leader, WRITE);
        k.poke(signal + group_exec_task, 0);
        if (k.peek(signal + group_leader) !== k.task)
          exchangeTids(k, k.peek(signal + group_leader));
      },
      // Nobody is left who could join those that have ended before.
      no_thread_group(k) {
        const signal = signalOf(k);
        k.access(signal + notify_count, WRITE);
        for (const t of b.tasks) {
          const ended = k.peek(t + T.signal) === signal && k.peek(t + T.unhashed) === 1;
          if (ended && k.peek(t + T.exit_state) === TID_CLEARED)
            k.poke(t + T.exit_state, TASK_UNUSED);
        }
        return k.ret(0);
      },
    })),
  );
}
