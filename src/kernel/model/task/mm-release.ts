/** A task's taking leave of an address space, at its end or for another. After mm_release in kernel/fork.c. */
import { type Exec, type Routine, routine, TASK } from '../machine/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { NOBODY, TID_CLEARED } from './clone.ts';

const T = TASK.at;

export interface MmReleaseParts {
  readonly put_user: Routine;
  /** `(mm)`; absent without shadow stacks. */
  readonly shstk_free: Routine | undefined;
  /** Page of a task's thread control block. */
  fsbaseOf(k: Exec): number;
}

/** `(thread)`: of the caller; `thread` for one whose process goes on without it. */
export function mmRelease(c: MmCore, parts: MmReleaseParts): Routine {
  const { b, MM } = c;
  const { put_user, shstk_free, fsbaseOf } = parts;
  return b.add(
    routine('mm_release', ['thread', 'mm', 'wake'], (v) => ({
      // deactivate_mm
      shstk_free(k) {
        k.set(v.mm, k.peek(k.task + T.mm));
        if (shstk_free !== undefined) return k.call(shstk_free, k.get(v.mm));
      },
      clear_child_tid(k) {
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
        if (k.get(v.wake) === 0) return k.ret();
      },
      wake_up_q(k) {
        k.wake(k.get(v.wake));
        return k.ret();
      },
      vfork_done(k) {
        k.set(v.wake, k.peek(k.task + T.vfork_done));
        k.store(k.task + T.vfork_done, 0);
        if (k.get(v.wake) === NOBODY) return k.ret();
      },
      complete_vfork_done(k) {
        k.wake(k.get(v.wake));
        return k.ret();
      },
    })),
  );
}
