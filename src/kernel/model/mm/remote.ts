/**
 * System calls on the memory of a process named by its pid: process_vm_writev and process_vm_readv, here always the caller's own, and
 * process_madvise. After mm/process_vm_access.c, mm/madvise.c and mm_access in kernel/fork.c.
 */
import { type Routine, routine, TASK, W } from '../machine/index.ts';
import type { Signals } from '../task/signal.ts';
import { ADVICE } from '../uapi.ts';
import { ERESTARTNOINTR } from './guard.ts';
import { FOLL_PIN, FOLL_UNLOCKABLE } from './gup/flags.ts';
import { FOLL_WRITE, type Gup, gupDropped, gupPages, MAX_PINNED } from './gup/index.ts';
import { FALLBACK } from './madvise-vma-lock.ts';
import { EFAULT, EINVAL, type MmCore } from './mm-core.ts';
import type { Syscalls } from './syscalls.ts';
import { transfer } from './transfer.ts';

const ESRCH = 3;
/** process_madvise_remote_valid: advice that destroys nothing. */
const REMOTE_ADVICE: readonly number[] = [
  ADVICE.cold,
  ADVICE.pageout,
  ADVICE.willneed,
  ADVICE.collapse,
];
/** What else the own process may be advised. */
const OWN_ADVICE: readonly number[] = [
  ADVICE.dontneed,
  ADVICE.dontneed_locked,
  ADVICE.free,
  ADVICE.guard_install,
  ADVICE.guard_remove,
];

export interface Remote {
  /** `(mm, start, pages) -> 0 or -EFAULT`: one vector of whole pages. */
  readonly process_vm_writev: Routine;
  readonly process_vm_readv: Routine;
  /** `(mm, start, pages, advice, vectors, parent) -> 0 or -errno`: vectors of `pages` each, one behind the other. */
  readonly process_madvise: Routine;
  /** `(mm, start, pages, advice) -> 0 or -errno`: madvise, which populates without looking at one VMA at a time. */
  readonly madvise: Routine;
}

/** How often process_madvise takes mmap_lock: for each of its ranges, or since 6.15 once. */
export type ProcessMadviseLock = 'each_range' | 'once';

