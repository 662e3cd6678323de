/** Processes and threads made at run time: what user space calls, and the kernel behind it. */
import type { X86Fault } from '../arch/x86/fault.ts';
import type { ShadowStackThreads } from '../arch/x86/shstk.ts';
import {
  type Exec,
  type Routine,
  routine,
  TASK,
  TASK_RUNNING,
  TASK_UNINTERRUPTIBLE,
  W,
} from '../machine/index.ts';
import type { AnonVma } from '../mm/anon-vma.ts';
import { dupMmap, type PfnmapFork } from '../mm/fork.ts';
import type { MmCore } from '../mm/mm-core.ts';
import type { MmPool } from '../mm/mm-pool.ts';
import type { Shmem } from '../mm/shmem.ts';
import type { VmaAlloc } from '../mm/vma.ts';
import { FORKED } from '../process.ts';
import { pthread } from '../user/pthread.ts';
import type { OpName } from '../user-ops.ts';
import { CLONE_VFORK, CLONE_VM, copyProcess } from './clone.ts';
import { exitRoutines } from './exit.ts';
import { putUser } from './put-user.ts';

/**
 * What a program calls to make and end processes and threads. A child or thread runs a program of its own, a routine whose first
 * step calls `childBegins` or `threadBegins` and whose last calls `exit` or `threadEnds`.
 */
export interface TaskRoutines {
  /** `(program) -> pid or -errno`. */
  readonly fork: Routine;
  /** `(program) -> pid or -errno`: the child runs in the caller's memory, and the caller waits until it has exited. */
  readonly vfork: Routine;
  readonly childBegins: Routine;
  readonly vforkBegins: Routine;
  readonly exit: Routine;
  /** `(pid) -> pid or -errno`: 0 waits for any child. */
  readonly wait: Routine;
  readonly pause: Routine;
  /** `(program) -> thread or -errno`. */
  readonly pthread_create: Routine;
  readonly threadBegins: Routine;
  readonly threadEnds: Routine;
  /** `(thread) -> 0`. */
  readonly pthread_join: Routine;
  /** Thread a task descends from that the machine started with. */
  ancestor(k: Exec, tid: number): number;
  /** Whether an mm is an address space now, for invariants in tests. */
  mmInUse(k: Exec, mm: number): boolean;
}

export interface TaskParts {
  readonly mmPool: MmPool;
  readonly shadowStacks: ShadowStackThreads | undefined;
  /** What the code of a new process keeps of its parent's beside its pages. */
  inheritCode(k: Exec, from: number, to: number): void;
  readonly anon: AnonVma;
  readonly shm: Shmem;
  readonly alloc: VmaAlloc;
  readonly x86: X86Fault;
  readonly pfnmapFork: PfnmapFork;
  readonly user: Readonly<Record<OpName, Routine>>;
  /** Address of a variable of user space. */
  userRegister(tid: number, index: number): number;
  readonly registers: number;
}

