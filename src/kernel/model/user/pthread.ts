/**
 * Threads as glibc makes them: where stacks come from, what is written to them, and what a thread that ends gives back. After
 * nptl/allocatestack.c, pthread_create.c, nptl-stack.c and pthread_join_common.c of glibc 2.36.
 */
import {
  ATOMIC,
  type Exec,
  type Routine,
  routine,
  TASK,
  TASK_KILLABLE,
  TASK_RUNNING,
  W,
  wordStruct,
} from '../machine/index.ts';
import { EINTR, type MmCore } from '../mm/mm-core.ts';
import { RLIMIT_STACK } from '../mm/stack.ts';
import { CLONE_VM, TASK_UNUSED, TID_CLEARED, taskOf } from '../task/clone.ts';
import { ADVICE, MAP_FLAGS, PROT_NONE, PROT_READ, PROT_WRITE } from '../uapi.ts';
import type { OpName } from '../user-ops.ts';

/** Pages of a stack's mapping: one guard page below what the limit allows. */
const GUARD = 1;
const STACK_PAGES = RLIMIT_STACK + GUARD;
/** Pages a thread leaves to its successor when it ends (PTHREAD_STACK_MIN). */
const KEPT = 4;
/** Unused stacks kept mapped, in pages (stack_cache_maxsize: 40 MiB). */
const CACHE_MAX = 40 * 256;
const STACK_FLAGS = MAP_FLAGS.private | MAP_FLAGS.anonymous | MAP_FLAGS.stack;
const EAGAIN = 11;

const T = TASK.at;

export interface Pthread {
  /** `(program) -> thread or -errno`. */
  readonly pthread_create: Routine;
  /** What a thread does before its function. */
  readonly start_thread: Routine;
  /** What it does after it, to its end. */
  readonly pthread_exit: Routine;
  /** `(thread) -> 0`: waits for its end and takes its stack. */
  readonly pthread_join: Routine;
  /** A new program knows of no threads. */
  forget(k: Exec, mm: number): void;
  /** The child of a fork keeps one thread: the stacks of the others are free (reclaim_stacks). */
  reclaimStacks(k: Exec, from: number, to: number): void;
}