/** @param mmput `(mm)` */
export function remote(
  c: MmCore,
  gup: Gup,
  sys: Syscalls,
  how: ProcessMadviseLock,
  mmput: Routine,
  signals: Signals,
): Remote {
  const { b, MM, mmap, rw } = c;

  /**
   * `(task) -> mm, 0 when it has none, or -errno`: a process that is just being replaced by exec is waited for. Another task's mm is kept; the
   * own cannot go away.
   */
  const mm_access = b.add(
    routine('mm_access', ['task', 'sem', 'mm'], (v) => ({
      down_read_killable(k) {
        k.set(v.sem, signals.execUpdateLock(k, k.get(v.task)));
        return k.call(rw.down_read_killable, k.get(v.sem));
      },
      // Under task_lock.
      get_task_mm(k) {
        if (k.result() !== 0) return k.ret(k.result());
        const mm = k.peek(k.get(v.task) + TASK.at.mm);
        k.set(v.mm, mm);
        if (k.get(v.task) === k.task || mm === 0) return;
        k.fetchAdd(mm + MM.at.mm_users, 1);
      },
      up_read: (k) => k.call(rw.up_read, k.get(v.sem)),
      done: (k) => k.ret(k.get(v.mm)),
    })),
  );

  const process_vm_rw = (name: string, flags: number) =>
    b.add(
      routine(name, ['mm', 'start', 'pages', 'pinned', 'dropped'], (v) => ({
        mm_access: (k) => k.call(mm_access, k.task),
        accessed(k) {
          if (k.result() < 0) return k.ret(k.result());
        },
        // process_vm_rw_single_vec
        mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        pin_user_pages_remote(k) {
          const n = Math.min(k.get(v.pages), MAX_PINNED);
          const how = flags | FOLL_PIN | FOLL_UNLOCKABLE;
          return k.call(gup.__get_user_pages_locked, k.get(v.mm), k.get(v.start), n, 1, how);
        },
        pinned(k) {
          k.set(v.pinned, k.result() < 0 ? 0 : gupPages(k.result()));
          if (gupDropped(k.result())) return 'copy';
        },
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        copy(k) {
          const n = k.get(v.pinned);
          if (n === 0) return k.ret(-EFAULT);
          k.work(W.copy_page, n);
          for (let i = 0; i < n; i++) transfer(c, k, gup.pinned(k, i), flags & FOLL_WRITE);
        },
        unpin_user_pages(k) {
          const n = k.get(v.pinned);
          gup.unpin(k, n);
          k.set(v.start, k.get(v.start) + n);
          k.set(v.pages, k.get(v.pages) - n);
          return k.get(v.pages) > 0 ? 'mmap_read_lock' : k.ret(0);
        },
      })),
    );

  // What is locked for one vector stays locked for those that follow.
  const once = how === 'once';
  const tryVmaLock = sys.madviseVmaLock;
  const process_madvise = b.add(
    routine(
      '__do_sys_process_madvise',
      ['mm', 'start', 'pages', 'advice', 'vectors', 'parent', 'i', 'ret', 'held'],
      (v) => ({
        behavior_valid(k) {
          const advice = k.get(v.advice);
          // What destroys is for the own process only, and that since 6.13.
          const own = once && !k.get(v.parent) && OWN_ADVICE.includes(advice);
          if (!own && !REMOTE_ADVICE.includes(advice)) return k.ret(-EINVAL);
          if (!sys.madvise_behavior_valid(advice)) return k.ret(-EINVAL);
        },
        pidfd_get_task(k) {
          const task = k.get(v.parent) ? k.peek(k.task + TASK.at.real_parent) : k.task;
          return task === 0 ? k.ret(-ESRCH) : k.call(mm_access, task);
        },
        accessed(k) {
          if (k.result() < 0) return k.ret(k.result());
          if (k.result() === 0) return k.ret(-ESRCH);
          k.set(v.mm, k.result());
        },
        madvise_lock(k) {
          if (!once || tryVmaLock?.tries(k.get(v.advice))) return;
          k.set(v.held, 1);
          return k.call(mmap.mmap_read_lock, k.get(v.mm));
        },
        next_vector(k) {
          if (k.get(v.i) >= k.get(v.vectors)) return 'madvise_unlock';
          const start = k.get(v.start) + k.get(v.i) * k.get(v.pages);
          const mm = k.get(v.mm);
          const pages = k.get(v.pages);
          const advice = k.get(v.advice);
          if (!once) return k.callThen('advised', sys.do_madvise, mm, start, pages, advice);
          if (k.get(v.held)) return 'madvise_walk_vmas';
          return k.call(tryVmaLock?.routine as Routine, mm, start, pages, advice);
        },
        // From the vector on that needs it mmap_lock is held to the end.
        tried(k) {
          if (k.result() !== FALLBACK) return 'advised';
          k.set(v.held, 1);
          return k.call(mmap.mmap_read_lock, k.get(v.mm));
        },
        madvise_walk_vmas(k) {
          const start = k.get(v.start) + k.get(v.i) * k.get(v.pages);
          const end = start + k.get(v.pages);
          return k.call(sys.madvise_walk_vmas, k.get(v.mm), start, end, k.get(v.advice));
        },
        advised(k) {
          // The race is left to whoever waits for the lock.
          if (k.result() === -ERESTARTNOINTR) return k.get(v.held) ? 'drop_lock' : 'next_vector';
          k.set(v.i, k.get(v.i) + 1);
          if (k.result() >= 0) return 'next_vector';
          // What was advised before an error is the result then.
          if (k.get(v.i) === 1) k.set(v.ret, k.result());
        },
        madvise_unlock(k) {
          if (k.get(v.held)) return k.call(mmap.mmap_read_unlock, k.get(v.mm));
        },
        mmput(k) {
          if (k.get(v.parent)) return k.call(mmput, k.get(v.mm));
        },
        done: (k) => k.ret(k.get(v.ret)),
        drop_lock(k) {
          k.set(v.held, 0);
          return k.callThen('next_vector', mmap.mmap_read_unlock, k.get(v.mm));
        },
      }),
    ),
  );

  const madvise = b.add(
    routine('__x64_sys_madvise', ['mm', 'start', 'pages', 'advice'], (v) => ({
      do_madvise(k) {
        const mm = k.get(v.mm);
        const start = k.get(v.start);
        const pages = k.get(v.pages);
        const advice = k.get(v.advice);
        const writes = advice === ADVICE.populate_write;
        if (writes || advice === ADVICE.populate_read) {
          return k.call(gup.madvise_populate, mm, start, pages, writes ? 1 : 0);
        }
        return k.call(sys.do_madvise, mm, start, pages, advice);
      },
      done: (k) => k.ret(k.result()),
    })),
  );

  return {
    process_vm_writev: process_vm_rw('process_vm_writev', FOLL_WRITE),
    process_vm_readv: process_vm_rw('process_vm_readv', 0),
    process_madvise,
    madvise,
  };
}
