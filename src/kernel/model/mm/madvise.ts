/** madvise: advice about the pages of a range, or about its VMAs. After mm/madvise.c of 6.12, and of 7.0 for the VMA lock. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import type { AnonVma } from './anon-vma.ts';
import type { FindVma } from './find-vma.ts';
import { ERESTARTNOINTR } from './guard.ts';
import { isHugeAdvice } from './khugepaged.ts';
import {
  isGuardAdvice,
  type MadviseActs,
  madviseBehavior,
  WRITE_ADVICE,
} from './madvise-behavior.ts';
import { FALLBACK, type MadviseVmaLock, madviseVmaLock } from './madvise-vma-lock.ts';
import { madviseWalk } from './madvise-walk.ts';
import { EINVAL, type MmCore } from './mm-core.ts';
import { declarePageWalkLock } from './page-walk-lock.ts';
import { pageout } from './pageout.ts';
import type { VmaEdit } from './vma-edit/index.ts';

export interface Madvise {
  /** `(mm, start, pages, advice) -> 0 or -errno`. */
  readonly do_madvise: Routine;
  /** `(mm, start, end, wrlock)`: visits the page tables of a range, VMA by VMA; mmap_lock is held, for writing if the VMAs are to be locked. */
  readonly walk_page_range: Routine;
  /** `(mm, start, end, advice) -> 0 or -errno`: advice about the pages of several VMAs; mmap_lock is held for reading. */
  readonly madvise_walk_vmas: Routine;
  /** Whether the build knows an advice. */
  madvise_behavior_valid(advice: number): boolean;
  /** What is tried before mmap_lock; `undefined` where nothing is. */
  readonly madviseVmaLock: MadviseVmaLock | undefined;
}

/** What madvise takes for advice that only touches pages of one VMA: mmap_lock, or since 6.16 the VMA's lock first. */
export type MadviseLock = 'mmap_lock' | 'vma_lock';

/** Guard regions: none before 6.13, under mmap_lock, or since 6.19 under the VMA's lock first. */
export type GuardLock = 'none' | 'mmap_lock' | 'vma_lock';

export interface MadviseParts extends Omit<MadviseActs, 'edit' | 'walk_page_range' | 'pageout'> {
  readonly anon: AnonVma;
  readonly madviseLock: MadviseLock;
  readonly guardLock: GuardLock;
}

export function madvise(
  c: MmCore,
  edit: VmaEdit,
  find: FindVma,
  { madviseLock, guardLock, anon, ...acts }: MadviseParts,
): Madvise {
  const { b, VMA, mmap, lock } = c;
  const { vm_start, vm_end } = VMA.at;

  declarePageWalkLock(c);
  /** `(mm, start, end, wrlock)`: visits the page tables of a range, VMA by VMA. After walk_page_range in mm/pagewalk.c. */
  const walk_page_range = b.add(
    routine('walk_page_range', ['mm', 'start', 'end', 'wrlock', 'vma', 'next'], (v) => ({
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
        if (k.get(v.wrlock)) return k.call(lock.vma_start_write, vma);
      },
      find_next: (k) => k.call(find.find_vma, k.get(v.mm), k.peek(k.get(v.vma) + vm_end)),
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

  const behavior = madviseBehavior(c, {
    edit,
    walk_page_range,
    pageout: pageout(c, anon, acts.shm),
    ...acts,
  });
  const madvise_walk_vmas = madviseWalk(c, find, behavior);
  const vmaLock =
    madviseLock === 'vma_lock' && b.enabled('ADVISE_SYSCALLS')
      ? madviseVmaLock(c, guardLock === 'vma_lock', behavior)
      : undefined;
  const madvise_behavior_valid = (advice: number): boolean =>
    (acts.huge.enabled || !isHugeAdvice(advice)) &&
    (guardLock !== 'none' || !isGuardAdvice(advice));

  const walk = (k: Exec, v: Readonly<Record<'mm' | 'start' | 'pages' | 'advice', number>>) => {
    const start = k.get(v.start);
    const end = start + k.get(v.pages);
    return k.call(madvise_walk_vmas, k.get(v.mm), start, end, k.get(v.advice));
  };
  const do_madvise = b.add(
    routine('do_madvise', ['mm', 'start', 'pages', 'advice', 'ret'], (v) => ({
      get_lock_mode(k) {
        const advice = k.get(v.advice);
        if (!madvise_behavior_valid(advice)) return k.ret(-EINVAL);
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
      madvise_walk_vmas: (k) => walk(k, v),
      mmap_read_unlock(k) {
        k.set(v.ret, k.result());
        return k.call(mmap.mmap_read_unlock, k.get(v.mm));
      },
      // Restarted, with its locks let go of in between.
      done: (k) => (k.get(v.ret) === -ERESTARTNOINTR ? 'get_lock_mode' : k.ret(k.get(v.ret))),

      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      locked(k) {
        return k.result() !== 0 ? k.ret(k.result()) : walk(k, v);
      },
      mmap_write_unlock(k) {
        k.set(v.ret, k.result());
        return k.callThen('done', mmap.mmap_write_unlock, k.get(v.mm));
      },
    })),
  );
  return {
    do_madvise,
    madvise_walk_vmas,
    walk_page_range,
    madvise_behavior_valid,
    madviseVmaLock: vmaLock,
  };
}
