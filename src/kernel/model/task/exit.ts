/** Ending tasks and waiting for them. After do_exit, exit_mm and do_wait in kernel/exit.c and mm_release in kernel/fork.c. */
import {
  type Exec,
  READ,
  type Routine,
  routine,
  TASK,
  TASK_INTERRUPTIBLE,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
  WRITE,
} from '../machine/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { EXIT_ZOMBIE, TASK_UNUSED, TID_CLEARED } from './clone.ts';

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
  readonly put_user: Routine;
  /** `(mm)`; absent without shadow stacks. */
  readonly shstk_free: Routine | undefined;
  /** Page of a task's thread control block. */
  fsbaseOf(k: Exec): number;
}

export function exitRoutines(c: MmCore, parts: ExitParts): ExitRoutines {
  const { b, MM, mmap } = c;
  const { mmput, put_user, shstk_free, fsbaseOf } = parts;
  const later = b.tasks.slice(parts.firstTask);
  const mmOf = (k: Exec) => k.peek(k.task + T.mm);

  const do_exit = b.add(
    routine('do_exit', ['thread', 'mm', 'wake'], (v) => ({
      // deactivate_mm
      shstk_free(k) {
        k.set(v.mm, mmOf(k));
        if (shstk_free !== undefined) return k.call(shstk_free, k.get(v.mm));
      },
      exit_mm_release(k) {
        // A child of vfork has no word to clear: its memory is its parent's.
        if (k.peek(k.task + T.vfork_done) !== 0) return 'vfork_done';
        // With the last user gone nobody is left who could wait on the word.
        if (k.load(k.get(v.mm) + MM.at.mm_users) < 2) return 'tid_cleared';
      },
      put_user: (k) => k.call(put_user, fsbaseOf(k)),
      tid_cleared(k) {
        if (k.get(v.thread)) k.store(k.task + T.exit_state, TID_CLEARED);
      },
      futex_wake(k) {
        k.set(v.wake, k.load(k.task + T.futex_waiter));
        if (k.get(v.wake) === 0) return 'exit_mm';
      },
      wake_up_q(k) {
        k.wake(k.get(v.wake));
        return 'exit_mm';
      },
      vfork_done(k) {
        k.set(v.wake, k.peek(k.task + T.vfork_done));
        k.store(k.task + T.vfork_done, 0);
      },
      complete_vfork_done(k) {
        k.wake(k.get(v.wake));
      },
      exit_mm: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      clear_mm(k) {
        k.store(k.task + T.mm, 0);
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      mmput: (k) => k.call(mmput, k.get(v.mm)),
      // Under tasklist_lock: children lose their parent, the parent learns of the end.
      exit_notify(k) {
        k.access(k.task + T.exit_state, WRITE);
        for (const child of later) {
          if (k.peek(child + T.real_parent) !== k.task) continue;
          k.poke(child + T.real_parent, 0);
          if (k.peek(child + T.exit_state) === EXIT_ZOMBIE)
            k.poke(child + T.exit_state, TASK_UNUSED);
        }
        if (k.get(v.thread)) return k.ret();
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
    })),
  );

  const do_wait = b.add(
    routine('do_wait', ['pid', 'ret', 'slept'], (v) => ({
      add_wait_queue(k) {
        k.store(k.task + T.wait_chldexit, 1);
      },
      set_current_state(k) {
        k.store(k.task + T.__state, TASK_UNINTERRUPTIBLE);
      },
      wait_consider_task(k) {
        k.access(k.task + T.wait_chldexit, READ);
        const mine = later.filter(
          (t) =>
            k.peek(t + T.real_parent) === k.task &&
            (k.get(v.pid) === 0 || b.tasks[k.get(v.pid)] === t),
        );
        const zombie = mine.find((t) => k.peek(t + T.exit_state) === EXIT_ZOMBIE);
        k.set(v.ret, zombie === undefined ? -ECHILD : b.tasks.indexOf(zombie));
        if (zombie !== undefined || mine.length === 0) return 'set_running';
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
        const child = b.tasks[k.get(v.ret)] as number;
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

  b.waitsIn(do_wait, (_k, { pid = 0 }) => ({
    kind: 'task',
    object: pid === 0 ? 'children' : `task ${pid}`,
    text: `the end of ${pid === 0 ? 'any child' : 'a child'}`,
    holders: pid === 0 ? [] : [b.tasks[pid] as number],
  }));

  const pause = b.add(
    routine('sys_pause', [], () => ({
      set_current_state(k) {
        k.store(k.task + T.__state, TASK_INTERRUPTIBLE);
      },
      schedule: (k) => k.schedule(),
      signal_pending: () => 'set_current_state',
    })),
  );
  b.waitsIn(pause, () => ({ kind: 'event', object: 'signal', text: 'a signal' }));
  return { do_exit, do_wait, pause };
}
