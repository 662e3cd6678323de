/**
 * System calls on the memory of a process named by its pid, here always the caller's own: process_vm_writev, process_vm_readv and
 * process_madvise. After mm/process_vm_access.c, mm/madvise.c and mm_access in kernel/fork.c.
 */
import { type Routine, routine, W, wordStruct } from '../machine/index.ts';
import { RWSEM } from '../sync/rwsem/index.ts';
import { ADVICE } from '../user-ops.ts';
import { FOLL_GET, FOLL_UNLOCKABLE } from './gup/flags.ts';
import { FOLL_WRITE, type Gup, gupDropped, gupPages, MAX_PINNED } from './gup/index.ts';
import { EFAULT, EINVAL, type MmCore } from './mm-core.ts';
import type { Syscalls } from './syscalls.ts';

/** process_madvise_behavior_valid: advice that destroys nothing. */
const REMOTE_ADVICE: readonly number[] = [
  ADVICE.cold,
  ADVICE.pageout,
  ADVICE.willneed,
  ADVICE.collapse,
];

export interface Remote {
  /** `(mm, start, pages) -> 0 or -EFAULT`: one vector of whole pages. */
  readonly process_vm_writev: Routine;
  readonly process_vm_readv: Routine;
  /** `(mm, start, pages, advice, vectors) -> 0 or -errno`: vectors of `pages` each, one behind the other. */
  readonly process_madvise: Routine;
  /** `(mm, start, pages, advice) -> 0 or -errno`: madvise, which populates without looking at one VMA at a time. */
  readonly madvise: Routine;
}

/** How often process_madvise takes mmap_lock: for each of its ranges, or since 6.15 once. */
export type ProcessMadviseLock = 'each_range' | 'once';

export function remote(c: MmCore, gup: Gup, sys: Syscalls, how: ProcessMadviseLock): Remote {
  const { b, mmap, rw } = c;
  const signal = wordStruct('signal_struct', { exec_update_lock: RWSEM });
  const locks = c.mms.map((_, i) => b.memory.object(signal, `signal#${i}`));
  const lockOf = (mm: number) => locks[c.mms.indexOf(mm)] as number;

  /** `(mm)`: a process that is just being replaced by exec is waited for. */
  const mm_access = b.add(
    routine('mm_access', ['mm'], (v) => ({
      down_read_killable: (k) => k.call(rw.down_read_killable, lockOf(k.get(v.mm))),
      get_task_mm(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      up_read: (k) => k.call(rw.up_read, lockOf(k.get(v.mm))),
      done: (k) => k.ret(0),
    })),
  );

  const process_vm_rw = (name: string, flags: number) =>
    b.add(
      routine(name, ['mm', 'start', 'pages', 'pinned', 'dropped'], (v) => ({
        mm_access: (k) => k.call(mm_access, k.get(v.mm)),
        accessed(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        // process_vm_rw_single_vec
        mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        pin_user_pages_remote(k) {
          const n = Math.min(k.get(v.pages), MAX_PINNED);
          const how = flags | FOLL_GET | FOLL_UNLOCKABLE;
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

  /** `(mm, start, pages, advice) -> 0 or -errno`: one vector, with mmap_lock held for reading. */
  const madvise_do_behavior = b.add(
    routine('madvise_do_behavior', ['mm', 'start', 'pages', 'advice'], (v) => ({
      madvise_walk_vmas(k) {
        const start = k.get(v.start);
        const end = start + k.get(v.pages);
        return k.call(sys.madvise_walk_vmas, k.get(v.mm), start, end, k.get(v.advice));
      },
      done: (k) => k.ret(k.result()),
    })),
  );

  const once = how === 'once';
  const advise = once ? madvise_do_behavior : sys.do_madvise;
  const process_madvise = b.add(
    routine(
      '__do_sys_process_madvise',
      ['mm', 'start', 'pages', 'advice', 'vectors', 'i', 'ret'],
      (v) => ({
        behavior_valid(k) {
          if (!REMOTE_ADVICE.includes(k.get(v.advice))) return k.ret(-EINVAL);
        },
        mm_access: (k) => k.call(mm_access, k.get(v.mm)),
        accessed(k) {
          if (k.result() !== 0) return k.ret(k.result());
        },
        madvise_lock(k) {
          if (once) return k.call(mmap.mmap_read_lock, k.get(v.mm));
        },
        next_vector(k) {
          if (k.get(v.i) >= k.get(v.vectors)) return 'madvise_unlock';
          const start = k.get(v.start) + k.get(v.i) * k.get(v.pages);
          return k.call(advise, k.get(v.mm), start, k.get(v.pages), k.get(v.advice));
        },
        advised(k) {
          k.set(v.i, k.get(v.i) + 1);
          if (k.result() >= 0) return 'next_vector';
          // What was advised before an error is the result then.
          if (k.get(v.i) === 1) k.set(v.ret, k.result());
        },
        madvise_unlock(k) {
          if (once) return k.call(mmap.mmap_read_unlock, k.get(v.mm));
        },
        done: (k) => k.ret(k.get(v.ret)),
      }),
    ),
  );

  const madvise = b.add(
    routine('__x64_sys_madvise', ['mm', 'start', 'pages', 'advice'], (v) => ({
      do_madvise(k) {
        const [mm, start, pages] = [k.get(v.mm), k.get(v.start), k.get(v.pages)];
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
