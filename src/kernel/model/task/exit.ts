/** Ending tasks and waiting for them. After do_exit, exit_mm and do_wait in kernel/exit.c and mm_release in kernel/fork.c. */
import {
  type Exec,
  READ,
  type Routine,
  routine,
  TASK,
  TASK_INTERRUPTIBLE,
  TASK_KILLABLE,
  TASK_RUNNING,
  W,
  WRITE,
} from '../machine/index.ts';
import { EINTR, type MmCore } from '../mm/mm-core.ts';
import { EXIT_ZOMBIE, TASK_UNUSED, TID_CLEARED, taskOf } from './clone.ts';
import type { Signals } from './signal.ts';

export const ECHILD = 10;

const T = TASK.at;

export interface ExitRoutines {
  /** `(thread)`: ends the caller, a thread of a process that goes on or a process. */
  readonly do_exit: Routine;
  /** `(pid) -> pid or -errno`: waits for a child, any with 0, and releases it. */
  readonly do_wait: Routine;
  /** Sleeps until a signal comes, and none does. */
  readonly pause: Routine;
}

export interface ExitParts {
  readonly firstTask: number;
  readonly mmput: Routine;
  readonly mm_release: Routine;
  readonly signals: Signals;
  readonly put_user: Routine;
  /** Page of a task's thread control block. */
  fsbaseOf(k: Exec): number;
}

export function exitRoutines(c: MmCore, parts: ExitParts): ExitRoutines {
  const { b, mmap } = c;
  const { mmput, mm_release, signals, put_user, fsbaseOf } = parts;
  const { group_exec_task, group_leader, notify_count } = signals.at;
  const later = b.tasks.slice(parts.firstTask);
  const mmOf = (k: Exec) => k.peek(k.task + T.mm);

  /** Leaves the thread group. Gives the thread to wake that waited for the others to be gone, or 0. */
  const __exit_signal = (k: Exec): number => {
    const signal = k.peek(k.task + T.signal);
    const exec = k.peek(signal + group_exec_task);
    signals.leave(k, k.task);
    if (exec === 0) return 0;
    // Nobody is left who could join it. The leader keeps its place, as its number, until another has taken that.
    const leads = k.peek(signal + group_leader) === k.task;
    if (!leads && k.peek(k.task + T.exit_state) === TID_CLEARED) {
      k.poke(k.task + T.exit_state, TASK_UNUSED);
    }
    k.poke(signal + notify_count, k.peek(signal + notify_count) - 1);
    return k.peek(signal + notify_count) === 0 ? exec : 0;
  };

  const do_exit = b.add(
    routine('do_exit', ['thread', 'mm', 'wake'], (v) => ({
      exit_mm_release(k) {
        k.work(W.do_exit);
        k.set(v.mm, mmOf(k));
        return k.call(mm_release, k.get(v.thread));
      },
      exit_mm: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      clear_mm(k) {
        k.store(k.task + T.mm, 0);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      mmput: (k) => k.call(mmput, k.get(v.mm)),
      // Under tasklist_lock: children lose their parent, the parent learns of the end.
      exit_notify(k) {
        const exec = k.peek(k.peek(k.task + T.signal) + group_exec_task);
        k.access(k.task + T.exit_state, WRITE);
        for (const child of later) {
          if (k.peek(child + T.real_parent) !== k.task) continue;
          // find_new_reaper: those of a process that goes on become another thread's.
          k.poke(child + T.real_parent, exec);
          if (exec === 0 && k.peek(child + T.exit_state) === EXIT_ZOMBIE)
            k.poke(child + T.exit_state, TASK_UNUSED);
        }
        k.set(v.wake, __exit_signal(k));
        if (k.get(v.thread)) return k.get(v.wake) === 0 ? k.ret() : 'wake_up_exec';
        const parent = k.peek(k.task + T.real_parent);
        k.poke(k.task + T.exit_state, parent === 0 ? TASK_UNUSED : EXIT_ZOMBIE);
        if (parent === 0) return k.ret();
        k.set(v.wake, parent);
      },
      do_notify_parent(k) {
        if (k.load(k.get(v.wake) + T.wait_chldexit) === 0) return k.ret();
      },
      wake_up_parent(k) {
        k.wake(k.get(v.wake));
        return k.ret();
      },
      wake_up_exec(k) {
        k.wake(k.get(v.wake));
        return k.ret();
      },
    })),
  );

  const do_wait = b.add(
    routine('do_wait', ['pid', 'ret', 'slept', 'task'], (v) => ({
      add_wait_queue(k) {
        k.store(k.task + T.wait_chldexit, 1);
      },
      set_current_state(k) {
        k.store(k.task + T.__state, TASK_KILLABLE);
      },
      wait_consider_task(k) {
        k.access(k.task + T.wait_chldexit, READ);
        const mine = later.filter(
          (t) =>
            k.peek(t + T.real_parent) === k.task &&
            (k.get(v.pid) === 0 || k.peek(t + T.nr) === k.get(v.pid)),
        );
        const zombie = mine.find((t) => k.peek(t + T.exit_state) === EXIT_ZOMBIE);
        k.set(v.task, zombie ?? 0);
        k.set(v.ret, zombie === undefined ? -ECHILD : k.peek(zombie + T.nr));
        if (zombie !== undefined || mine.length === 0) return 'set_running';
        if (k.peek(k.task + T.sigkill) !== 0) return 'set_running';
        k.set(v.slept, 1);
        return k.schedule();
      },
      woken: () => 'set_current_state',
      set_running(k) {
        k.store(k.task + T.__state, TASK_RUNNING);
      },
      remove_wait_queue(k) {
        k.store(k.task + T.wait_chldexit, 0);
      },
      release_task(k) {
        if (k.get(v.ret) < 0) return 'exit_to_user_mode';
        const child = k.get(v.task);
        k.poke(child + T.real_parent, 0);
        k.store(child + T.exit_state, TASK_UNUSED);
      },
      // rseq: a thread that was off its CPU has the number of its CPU written to its control block on its way out.
      exit_to_user_mode(k) {
        if (k.get(v.slept)) return k.call(put_user, fsbaseOf(k));
      },
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );

  b.waitsIn(do_wait, (k, { pid = 0 }) => ({
    kind: 'task',
    object: pid === 0 ? 'children' : `task ${pid}`,
    text: `the end of ${pid === 0 ? 'any child' : 'a child'}`,
    holders: pid === 0 ? [] : [taskOf(b, k, pid)],
  }));

  const pause = b.add(
    routine('sys_pause', [], () => ({
      set_current_state(k) {
        k.store(k.task + T.__state, TASK_INTERRUPTIBLE);
      },
      schedule: (k) => k.schedule(),
      signal_pending: (k) =>
        k.load(k.task + T.sigkill) === 0 ? 'set_current_state' : k.ret(-EINTR),
    })),
  );
  b.waitsIn(pause, () => ({ kind: 'event', object: 'signal', text: 'a signal' }));
  return { do_exit, do_wait, pause };
}
