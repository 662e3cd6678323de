/** What advice does to one VMA: to its pages, or to its flags. After madvise_vma_behavior in mm/madvise.c of 6.12. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import { ADVICE, UFFD_FEATURES } from '../uapi.ts';
import type { Guard } from './guard.ts';
import { hugeAdviceFlags, isHugeAdvice, type Khugepaged } from './khugepaged.ts';
import { ksmCompatible } from './ksm.ts';
import { EACCES, EBADF, EINVAL, ENOMEM, EPERM, type MmCore } from './mm-core.ts';
import { sealForbids } from './mseal.ts';
import type { Pageout } from './pageout.ts';
import type { Shmem } from './shmem.ts';
import {
  isSpecialMapping,
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_HUGETLB,
  VM_LOCKED,
  VM_MERGEABLE,
  VM_OPS_ANON,
  VM_OPS_BINDER,
  VM_OPS_HUGETLB,
  VM_OPS_TCP,
  VM_PFNMAP,
  VM_RAND_READ,
  VM_SEQ_READ,
  VM_SHARED,
  VM_UFFD_WP,
  VM_WIPEONFORK,
} from './structs.ts';
import { KEEP_GUARDS, KEEP_UFFD_WP, type VmaEdit } from './vma-edit/index.ts';

/** Advice that marks the VMA itself and so needs mmap_lock for writing; the rest acts on its pages (madvise_need_mmap_write). */
export const WRITE_ADVICE: readonly number[] = [
  ADVICE.normal,
  ADVICE.random,
  ADVICE.sequential,
  ADVICE.hugepage,
  ADVICE.nohugepage,
  ADVICE.dontfork,
  ADVICE.dofork,
  ADVICE.wipeonfork,
  ADVICE.keeponfork,
  ADVICE.dontdump,
  ADVICE.dodump,
  ADVICE.mergeable,
  ADVICE.unmergeable,
];
const ZAPS: readonly number[] = [ADVICE.dontneed, ADVICE.dontneed_locked];
/** What memory that is locked in bears. */
const BEARS_LOCKED: readonly number[] = [ADVICE.dontneed_locked, ADVICE.guard_remove];

/** Whether advice is about guard regions. */
export function isGuardAdvice(advice: number): boolean {
  return advice === ADVICE.guard_install || advice === ADVICE.guard_remove;
}

/** What acts on one VMA's pages. */
export interface MadviseActs {
  readonly edit: VmaEdit;
  readonly shm: Shmem;
  readonly huge: Khugepaged;
  readonly guards: Guard;
  /** `(mm, start, end)`: mmap_lock is held. */
  readonly walk_page_range: Routine;
  readonly pageout: Pageout;
}

/** The flags a VMA has after advice that marks it, or -errno. */
function advisedFlags(
  advice: number,
  flags: number,
  file: number,
  special: boolean,
  mergeable: boolean,
): number {
  if (isHugeAdvice(advice)) return hugeAdviceFlags(advice, flags);
  const unread = flags & ~(VM_SEQ_READ | VM_RAND_READ);
  switch (advice) {
    case ADVICE.sequential:
      return unread | VM_SEQ_READ;
    case ADVICE.random:
      return unread | VM_RAND_READ;
    case ADVICE.dontfork:
      return flags | VM_DONTCOPY;
    case ADVICE.dofork:
      return flags & VM_PFNMAP ? -EINVAL : flags & ~VM_DONTCOPY;
    case ADVICE.wipeonfork:
      return file !== 0 || flags & VM_SHARED ? -EINVAL : flags | VM_WIPEONFORK;
    case ADVICE.keeponfork:
      return flags & ~VM_WIPEONFORK;
    case ADVICE.dontdump:
      return flags | VM_DONTDUMP;
    case ADVICE.dodump:
      return special ? -EINVAL : flags & ~VM_DONTDUMP;
    // ksm_madvise: what cannot be merged ignores it (vma_ksm_compatible). ksmd itself is off until somebody turns it on.
    case ADVICE.mergeable:
      return mergeable ? flags | VM_MERGEABLE : flags;
    case ADVICE.unmergeable:
      return flags & ~VM_MERGEABLE;
    default:
      return unread;
  }
}

/**
 * @returns `(vma, start, end, advice, vma_locked) -> VMA, 0 or -errno`: the VMA the range lies in afterwards, 0 when mmap_lock was dropped
 * and taken again. mmap_lock or, if `vma_locked`, only the VMA is held.
 */
