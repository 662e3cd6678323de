/** Exchanging the caller's address space for the one prepared. After begin_new_exec, exec_mmap and setup_new_exec in fs/exec.c. */
import { type Exec, type Routine, routine, TASK } from '../../machine/index.ts';
import { EINTR, type MmCore } from '../../mm/mm-core.ts';
import type { Signals } from '../signal.ts';

const T = TASK.at;

export interface ExecMmapParts {
  readonly signals: Signals;
  /** `() -> 0 or -errno`. */
  readonly de_thread: Routine;
  /** `(thread)`. */
  readonly mm_release: Routine;
  /** `(mm)`. */
  readonly mmput: Routine;
  /** What user space keeps of an address space beside its memory is there no more. */
  newUser(k: Exec, mm: number): void;
}

/** `(mm) -> 0 or -errno`: from 0 on there is no way back; with an error the caller has its old address space still. */
export function beginNewExec(c: MmCore, parts: ExecMmapParts): Routine {
  const { b, mmap, rw } = c;
  const { signals, de_thread, mm_release, mmput, newUser } = parts;

  const exec_mmap = b.add(
    routine('exec_mmap', ['mm', 'old'], (v) => ({
      exec_mm_release(k) {
        k.set(v.old, k.peek(k.task + T.mm));
        return k.call(mm_release, 0);
      },
      down_write_killable: (k) => k.call(rw.down_write_killable, signals.execUpdateLock(k, k.task)),
      mmap_read_lock_killable(k) {
        if (k.result() !== 0) return k.ret(k.result());
        return k.call(mmap.mmap_read_lock_killable, k.get(v.old));
      },
      activate_mm(k) {
        if (k.result() !== 0) return 'up_write';
        k.store(k.task + T.mm, k.get(v.mm));
        k.poke(k.task + T.fsbase, 0);
        k.poke(k.task + T.sp, 0);
        newUser(k, k.get(v.mm));
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.old)),
      mmput: (k) => k.call(mmput, k.get(v.old)),
      done: (k) => k.ret(0),
      up_write: (k) => k.call(rw.up_write, signals.execUpdateLock(k, k.task)),
      killed: (k) => k.ret(-EINTR),
    })),
  );

  return b.add(
    routine('begin_new_exec', ['mm'], (v) => ({
      de_thread: (k) => k.call(de_thread),
      exec_mmap(k) {
        if (k.result() !== 0) return k.ret(k.result());
        return k.call(exec_mmap, k.get(v.mm));
      },
      setup_new_exec(k) {
        if (k.result() !== 0) return k.ret(k.result());
        return k.call(rw.up_write, signals.execUpdateLock(k, k.task));
      },
      done: (k) => k.ret(0),
    })),
  );
}
