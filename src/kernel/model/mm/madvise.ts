/** madvise: advice about the pages of a range, or about its VMAs. After mm/madvise.c of 6.12, and of 7.0 for the VMA lock. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import { ADVICE } from '../user-ops.ts';
import type { FindVma } from './find-vma.ts';
import type { Populate } from './gup/index.ts';
import { isHugeAdvice, type Khugepaged } from './khugepaged.ts';
import { advisedFlags, madviseWalk, WRITE_ADVICE } from './madvise-walk.ts';
import { EINVAL, ENOMEM, EPERM, type MmCore } from './mm-core.ts';
import { sealForbids } from './mseal.ts';
import { declarePageWalkLock } from './page-walk-lock.ts';
import { __VM_UFFD_FLAGS, VM_LOCKED } from './structs.ts';
import type { VmaEdit } from './vma-edit/index.ts';

export interface Madvise {
  /** `(mm, start, pages, advice) -> 0 or -errno`. */
  readonly do_madvise: Routine;
  /** `(mm, start, end)`: visits the page tables of a range, VMA by VMA; mmap_lock is held. */
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
  _populate: Populate,
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

  /** Why a VMA does not take advice about its pages, or 0: it is sealed, or locked in memory. */
  const refuses = (k: Exec, vma: number, advice: number): number => {
    if (sealForbids(c, k, vma, advice)) return -EPERM;
    const locked = k.peek(vma + vm_flags) & VM_LOCKED && advice !== ADVICE.willneed;
    return locked ? -EINVAL : 0;
  };
  const madvise_walk_vmas = madviseWalk(c, find, edit, walk_page_range, refuses);

  const do_madvise = b.add(
    routine('do_madvise', ['mm', 'start', 'pages', 'advice', 'vma', 'flags', 'ret'], (v) => ({
      get_lock_mode(k) {
        if (isHugeAdvice(k.get(v.advice)) && !huge.enabled) return k.ret(-EINVAL);
        if (madviseLock === 'vma_lock' && VMA_LOCK_ADVICE.includes(k.get(v.advice))) {
          return 'try_vma_read_lock';
        }
        return WRITE_ADVICE.includes(k.get(v.advice))
          ? 'mmap_write_lock_killable'
          : 'mmap_read_lock';
      },
      try_vma_read_lock: (k) => k.call(lock.lock_vma_under_rcu, k.get(v.mm), k.get(v.start)),
      check_range(k) {
        const vma = k.result();
        k.set(v.vma, vma);
        if (vma === 0) return 'take_mmap_lock';
        if (k.get(v.start) + k.get(v.pages) > k.load(vma + vm_end)) return 'vma_end_read_crosses';
        // userfaultfd may have to be told, which cannot be done with a VMA lock held.
        if (k.peek(vma + vm_flags) & __VM_UFFD_FLAGS) return 'vma_end_read_crosses';
        k.set(v.ret, refuses(k, vma, k.get(v.advice)));
        if (k.get(v.ret) !== 0) return 'vma_end_read';
        if (k.get(v.advice) === ADVICE.free) {
          k.work(W.unmap_setup);
          return 'vma_end_read';
        }
      },
      zap_under_vma_lock: (k) =>
        k.call(edit.zap_page_range, k.get(v.mm), k.get(v.start), k.get(v.start) + k.get(v.pages)),
      vma_end_read: (k) => k.callThen('done', lock.vma_end_read, k.get(v.vma)),
      vma_end_read_crosses: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
      take_mmap_lock(k) {
        k.count(madviseFallback);
      },
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      find_read(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.start));
        const end = k.get(v.start) + k.get(v.pages);
        if (vma === 0 || k.peek(vma + vm_start) > k.get(v.start)) {
          k.set(v.ret, -ENOMEM);
          return 'mmap_read_unlock';
        }
        if (k.get(v.advice) === ADVICE.collapse) {
          const start = k.get(v.start);
          if (k.peek(vma + vm_end) < end) {
            k.set(v.ret, -ENOMEM);
            return 'mmap_read_unlock';
          }
          return k.callThen('walked', huge.madvise_collapse, k.get(v.mm), vma, start, end);
        }
        if (k.peek(vma + vm_end) < end) return 'madvise_walk_vmas';
        k.set(v.ret, refuses(k, vma, k.get(v.advice)));
        if (k.get(v.ret) !== 0) return 'mmap_read_unlock';
        if (k.get(v.advice) === ADVICE.dontneed) return 'zap';
        return k.get(v.advice) === ADVICE.willneed ? 'mmap_read_unlock' : 'walk_page_range';
      },
      zap: (k) =>
        k.callThen(
          'mmap_read_unlock',
          edit.zap_page_range,
          k.get(v.mm),
          k.get(v.start),
          k.get(v.start) + k.get(v.pages),
        ),
      // FREE and COLD mark pages; nothing the model's counters show changes until reclaim runs.
      walk_page_range: (k) =>
        k.callThen(
          'mmap_read_unlock',
          walk_page_range,
          k.get(v.mm),
          k.get(v.start),
          k.get(v.start) + k.get(v.pages),
        ),
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(k.get(v.ret)),
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
  return { do_madvise, madvise_walk_vmas, walk_page_range };
}
