/** madvise: advice about the pages of a range, or about its VMAs. After mm/madvise.c of 6.12, and of 7.0 for the VMA lock. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import { ADVICE } from '../user-ops.ts';
import type { FindVma } from './find-vma.ts';
import { isHugeAdvice, type Khugepaged } from './khugepaged.ts';
import { madviseBehavior, WRITE_ADVICE } from './madvise-behavior.ts';
import { madviseWalk } from './madvise-walk.ts';
import { EINVAL, type MmCore } from './mm-core.ts';
import { declarePageWalkLock } from './page-walk-lock.ts';
import type { Shmem } from './shmem.ts';
import { __VM_UFFD_FLAGS } from './structs.ts';
import type { VmaEdit } from './vma-edit/index.ts';

export interface Madvise {
  /** `(mm, start, pages, advice) -> 0 or -errno`. */
  readonly do_madvise: Routine;
  /** `(mm, start, end, wrlock)`: visits the page tables of a range, VMA by VMA; mmap_lock is held, for writing if the VMAs are to be locked. */
  readonly walk_page_range: Routine;
  /** `(mm, start, end, advice) -> 0 or -errno`: advice about the pages of several VMAs; mmap_lock is held for reading. */
  readonly madvise_walk_vmas: Routine;
}

/** What madvise takes for advice that only touches pages of one VMA: mmap_lock, or since 6.16 the VMA's lock first. */
export type MadviseLock = 'mmap_lock' | 'vma_lock';

/** Advice tried under the VMA lock where there is one (get_lock_mode in mm/madvise.c). */
const VMA_LOCK_ADVICE: readonly number[] = [ADVICE.dontneed, ADVICE.free];

/** @param madviseLock which lock advice about the pages of one VMA takes */
export function madvise(
  c: MmCore,
  edit: VmaEdit,
  find: FindVma,
  madviseLock: MadviseLock,
  huge: Khugepaged,
  shm: Shmem,
): Madvise {
  const { b, VMA, mmap, lock } = c;
  const { vm_start, vm_end, vm_flags } = VMA.at;

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

  const madviseFallback =
    madviseLock === 'vma_lock'
      ? b.fallback({
          site: 'do_madvise:try_vma_read_lock',
          file: 'mm/madvise.c',
          caller: 'do_madvise',
          tries: 'lock_vma_under_rcu',
          trigger: 'NULL, the range crosses the end of the VMA, or userfaultfd has the VMA',
          fallback: 'mmap_lock for reading, walk the VMAs',
        })
      : -1;

  const behavior = madviseBehavior(c, edit, shm, huge, walk_page_range);
  const madvise_walk_vmas = madviseWalk(c, find, behavior);

  const walk = (k: Exec, v: Readonly<Record<'mm' | 'start' | 'pages' | 'advice', number>>) => {
    const start = k.get(v.start);
    const end = start + k.get(v.pages);
    return k.call(madvise_walk_vmas, k.get(v.mm), start, end, k.get(v.advice));
  };
  const do_madvise = b.add(
    routine('do_madvise', ['mm', 'start', 'pages', 'advice', 'vma', 'ret'], (v) => ({
      get_lock_mode(k) {
        const advice = k.get(v.advice);
        if (isHugeAdvice(advice) && !huge.enabled) return k.ret(-EINVAL);
        if (WRITE_ADVICE.includes(advice)) return 'mmap_write_lock_killable';
        const one = madviseLock === 'vma_lock' && VMA_LOCK_ADVICE.includes(advice);
        return one ? 'try_vma_read_lock' : 'mmap_read_lock';
      },
      try_vma_read_lock: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.start)),
      check_range(k) {
        const vma = k.result();
        k.set(v.vma, vma);
        if (vma === 0) return 'take_mmap_lock';
        const end = k.get(v.start) + k.get(v.pages);
        // userfaultfd may have to be told, which cannot be done with a VMA lock held.
        if (end > k.load(vma + vm_end) || k.peek(vma + vm_flags) & __VM_UFFD_FLAGS) {
          return 'vma_end_read_crosses';
        }
        return k.call(behavior, vma, k.get(v.start), end, k.get(v.advice));
      },
      vma_end_read(k) {
        k.set(v.ret, Math.min(0, k.result()));
        return k.callThen('done', lock.vma_end_read, k.get(v.vma));
      },
      vma_end_read_crosses: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
      take_mmap_lock(k) {
        k.count(madviseFallback);
      },
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      madvise_walk_vmas: (k) => walk(k, v),
      mmap_read_unlock(k) {
        k.set(v.ret, k.result());
        return k.call(mmap.mmap_read_unlock, k.get(v.mm));
      },
      done: (k) => k.ret(k.get(v.ret)),

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
  return { do_madvise, madvise_walk_vmas, walk_page_range };
}
