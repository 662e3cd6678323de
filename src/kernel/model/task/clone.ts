/** Making tasks. After copy_process, copy_mm and wake_up_new_task in kernel/fork.c. */

import type { ShadowStackThreads } from '../arch/x86/shstk.ts';
import type { KernelBuilder } from '../kernel-builder.ts';
import { ATOMIC, type Exec, type Routine, routine, TASK, W } from '../machine/index.ts';
import { EINTR, type MmCore } from '../mm/mm-core.ts';
import type { MmPool } from '../mm/mm-pool.ts';
import { PoolExhaustedError } from '../sync/slab.ts';
import type { Signals } from './signal.ts';

/** The new task shares the caller's mm (include/uapi/linux/sched.h). */
export const CLONE_VM = 0x100;
/** The caller sleeps until the new task has left the mm. */
export const CLONE_VFORK = 0x4000;

/** `exit_state` of tasks made at run time: where a task struct stands between clone and being released. */
export const TASK_UNUSED = 0;
export const TASK_ALIVE = 1;
/** Ended, and its parent has not waited for it yet. */
export const EXIT_ZOMBIE = 0x20;
/** A thread that has cleared its number, on which pthread_join waits. */
export const TID_CLEARED = 0x40;

/** What `vfork_done` holds when the parent was killed meanwhile. */
export const NOBODY = -1;

const T = TASK.at;

/** The task user space knows by a number. */
export function taskOf(b: KernelBuilder, k: Exec, nr: number): number {
  return b.tasks.find((task) => k.peek(task + T.nr) === nr) as number;
}

export interface CloneParts {
  /** Tasks from this number on are made at run time. */
  readonly firstTask: number;
  readonly mmPool: MmPool;
  readonly dup_mmap: Routine;
  readonly shadowStacks: ShadowStackThreads | undefined;
  readonly signals: Signals;
  /** Copies what user space of a process keeps beside its memory: variables and the state of libc. */
  copyUser(k: Exec, from: { tid: number; mm: number }, to: { tid: number; mm: number }): void;
}

/** `(flags, program, fsbase, sp) -> thread number or -errno`. `fsbase` 0: the caller's. */
export function copyProcess(c: MmCore, parts: CloneParts): Routine {
  const { b, MM } = c;
  const { firstTask, mmPool, dup_mmap, shadowStacks, signals, copyUser } = parts;
  const initTask = (k: Exec, child: number, flags: number) => {
    const vfork = flags & CLONE_VFORK;
    const thread = flags & CLONE_VM && !vfork;
    if (!thread) shadowStacks?.inherit(k, child, !vfork);
    if (thread) signals.join(k, k.task, child);
    else signals.create(k, child);
    k.poke(child + T.vfork_done, vfork ? k.task : 0);
    for (const at of [T.sigkill, T.wait_chldexit, T.futex_waiter]) k.poke(child + at, 0);
    k.poke(child + T.origin, k.tid < firstTask ? k.tid : k.peek(k.task + T.origin));
    k.poke(child + T.real_parent, thread ? 0 : k.task);
  };
  return b.add(
    routine('copy_process', ['flags', 'program', 'fsbase', 'sp', 'tid', 'mm', 'ret'], (v) => {
      const task = (k: Exec) => b.tasks[k.get(v.tid)] as number;
      return {
        alloc_task_struct(k) {
          let tid = firstTask;
          while (tid < b.tasks.length) {
            if (k.peek((b.tasks[tid] as number) + T.exit_state) === TASK_UNUSED) break;
            tid++;
          }
          if (tid === b.tasks.length) {
            throw new PoolExhaustedError(`out of tasks: the machine has ${b.tasks.length}`);
          }
          k.work(W.copy_process);
          k.set(v.tid, tid);
          k.access(task(k) + T.exit_state, ATOMIC);
          k.poke(task(k) + T.exit_state, TASK_ALIVE);
        },
        // Who had it before may be released and still on its last steps.
        finish_task_switch(k) {
          if (k.peek(task(k) + T.fp) !== 0) return k.spin(task(k) + T.on_rq);
        },
        copy_mm(k) {
          if (!(k.get(v.flags) & CLONE_VM)) {
            k.set(v.mm, mmPool.alloc(k));
            return 'dup_mmap';
          }
          k.set(v.mm, k.peek(k.task + T.mm));
          k.fetchAdd(k.get(v.mm) + MM.at.mm_users, 1);
          return 'shstk_alloc_thread_stack';
        },
        dup_mmap: (k) => k.call(dup_mmap, k.get(v.mm), k.peek(k.task + T.mm)),
        duplicated(k) {
          k.set(v.ret, k.result());
          if (k.result() === 0) return 'wake_up_new_task';
        },
        bad_fork_cleanup_mm: (k) => k.call(mmPool.mmput, k.get(v.mm)),
        bad_fork_free(k) {
          k.store(task(k) + T.exit_state, TASK_UNUSED);
          return k.ret(k.get(v.ret));
        },
        // copy_thread: a thread of a thread with a shadow stack has one of its own.
        shstk_alloc_thread_stack(k) {
          const own = !(k.get(v.flags) & CLONE_VFORK) && shadowStacks?.enabled(k);
          if (!own || shadowStacks === undefined) return 'wake_up_new_task';
          return k.call(shadowStacks.alloc_shstk, k.get(v.mm));
        },
        shstk_allocated(k) {
          k.set(v.ret, k.result());
          if (k.result() < 0) return 'bad_fork_cleanup_mm';
          shadowStacks?.assign(k, task(k), k.result());
        },
        // One step from the check for a signal on: who ends the threads of a process must not miss this one (siglock).
        wake_up_new_task(k) {
          if (k.peek(k.task + T.sigkill) !== 0) {
            k.set(v.ret, -EINTR);
            return 'bad_fork_cleanup_mm';
          }
          initTask(k, task(k), k.get(v.flags));
          k.poke(task(k) + T.mm, k.get(v.mm));
          k.poke(task(k) + T.sp, k.get(v.sp));
          k.poke(task(k) + T.fsbase, k.get(v.fsbase) || k.peek(k.task + T.fsbase));
          const from = { tid: k.tid, mm: k.peek(k.task + T.mm) };
          copyUser(k, from, { tid: k.get(v.tid), mm: k.get(v.mm) });
          k.startTask(k.get(v.tid), k.get(v.program));
          return k.ret(k.peek(task(k) + T.nr));
        },
      };
    }),
  );
}
