/** madvise: advice about the pages of a range, or about its VMAs. After mm/madvise.c of 6.12, and of 7.0 for the VMA lock. */
import { type Routine, routine, W } from '../machine/index.ts';
import { ADVICE } from '../user-ops.ts';
import type { FindVma } from './find-vma.ts';
import { ERESTARTNOINTR, type Guard } from './guard.ts';
import { isHugeAdvice, type Khugepaged } from './khugepaged.ts';
import { madvisePages } from './madvise-pages.ts';
import { FALLBACK, type MadviseVmaLock, madviseVmaLock } from './madvise-vma-lock.ts';
import { advisedFlags, madviseWalk, WRITE_ADVICE } from './madvise-walk.ts';
import { EINVAL, ENOMEM, type MmCore } from './mm-core.ts';
import { declarePageWalkLock } from './page-walk-lock.ts';
import type { VmaEdit } from './vma-edit/index.ts';

export interface Madvise {
  /** `(mm, start, pages, advice) -> 0 or -errno`. */
  readonly do_madvise: Routine;
  /** `(mm, start, end)`: visits the page tables of a range, VMA by VMA; mmap_lock is held. */
  readonly walk_page_range: Routine;
  /** `(mm, start, end, advice) -> 0 or -errno`: advice about the pages of several VMAs; mmap_lock is held for reading. */
  readonly madvise_walk_vmas: Routine;
  /** What is tried before mmap_lock; `undefined` where nothing is. */
  readonly madviseVmaLock: MadviseVmaLock | undefined;
}

/** What madvise takes for advice that only touches pages of one VMA: mmap_lock, or since 6.16 the VMA's lock first. */
export type MadviseLock = 'mmap_lock' | 'vma_lock';

/** Guard regions: none before 6.13, under mmap_lock, or since 6.19 under the VMA's lock first. */
export type GuardLock = 'none' | 'mmap_lock' | 'vma_lock';

const isGuardAdvice = (advice: number): boolean =>
  advice === ADVICE.guard_install || advice === ADVICE.guard_remove;

/** @param madviseLock which lock advice about the pages of one VMA takes */
export function madvise(
  c: MmCore,
  edit: VmaEdit,
  find: FindVma,
  madviseLock: MadviseLock,
  guardLock: GuardLock,
  huge: Khugepaged,
  guards: Guard,
): Madvise {
  const { b, VMA, mmap, lock, tree } = c;
  const { vm_start, vm_end, vm_flags, vm_file } = VMA.at;

  declarePageWalkLock(c);
  /** `(mm, start, end)`: visits the page tables of a range, VMA by VMA. After walk_page_range in mm/pagewalk.c. */
  const walk_page_range = b.add(
    routine('walk_page_range', ['mm', 'start', 'end', 'vma', 'next'], (v) => ({
      find_vma(k) {
        return k.call(find.find_vma, k.get(v.mm), k.get(v.start));
      },
      found(k) {
        k.set(v.vma, k.result());
      },
      choose(k) {
        const vma = k.get(v.vma);
        const end = k.get(v.end);
        const start = vma === 0 ? end : k.load(vma + vm_start);
        if (k.get(v.start) < start) {
          k.set(v.next, Math.min(end, start));
          return 'advance';
        }
        k.set(v.next, Math.min(end, k.peek(vma + vm_end)));
        return k.call(find.find_vma, k.get(v.mm), k.peek(vma + vm_end));
      },
      walk_pgd_range(k) {
        k.set(v.vma, k.result());
        k.work(W.unmap_setup);
      },
      advance(k) {
        k.set(v.start, k.get(v.next));
        return k.get(v.start) < k.get(v.end) ? 'choose' : k.ret();
      },
    })),
  );

  const madvise_vma_behavior = madvisePages(c, edit, guards, walk_page_range);
  const madvise_walk_vmas = madviseWalk(c, find, madvise_vma_behavior);
  const vmaLock =
    madviseLock === 'vma_lock' && b.enabled('ADVISE_SYSCALLS')
      ? madviseVmaLock(c, guardLock === 'vma_lock', madvise_vma_behavior)
      : undefined;

  const do_madvise = b.add(
    routine('do_madvise', ['mm', 'start', 'pages', 'advice', 'vma', 'flags', 'ret'], (v) => ({
      get_lock_mode(k) {
        const advice = k.get(v.advice);
        if (isHugeAdvice(advice) && !huge.enabled) return k.ret(-EINVAL);
        if (isGuardAdvice(advice) && guardLock === 'none') return k.ret(-EINVAL);
        if (vmaLock?.tries(advice)) return 'try_vma_read_lock';
        return WRITE_ADVICE.includes(advice) ? 'mmap_write_lock_killable' : 'mmap_read_lock';
      },
      try_vma_read_lock: (k) =>
        k.call(
          vmaLock?.routine as Routine,
          k.get(v.mm),
          k.get(v.start),
          k.get(v.pages),
          k.get(v.advice),
        ),
      tried(k) {
        k.set(v.ret, k.result());
        if (k.result() !== FALLBACK) return 'done';
      },
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      find_read(k) {
        if (k.get(v.advice) !== ADVICE.collapse) return 'madvise_walk_vmas';
        const vma = tree.find(k, k.get(v.mm), k.get(v.start));
        const end = k.get(v.start) + k.get(v.pages);
        if (vma !== 0 && k.peek(vma + vm_start) <= k.get(v.start) && k.peek(vma + vm_end) >= end) {
          const start = k.get(v.start);
          return k.callThen('walked', huge.madvise_collapse, k.get(v.mm), vma, start, end);
        }
        k.set(v.ret, -ENOMEM);
        return 'mmap_read_unlock';
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      // Restarted, with its locks let go of in between.
      done: (k) => (k.get(v.ret) === -ERESTARTNOINTR ? 'get_lock_mode' : k.ret(k.get(v.ret))),
      madvise_walk_vmas(k) {
        const end = k.get(v.start) + k.get(v.pages);
        return k.call(madvise_walk_vmas, k.get(v.mm), k.get(v.start), end, k.get(v.advice));
      },
      walked(k) {
        k.set(v.ret, k.result());
        return 'mmap_read_unlock';
      },

      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
      },
      find_write(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.start));
        const end = k.get(v.start) + k.get(v.pages);
        k.set(v.vma, vma);
        if (vma === 0 || k.peek(vma + vm_start) > k.get(v.start) || k.peek(vma + vm_end) < end) {
          k.set(v.ret, -ENOMEM);
          return 'mmap_write_unlock';
        }
        const advice = k.get(v.advice);
        const flags = advisedFlags(advice, k.peek(vma + vm_flags), k.peek(vma + vm_file));
        if (flags < 0) {
          k.set(v.ret, flags);
          return 'mmap_write_unlock';
        }
        k.set(v.flags, flags);
        if (flags === k.peek(vma + vm_flags)) return 'mmap_write_unlock';
      },
      vma_modify_flags(k) {
        const start = k.get(v.start);
        const end = start + k.get(v.pages);
        return k.call(edit.vma_modify_flags, k.get(v.mm), k.get(v.vma), start, end, k.get(v.flags));
      },
      vma_start_write(k) {
        k.set(v.vma, k.result());
        return k.call(lock.vma_start_write, k.get(v.vma));
      },
      vm_flags_reset(k) {
        lock.assertWriteLocked(k, k.get(v.vma));
        k.store(k.get(v.vma) + vm_flags, k.get(v.flags));
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done_write: (k) => k.ret(k.get(v.ret)),
    })),
  );
  return { do_madvise, madvise_walk_vmas, walk_page_range, madviseVmaLock: vmaLock };
}