/** @param capacity stacks one process can have */
export function pthread(
  c: MmCore,
  user: Readonly<
    Record<Extract<OpName, 'mmap' | 'mprotect' | 'write' | 'madvise' | 'munmap'>, Routine>
  >,
  copy_process: Routine,
  do_exit: Routine,
  exit_group: Routine,
  capacity: number,
): Pthread {
  const { b, mms } = c;
  const list = { array: Math.max(1, capacity) };
  const STATE = wordStruct('nptl', { used: 1, cached: 1, stack_used: list, stack_cache: list });
  const base = b.memory.pool(STATE, mms.length, 'nptl');
  const stride = Math.ceil(STATE.size / 16) * 16;
  const { used, cached, stack_used, stack_cache } = STATE.at;
  const stateOf = (mm: number): number => base + mms.indexOf(mm) * stride;
  const mine = (k: Exec): number => stateOf(k.peek(k.task + T.mm));

  const push = (k: Exec, s: number, count: number, at: number, mem: number) => {
    k.poke(s + at + k.peek(s + count), mem);
    k.poke(s + count, k.peek(s + count) + 1);
  };
  const take = (k: Exec, s: number, count: number, at: number, i: number): number => {
    const mem = k.peek(s + at + i);
    const n = k.peek(s + count);
    for (let j = i + 1; j < n; j++) k.poke(s + at + j - 1, k.peek(s + at + j));
    k.poke(s + at + n - 1, 0);
    k.poke(s + count, n - 1);
    return mem;
  };
  const indexIn = (k: Exec, s: number, count: number, at: number, mem: number): number => {
    for (let i = 0; i < k.peek(s + count); i++) if (k.peek(s + at + i) === mem) return i;
    return -1;
  };

  const pthread_create = b.add(
    routine('pthread_create', ['program', 'mem'], (v) => ({
      // stack_cache_lock is held for it; the stack freed last is taken first.
      get_cached_stack(k) {
        const s = mine(k);
        k.access(s, ATOMIC);
        if (k.peek(s + cached) === 0) return 'mmap';
        k.set(v.mem, take(k, s, cached, stack_cache, k.peek(s + cached) - 1));
        push(k, s, used, stack_used, k.get(v.mem));
        return 'write_tcb';
      },
      mmap: (k) => k.call(user.mmap, STACK_PAGES, PROT_NONE, STACK_FLAGS, 0),
      setup_stack_prot(k) {
        if (k.result() < 0) return k.ret(-EAGAIN);
        k.set(v.mem, k.result());
        return k.call(user.mprotect, k.get(v.mem) + GUARD, RLIMIT_STACK, PROT_READ | PROT_WRITE);
      },
      list_add(k) {
        const s = mine(k);
        k.access(s, ATOMIC);
        push(k, s, used, stack_used, k.get(v.mem));
      },
      write_tcb: (k) => k.call(user.write, k.get(v.mem) + RLIMIT_STACK),
      clone(k) {
        k.work(W.syscall_entry);
        return k.call(copy_process, CLONE_VM, k.get(v.program), k.get(v.mem) + RLIMIT_STACK);
      },
      done: (k) => k.ret(k.result()),
    })),
  );

  const start_thread = b.add(
    routine('start_thread', [], () => ({
      push: (k) => k.call(user.write, k.peek(k.task + T.fsbase)),
      done: (k) => k.ret(),
    })),
  );

  const pthread_exit = b.add(
    routine('pthread_exit', [], () => ({
      // From the guard page on: the range begins in one VMA and ends in the next.
      advise_stack_range: (k) => {
        // A thread that has replaced its process ends as the process.
        if (k.peek(k.task + T.fsbase) === 0) return 'exit_group';
        const mem = k.peek(k.task + T.fsbase) - RLIMIT_STACK;
        return k.call(user.madvise, mem, RLIMIT_STACK - KEPT, ADVICE.dontneed);
      },
      do_exit(k) {
        k.work(W.syscall_entry);
        return k.callThen('done', do_exit, 1);
      },
      exit_group: (k) => k.call(exit_group),
      done: (k) => k.ret(),
    })),
  );

  const pthread_join = b.add(
    routine('pthread_join', ['thread', 'mem'], (v) => {
      const task = (k: Exec) => taskOf(b, k, k.get(v.thread));
      return {
        read_tid(k) {
          if (k.load(task(k) + T.exit_state) === TID_CLEARED) return 'deallocate_stack';
          k.work(W.syscall_entry);
        },
        futex_queue(k) {
          k.store(task(k) + T.futex_waiter, k.task);
        },
        set_current_state(k) {
          k.store(k.task + T.__state, TASK_KILLABLE);
        },
        futex_wait(k) {
          if (k.load(task(k) + T.exit_state) === TID_CLEARED) return 'set_running';
          return k.schedule();
        },
        woken: (k) => (k.load(k.task + T.sigkill) === 0 ? 'set_current_state' : k.ret(-EINTR)),
        set_running(k) {
          k.store(k.task + T.__state, TASK_RUNNING);
        },
        deallocate_stack(k) {
          const s = mine(k);
          const mem = k.peek(task(k) + T.fsbase) - RLIMIT_STACK;
          k.access(s, ATOMIC);
          take(k, s, used, stack_used, indexIn(k, s, used, stack_used, mem));
          push(k, s, cached, stack_cache, mem);
        },
        free_tcb(k) {
          k.store(task(k) + T.exit_state, TASK_UNUSED);
        },
        free_stacks(k) {
          const s = mine(k);
          k.access(s, ATOMIC);
          if (k.peek(s + cached) * STACK_PAGES <= CACHE_MAX) return k.ret(0);
          return k.callThen(
            'free_stacks',
            user.munmap,
            take(k, s, cached, stack_cache, 0),
            STACK_PAGES,
          );
        },
      };
    }),
  );

  b.waitsIn(pthread_join, (k, { thread = 0 }) => ({
    kind: 'futex',
    object: `task ${thread}`,
    text: 'the futex of a thread to be cleared at its end',
    holders: [taskOf(b, k, thread)],
  }));

  return {
    pthread_create,
    start_thread,
    pthread_exit,
    pthread_join,
    forget: (k, mm) => k.fill(0, stateOf(mm), stateOf(mm) + STATE.size),
    reclaimStacks(k, from, to) {
      if (from === to) return;
      const own = k.peek(k.task + T.fsbase) - RLIMIT_STACK;
      const a = stateOf(from);
      const z = stateOf(to);
      k.fill(0, z, z + STATE.size);
      for (let i = 0; i < k.peek(a + cached); i++) {
        push(k, z, cached, stack_cache, k.peek(a + stack_cache + i));
      }
      for (let i = 0; i < k.peek(a + used); i++) {
        const mem = k.peek(a + stack_used + i);
        if (mem === own) push(k, z, used, stack_used, mem);
        else push(k, z, cached, stack_cache, mem);
      }
    },
  };
}
