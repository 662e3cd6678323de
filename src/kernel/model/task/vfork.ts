/** A child in the memory of its parent, which waits. After kernel_clone and wait_for_vfork_done in kernel/fork.c. */
import {
  type Exec,
  type Routine,
  routine,
  TASK,
  TASK_KILLABLE,
  TASK_RUNNING,
  W,
} from '../machine/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { CLONE_VFORK, CLONE_VM, NOBODY, taskOf } from './clone.ts';

const T = TASK.at;

export interface Vfork {
  /** `(program) -> pid or -errno`. */
  readonly vfork: Routine;
  readonly vforkBegins: Routine;
  /** `(pid) -> pid`: until that child has left the caller's memory. */
  readonly wait_for_vfork_done: Routine;
}

/** @param fsbaseOf page of a task's thread control block */
export function vforkRoutines(
  c: MmCore,
  copy_process: Routine,
  put_user: Routine,
  fsbaseOf: (k: Exec) => number,
): Vfork {
  const { b } = c;
  const wait_for_vfork_done = b.add(
    routine('wait_for_vfork_done', ['pid'], (v) => {
      const done = (k: Exec) => taskOf(b, k, k.get(v.pid)) + T.vfork_done;
      return {
        set_current_state(k) {
          k.store(k.task + T.__state, TASK_KILLABLE);
        },
        wait_for_completion(k) {
          if (k.load(done(k)) === 0) return 'set_running';
          return k.schedule();
        },
        woken(k) {
          if (k.load(k.task + T.sigkill) === 0) return 'set_current_state';
        },
        // The child finds nobody to tell.
        task_lock(k) {
          if (k.peek(done(k)) !== 0) k.store(done(k), NOBODY);
          return k.ret(k.get(v.pid));
        },
        set_running(k) {
          k.store(k.task + T.__state, TASK_RUNNING);
        },
        // rseq, as after every sleep.
        exit_to_user_mode: (k) => k.call(put_user, fsbaseOf(k)),
        done: (k) => k.ret(k.get(v.pid)),
      };
    }),
  );
  b.waitsIn(wait_for_vfork_done, (k, { pid = 0 }) => ({
    kind: 'task',
    object: `task ${pid}`,
    text: 'the child of a vfork to leave its memory',
    holders: [taskOf(b, k, pid)],
  }));

  const vfork = b.add(
    routine('vfork', ['program'], (v) => ({
      entry_SYSCALL_64(k) {
        k.work(W.syscall_entry);
        return k.call(copy_process, CLONE_VM | CLONE_VFORK, k.get(v.program), 0);
      },
      cloned: (k) => (k.result() < 0 ? k.ret(k.result()) : k.call(wait_for_vfork_done, k.result())),
      done: (k) => k.ret(k.result()),
    })),
  );
  // Nothing is set up for a child that borrows its parent's stack.
  const vforkBegins = b.add(
    routine('vfork_child', [], () => ({
      schedule_tail: (k) => k.ret(),
    })),
  );
  return { vfork, vforkBegins, wait_for_vfork_done };
}
