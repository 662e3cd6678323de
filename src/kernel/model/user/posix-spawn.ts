/** How libc starts another program. After posix/spawn and sysdeps/unix/sysv/linux/spawni.c of glibc 2.36. */
import { type Routine, routine, TASK, W } from '../machine/index.ts';
import type { MmCore } from '../mm/mm-core.ts';
import { CLONE_VFORK, CLONE_VM } from '../task/clone.ts';
import { MAP_FLAGS, PROT_READ, PROT_WRITE } from '../uapi.ts';
import type { OpName } from '../user-ops.ts';

/** The child's stack: 32 KiB, and a page for the arguments of a shell it may need. */
const STACK_PAGES = 9;
const STACK_FLAGS = MAP_FLAGS.private | MAP_FLAGS.anonymous | MAP_FLAGS.stack;

export interface PosixSpawn {
  /** `(program) -> pid or -errno`. */
  readonly posix_spawn: Routine;
  readonly spawnBegins: Routine;
}

/** @param wait_for_vfork_done `(pid) -> pid` */
export function posixSpawn(
  c: MmCore,
  user: Readonly<Record<Extract<OpName, 'mmap' | 'munmap' | 'write'>, Routine>>,
  copy_process: Routine,
  wait_for_vfork_done: Routine,
): PosixSpawn {
  const posix_spawn = c.b.add(
    routine('posix_spawn', ['program', 'stack', 'pid'], (v) => ({
      mmap: (k) => k.call(user.mmap, STACK_PAGES, PROT_READ | PROT_WRITE, STACK_FLAGS, 0),
      clone(k) {
        if (k.result() < 0) return k.ret(k.result());
        k.set(v.stack, k.result());
        k.work(W.syscall_entry);
        const top = k.get(v.stack) + STACK_PAGES - 1;
        return k.call(copy_process, CLONE_VM | CLONE_VFORK, k.get(v.program), 0, top);
      },
      cloned(k) {
        k.set(v.pid, k.result());
        if (k.result() >= 0) return k.call(wait_for_vfork_done, k.result());
      },
      munmap: (k) => k.call(user.munmap, k.get(v.stack), STACK_PAGES),
      done: (k) => k.ret(k.get(v.pid)),
    })),
  );
  const spawnBegins = c.b.add(
    routine('__spawni_child', [], () => ({
      push: (k) => k.call(user.write, k.peek(k.task + TASK.at.sp)),
      done: (k) => k.ret(),
    })),
  );
  return { posix_spawn, spawnBegins };
}