export function madviseBehavior(c: MmCore, acts: MadviseActs): Routine {
  const { edit, shm, huge, guards, pageout, walk_page_range } = acts;
  const { b, VMA, mmap, lock, swap, tree } = c;
  const { vm_start, vm_end, vm_flags, vm_file, vm_ops, vm_mm, vm_pgoff, anon_vma } = VMA.at;
  const span = c.pt.span;
  const configured = b.enabled('SWAP');

  /** Why a VMA does not take advice about its pages, or 0. */
  const refuses = (k: Exec, vma: number, start: number, advice: number): number => {
    const flags = k.peek(vma + vm_flags);
    if (advice === ADVICE.cold || advice === ADVICE.pageout) {
      return flags & (VM_LOCKED | VM_PFNMAP | VM_HUGETLB) ? -EINVAL : 0;
    }
    // is_valid_guard_vma
    if (isGuardAdvice(advice) && (isSpecial(k, vma) || flags & VM_HUGETLB)) return -EINVAL;
    if (flags & VM_HUGETLB) return advice !== ADVICE.free && start % span === 0 ? 0 : -EINVAL;
    const locked = BEARS_LOCKED.includes(advice) ? 0 : VM_LOCKED;
    if (flags & (VM_PFNMAP | locked)) return -EINVAL;
    return advice === ADVICE.free && k.peek(vma + vm_ops) !== VM_OPS_ANON ? -EINVAL : 0;
  };
  /** Page of the file behind an address. */
  const indexOf = (k: Exec, vma: number, page: number) =>
    page - k.peek(vma + vm_start) + k.peek(vma + vm_pgoff);
  /** VM_SPECIAL: what a driver or the kernel has mapped. */
  const isSpecial = (k: Exec, vma: number) => {
    const ops = k.peek(vma + vm_ops);
    return isSpecialMapping(ops) || ops === VM_OPS_TCP || ops === VM_OPS_BINDER;
  };

  return b.add(
    routine(
      'madvise_vma_behavior',
      ['vma', 'start', 'end', 'advice', 'vma_locked', 'mm', 'flags', 'file', 'dropped', 'ret'],
      (v) => ({
        can_modify_vma_madv(k) {
          const vma = k.get(v.vma);
          const advice = k.get(v.advice);
          k.access(vma, 0);
          k.set(v.mm, k.peek(vma + vm_mm));
          k.set(v.file, k.peek(vma + vm_file));
          if (sealForbids(c, k, vma, advice)) return k.ret(-EPERM);
          if (WRITE_ADVICE.includes(advice)) return 'new_flags';
          if (advice === ADVICE.willneed) return 'madvise_willneed';
          if (advice === ADVICE.remove) return 'madvise_remove';
          if (advice === ADVICE.collapse) {
            const { mm, start, end } = v;
            const to = k.get(end);
            return k.callThen('collapsed', huge.madvise_collapse, k.get(mm), vma, k.get(start), to);
          }
          const refused = refuses(k, vma, k.get(v.start), advice);
          if (refused !== 0) return k.ret(refused);
          if (isGuardAdvice(advice)) return 'guard';
          const frees = ZAPS.includes(advice) || advice === ADVICE.free;
          if (frees && edit.events?.notices(k, vma, UFFD_FEATURES.event_remove)) {
            k.set(v.dropped, 1);
            return 'userfaultfd_remove';
          }
          if (!ZAPS.includes(advice)) return 'walk_page_range';
          return 'madvise_dontneed_single_vma';
        },
        madvise_dontneed_single_vma(k) {
          const vma = k.get(v.vma);
          // Asked for in small pages, but never more is thrown away than was named.
          if (k.peek(vma + vm_flags) & VM_HUGETLB)
            k.set(v.end, k.get(v.end) - (k.get(v.end) % span));
          if (k.get(v.start) >= k.get(v.end)) return 'done';
          const watched = k.get(v.file) !== 0 && k.peek(vma + vm_flags) & VM_UFFD_WP;
          const keep = KEEP_GUARDS | (watched ? KEEP_UFFD_WP : 0);
          const start = k.get(v.start);
          const end = k.get(v.end);
          const mm = k.get(v.mm);
          if (edit.isHugetlb(k, vma)) {
            return k.callThen('done', edit.zap_hugetlb_range, mm, vma, start, end, keep);
          }
          return k.callThen('done', edit.zap_page_range, mm, start, end, keep);
        },
        // FREE and COLD only mark pages that are there; nothing the counters show changes until reclaim runs.
        walk_page_range(k) {
          const { mm, start, end } = v;
          if (!k.get(v.vma_locked))
            return k.call(walk_page_range, k.get(mm), k.get(start), k.get(end));
          // The VMA that is held is the only one of the range.
          k.work(W.unmap_setup);
        },
        walk_pte_range(k) {
          const vma = k.get(v.vma);
          const start = k.get(v.start);
          const end = k.get(v.end);
          if (k.get(v.advice) === ADVICE.free) {
            return k.callThen('done', pageout.madvise_free, k.get(v.mm), start, end);
          }
          if (swap.room === 0) return 'done';
          const reclaims = k.get(v.advice) === ADVICE.pageout && swap.isOn(k);
          return reclaims ? k.callThen('done', pageout.madvise_pageout, vma, start, end) : 'done';
        },
        guard(k) {
          const mm = k.get(v.mm);
          const start = k.get(v.start);
          const end = k.get(v.end);
          return k.get(v.advice) === ADVICE.guard_install
            ? k.call(guards.madvise_guard_install, mm, start, end, k.get(v.vma))
            : k.call(guards.madvise_guard_remove, mm, start, end);
        },
        guarded(k) {
          if (k.result() < 0) return k.ret(k.result());
        },
        done: (k) => k.ret(k.get(v.dropped) ? 0 : k.get(v.vma)),

        // Until it has been read of, others may change the mappings.
        userfaultfd_remove: (k) =>
          k.call(edit.events?.userfaultfd_remove as Routine, k.get(v.vma), k.get(v.start)),
        mmap_read_relock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        vma_lookup(k) {
          const vma = tree.walk(k, k.get(v.mm), k.get(v.start));
          if (vma === 0) return k.ret(-ENOMEM);
          const refused = refuses(k, vma, k.get(v.start), k.get(v.advice));
          if (refused !== 0) return k.ret(refused);
          k.set(v.vma, vma);
          k.set(v.file, k.peek(vma + vm_file));
          k.set(v.end, Math.min(k.get(v.end), k.peek(vma + vm_end)));
          return ZAPS.includes(k.get(v.advice)) ? 'madvise_dontneed_single_vma' : 'walk_page_range';
        },
        collapsed: (k) => k.ret(k.result() < 0 ? k.result() : 0),

        // A file system may take locks of its own: not under mmap_lock.
        madvise_willneed(k) {
          if (configured) return 'swapin_walk';
          if (k.get(v.file) === 0) return k.ret(-EBADF);
        },
        get_file(k) {
          shm.get(k, k.get(v.file));
          return k.callThen('vfs_fadvise', mmap.mmap_read_unlock, k.get(v.mm));
        },
        vfs_fadvise(k) {
          shm.put(k, k.get(v.file));
          return k.callThen('dropped', mmap.mmap_read_lock, k.get(v.mm));
        },
        // Only what is in swap can be missing: pages of files are all in memory (shmem_swapin_range).
        swapin_walk(k) {
          const ops = k.peek(k.get(v.vma) + vm_ops);
          if (k.get(v.file) !== 0) return ops === VM_OPS_HUGETLB ? 'get_file' : 'done';
          return k.call(walk_page_range, k.get(v.mm), k.get(v.start), k.get(v.end));
        },
        swapin_walk_pmd_entry(k) {
          if (swap.room === 0) return 'done';
          return k.callThen('done', pageout.swapin_walk, k.get(v.mm), k.get(v.start), k.get(v.end));
        },
        madvise_remove(k) {
          const vma = k.get(v.vma);
          const flags = k.peek(vma + vm_flags);
          if (flags & VM_LOCKED || k.get(v.file) === 0) return k.ret(-EINVAL);
          // Every file here is open for writing (VM_MAYWRITE).
          if (!(flags & VM_SHARED)) return k.ret(-EACCES);
          shm.get(k, k.get(v.file));
          const index = indexOf(k, vma, k.get(v.start));
          const page = k.get(v.start);
          k.set(v.end, k.get(v.end) - k.get(v.start));
          k.set(v.start, index);
          if (edit.events?.notices(k, vma, UFFD_FEATURES.event_remove)) {
            return k.call(edit.events.userfaultfd_remove, vma, page);
          }
          return k.call(mmap.mmap_read_unlock, k.get(v.mm));
        },
        vfs_fallocate: (k) =>
          k.call(edit.shmem_fallocate, k.get(v.file), k.get(v.start), k.get(v.end)),
        fput(k) {
          k.set(v.ret, k.result());
          shm.put(k, k.get(v.file));
          return k.call(mmap.mmap_read_lock, k.get(v.mm));
        },
        dropped: (k) => k.ret(k.get(v.ret)),

        new_flags(k) {
          const vma = k.get(v.vma);
          const flags = k.load(vma + vm_flags);
          const advice = k.get(v.advice);
          k.set(
            v.flags,
            advisedFlags(
              advice,
              flags,
              k.get(v.file),
              isSpecial(k, vma),
              ksmCompatible(flags, k.peek(vma + vm_ops)),
            ),
          );
          if (k.get(v.flags) < 0) return k.ret(k.get(v.flags));
          if (k.get(v.flags) === flags) return k.ret(vma);
          // unmerge_ksm_pages looks for merged pages with the VMA locked.
          const unmerges = advice === ADVICE.unmergeable && k.peek(vma + anon_vma) !== 0;
          if (unmerges) return k.call(lock.vma_start_write, vma);
        },
        vma_modify_flags: (k) =>
          k.call(
            edit.vma_modify_flags,
            k.get(v.mm),
            k.get(v.vma),
            k.get(v.start),
            k.get(v.end),
            k.get(v.flags),
          ),
        vma_start_write(k) {
          if (k.result() < 0) return k.ret(k.result());
          k.set(v.vma, k.result());
          return k.call(lock.vma_start_write, k.get(v.vma));
        },
        vm_flags_reset(k) {
          lock.assertWriteLocked(k, k.get(v.vma));
          k.store(k.get(v.vma) + vm_flags, k.get(v.flags));
          return k.ret(k.get(v.vma));
        },
      }),
    ),
  );
}