export function taskRoutines(c: MmCore, parts: TaskParts): TaskRoutines {
  const { b, MM } = c;
  const { user } = parts;
  const firstTask = b.size.processOf.length;
  const T = TASK.at;
  const mmOf = (k: Exec) => k.peek(k.task + T.mm);
  const fsbaseOf = (k: Exec) => k.peek(k.task + T.fsbase) || k.peek(mmOf(k) + MM.at.start_brk);
  // A thread's stack begins in the page of its control block.
  const stackOf = (k: Exec) => k.peek(k.task + T.fsbase) || k.peek(mmOf(k) + MM.at.start_stack);

  const put_user = putUser(b, c.pt, parts.x86);
  const pool = parts.mmPool;
  const { dup_mmap } = dupMmap(c, parts.alloc, parts.anon, parts.shm, parts.pfnmapFork);
  const copy_process = copyProcess(c, {
    firstTask,
    mmPool: pool,
    shadowStacks: parts.shadowStacks,
    dup_mmap,
    copyUser(k, from, to) {
      for (let i = 0; i < parts.registers; i++) {
        k.poke(parts.userRegister(to.tid, i), k.peek(parts.userRegister(from.tid, i)));
      }
      threads.reclaimStacks(k, from.mm, to.mm);
      if (from.mm !== to.mm) parts.inheritCode(k, from.mm, to.mm);
    },
  });
  const { do_exit, do_wait, pause } = exitRoutines(c, {
    firstTask,
    mmput: pool.mmput,
    shstk_free: parts.shadowStacks?.shstk_free,
    put_user,
    fsbaseOf,
  });
  const threads = pthread(c, user, copy_process, do_exit, b.tasks.length);

  const fork = b.add(
    routine('fork', ['program', 'pid'], (v) => ({
      entry_SYSCALL_64(k) {
        k.work(W.syscall_entry);
        return k.call(copy_process, 0, k.get(v.program), 0);
      },
      // The stack the caller returns to is shared with the child now.
      sysretq(k) {
        k.set(v.pid, k.result());
        return k.call(user.write, stackOf(k));
      },
      done: (k) => k.ret(k.get(v.pid)),
    })),
  );
  const vfork = b.add(
    routine('vfork', ['program', 'pid'], (v) => ({
      entry_SYSCALL_64(k) {
        k.work(W.syscall_entry);
        return k.call(copy_process, CLONE_VM | CLONE_VFORK, k.get(v.program), 0);
      },
      cloned(k) {
        k.set(v.pid, k.result());
      },
      set_current_state(k) {
        k.store(k.task + T.__state, TASK_UNINTERRUPTIBLE);
      },
      wait_for_vfork_done(k) {
        if (k.load((b.tasks[k.get(v.pid)] as number) + T.vfork_done) === 0) return 'set_running';
        return k.schedule();
      },
      woken: () => 'set_current_state',
      set_running(k) {
        k.store(k.task + T.__state, TASK_RUNNING);
      },
      // rseq, as after every sleep.
      exit_to_user_mode: (k) => k.call(put_user, fsbaseOf(k)),
      done: (k) => k.ret(k.get(v.pid)),
    })),
  );
  b.waitsIn(vfork, (_k, { pid = 0 }) => ({
    kind: 'task',
    object: `task ${pid}`,
    text: 'the child of a vfork to leave its memory',
    holders: [b.tasks[pid] as number],
  }));
  // Nothing is set up for a child that borrows its parent's stack.
  const vforkBegins = b.add(
    routine('vfork_child', [], () => ({
      schedule_tail: (k) => k.ret(),
    })),
  );
  const childBegins = b.add(
    routine('ret_from_fork', [], () => ({
      // schedule_tail: CLONE_CHILD_SETTID.
      put_user: (k) => k.call(put_user, fsbaseOf(k)),
      // Pages of files are not copied: the child's first instruction faults.
      fetch: (k) => k.call(user.read, FORKED.fork),
      reclaim_stacks: (k) => k.call(user.write, FORKED.bss),
      list_init: (k) => k.call(user.write, FORKED.data),
      push: (k) => k.call(user.write, stackOf(k)),
      main: (k) => k.call(user.read, FORKED.main),
      done: (k) => k.ret(),
    })),
  );
  const syscall = (name: string, target: Routine) =>
    b.add(
      routine(name, ['a'], (v) => ({
        entry_SYSCALL_64(k) {
          k.work(W.syscall_entry);
          return k.call(target, k.get(v.a));
        },
        sysretq: (k) => k.ret(k.result()),
      })),
    );
  return {
    fork,
    vfork,
    childBegins,
    vforkBegins,
    exit: syscall('exit_group', do_exit),
    wait: syscall('wait4', do_wait),
    pause: syscall('pause', pause),
    pthread_create: threads.pthread_create,
    threadBegins: threads.start_thread,
    threadEnds: threads.pthread_exit,
    pthread_join: threads.pthread_join,
    ancestor(k, tid) {
      return tid < firstTask ? tid : k.peek((b.tasks[tid] as number) + T.origin);
    },
    mmInUse: (k, mm) => pool.inUse(k, mm),
  };
}
