/** Processes and threads made at run time: what user space calls, and the kernel behind it. */
import type { X86Fault } from '../arch/x86/fault.ts';
import type { ShadowStackThreads } from '../arch/x86/shstk.ts';
import { type Exec, type Routine, routine, TASK, W } from '../machine/index.ts';
import type { AnonVma } from '../mm/anon-vma.ts';
import { dupMmap, type PfnmapFork } from '../mm/fork.ts';
import type { MmCore } from '../mm/mm-core.ts';
import type { MmPool } from '../mm/mm-pool.ts';
import type { Shmem } from '../mm/shmem.ts';
import type { UserfaultCtx } from '../mm/userfaultfd/index.ts';
import type { VmaAlloc } from '../mm/vma.ts';
import { posixSpawn } from '../user/posix-spawn.ts';
import { pthread } from '../user/pthread.ts';
import type { OpName } from '../user-ops.ts';
import { copyProcess } from './clone.ts';
import { deThread } from './exec/de-thread.ts';
import { type ExecParts, execRoutines } from './exec/index.ts';
import { programSteps } from './exec/start-program.ts';
import { exitRoutines } from './exit.ts';
import { mmRelease } from './mm-release.ts';
import { putUser } from './put-user.ts';
import type { Signals } from './signal.ts';
import { vforkRoutines } from './vfork.ts';

/**
 * What a program calls to make and end processes and threads. A child or thread runs a program of its own, a routine whose first
 * step calls `childBegins` or `threadBegins` and whose last calls `exit` or `threadEnds`.
 */
export interface TaskRoutines {
  /** `(program) -> pid or -errno`. */
  readonly fork: Routine;
  /** `(program) -> pid or -errno`: the child runs in the caller's memory, and the caller waits until it has exited. */
  readonly vfork: Routine;
  /** `(program) -> pid or -errno`: as vfork, on a stack of its own. */
  readonly posix_spawn: Routine;
  readonly childBegins: Routine;
  readonly vforkBegins: Routine;
  readonly spawnBegins: Routine;
  /** `(program, shift) -> 0 or -errno`. */
  readonly execve: Routine;
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
  /** A new program has none of that. */
  forgetCode(k: Exec, mm: number): void;
  readonly signals: Signals;
  readonly exec: Pick<
    ExecParts,
    'binaries' | 'edit' | 'find' | 'gup' | 'sys' | 'vm_mmap' | 'move_page_tables'
  >;
  readonly anon: AnonVma;
  readonly shm: Shmem;
  readonly alloc: VmaAlloc;
  readonly x86: X86Fault;
  readonly pfnmapFork: PfnmapFork;
  /** Absent without USERFAULTFD. */
  readonly uffd: UserfaultCtx | undefined;
  readonly user: Readonly<Record<Exclude<OpName, 'execve'>, Routine>>;
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
  const { dup_mmap } = dupMmap(c, parts.alloc, parts.anon, parts.shm, parts.pfnmapFork, parts.uffd);
  const copy_process = copyProcess(c, {
    firstTask,
    mmPool: pool,
    shadowStacks: parts.shadowStacks,
    signals: parts.signals,
    dup_mmap,
    copyUser(k, from, to) {
      for (let i = 0; i < parts.registers; i++) {
        k.poke(parts.userRegister(to.tid, i), k.peek(parts.userRegister(from.tid, i)));
      }
      threads.reclaimStacks(k, from.mm, to.mm);
      if (from.mm !== to.mm) parts.inheritCode(k, from.mm, to.mm);
    },
  });
  const { signals } = parts;
  const mm_release = mmRelease(c, {
    put_user,
    shstk_free: parts.shadowStacks?.shstk_free,
    fsbaseOf,
  });
  const { do_exit, do_wait, pause } = exitRoutines(c, {
    firstTask,
    mmput: pool.mmput,
    mm_release,
    signals,
    put_user,
    fsbaseOf,
  });
  const get_signal = b.add(
    routine('get_signal', [], () => ({
      do_exit: (k) => k.call(do_exit, 1),
      dead: (k) => k.ret(),
    })),
  );
  b.area.killed = get_signal;
  const de_thread = deThread(c, signals, get_signal);

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
  const fork_child = programSteps(c, parts.exec.binaries, user, 'forked');
  const childBegins = b.add(
    routine('ret_from_fork', [], () => ({
      // schedule_tail: CLONE_CHILD_SETTID.
      put_user: (k) => k.call(put_user, fsbaseOf(k)),
      // Pages of files are not copied: the child's first instruction faults.
      fork_child: (k) => k.call(fork_child),
      done: (k) => k.ret(),
    })),
  );
  const { vfork, vforkBegins, wait_for_vfork_done } = vforkRoutines(
    c,
    copy_process,
    put_user,
    fsbaseOf,
  );
  const spawn = posixSpawn(c, user, copy_process, wait_for_vfork_done);
  const execve = execRoutines(c, {
    ...parts.exec,
    mmPool: pool,
    alloc: parts.alloc,
    anon: parts.anon,
    x86: parts.x86,
    signals,
    put_user,
    de_thread,
    mm_release,
    user,
    newUser(k, mm) {
      threads.forget(k, mm);
      parts.forgetCode(k, mm);
    },
  });
  /** The threads of a process end with it; the one that ends it goes last, so that its parent learns of it when all are gone. */
  const exit_group = b.add(
    routine('exit_group', [], () => ({
      entry_SYSCALL_64(k) {
        k.work(W.syscall_entry);
        if (signals.others(k, k.task).length === 0) return 'do_exit';
      },
      zap_other_threads: (k) => k.call(de_thread),
      // Another thread was first and ends this one.
      group_exit: (k) => (k.result() === 0 ? 'do_exit' : k.ret()),
      do_exit: (k) => k.call(do_exit, 0),
      done: (k) => k.ret(),
    })),
  );
  const threads = pthread(c, user, copy_process, do_exit, exit_group, b.tasks.length);
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
    ...spawn,
    execve,
    exit: exit_group,
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
