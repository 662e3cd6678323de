/**
 * get_user_pages: faulting in and pinning pages of user space on behalf of the kernel. After mm/gup.c. It looks VMAs up under mmap_lock
 * and never tries the per-VMA lock, so its counts are the same with it and without.
 */
import { type Exec, type Routine, routine, TASK, W, wordStruct } from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import type { Fault } from '../fault.ts';
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
  VM_FAULT_COMPLETED,
  VM_FAULT_ERROR,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
} from '../fault-flags.ts';
import type { FindVma } from '../find-vma.ts';
import { EFAULT, EINTR, EINVAL, ENOMEM, type MmCore } from '../mm-core.ts';
import { pageIsAnon } from '../page-anon.ts';
import {
  PTE_ANON_EXCLUSIVE,
  PTE_UFFD_WP,
  PTE_WRITE,
  ptePermits,
  ptePfn,
  ptePresent,
} from '../page-table.ts';
import { ZERO_PFN } from '../pages.ts';
import type { Shmem } from '../shmem.ts';
import {
  VM_HUGETLB,
  VM_PFNMAP,
  VM_READ,
  VM_SHADOW_STACK,
  VM_SHARED,
  VM_UFFD_WP,
  VM_WRITE,
} from '../structs.ts';
import {
  FOLL_FORCE,
  FOLL_GET,
  FOLL_MADV_POPULATE,
  FOLL_NOFAULT,
  FOLL_PIN,
  FOLL_UNLOCKABLE,
  FOLL_WRITE,
  gupDropped,
  gupPages,
  gupResult,
} from './flags.ts';

/** Most pages one call pins: what process_vm_access.c allows itself (PVM_MAX_USER_PAGES); other callers ask for fewer. */
export const MAX_PINNED = 1024;

const SIGKILL = TASK.at.sigkill;
const EMLINK = 31;

export interface GetUserPages {
  /** `(mm, start, n, flags, first) -> gupResult or -errno`: mmap_lock is held. With FOLL_GET or FOLL_PIN the pages are {@link pinned} from `first`. */
  readonly __get_user_pages: Routine;
  /** `(mm, start, n, held, flags, first) -> gupResult or -errno`: takes mmap_lock unless `held`, and drops what it took. */
  readonly __get_user_pages_locked: Routine;
  /** `(mm, start, n, flags) -> n or -errno`: tries without any lock first; the pages are in {@link pinned}. */
  readonly get_user_pages_fast: Routine;
  /** `(mm, address) -> vma or 0`: mmap_lock is held. */
  readonly gup_vma_lookup: Routine;
  /** Page frame number of a page the running thread has pinned. */
  pinned(k: Exec, i: number): number;
  /** Drops the references of the first `n` pages the running thread has pinned (put_page, unpin_user_page). */
  unpin(k: Exec, n: number): void;
}

export function getUserPages(c: MmCore, find: FindVma, fault: Fault, shm: Shmem): GetUserPages {
  const { b, VMA, MM, mmap, tree, pages, pt } = c;
  const { vm_start, vm_end, vm_flags, vm_mm } = VMA.at;
  const arrays = wordStruct('page_array', { pages: { array: MAX_PINNED } });
  const stride = Math.ceil(MAX_PINNED / 16) * 16;
  const firstArray = b.memory.pool(arrays, b.tasks.length, 'pages');
  const slot = (k: Exec, i: number) => firstArray + k.tid * stride + i;

  /** check_vma_flags: whether the VMA lets pages be got this way. */
  const permits = (k: Exec, vma: number, flags: number): boolean => {
    const vmFlags = k.peek(vma + vm_flags);
    if (vmFlags & VM_PFNMAP) return false;
    if (!(flags & FOLL_WRITE)) return (vmFlags & VM_READ) !== 0 || (flags & FOLL_FORCE) !== 0;
    if (vmFlags & VM_WRITE && !(vmFlags & VM_SHADOW_STACK)) return true;
    // Breaking the protection of a private mapping makes a copy that is nobody else's; of another it is never broken.
    return (flags & FOLL_FORCE) !== 0 && !(vmFlags & (VM_SHARED | VM_HUGETLB));
  };

  /** can_follow_write_pte, can_follow_write_pmd: whether the page of an entry will do for a write. */
  const mayWrite = (k: Exec, vma: number, flags: number, pte: number): boolean => {
    const vmFlags = k.peek(vma + vm_flags);
    if (pte & PTE_WRITE) return true;
    if (!(flags & FOLL_FORCE) || vmFlags & (VM_SHARED | VM_WRITE)) return false;
    if (c.softDirty.needsWriteFault(vmFlags, pte)) return false;
    const watched = vmFlags & VM_UFFD_WP && pte & PTE_UFFD_WP;
    return (pte & PTE_ANON_EXCLUSIVE) !== 0 && !watched;
  };

  const isAnon = pageIsAnon(c, shm);
  /** gup_must_unshare, for an entry that cannot be written. */
  const mustUnshare = (k: Exec, vma: number, page: number, flags: number, pte: number): boolean =>
    (flags & (FOLL_WRITE | FOLL_PIN)) === FOLL_PIN &&
    !(pte & (PTE_WRITE | PTE_ANON_EXCLUSIVE)) &&
    isAnon(k, vma, page, ptePfn(pte));

  const gup_vma_lookup = b.add(
    routine('gup_vma_lookup', ['mm', 'address'], (v) => ({
      find_vma: (k) => k.call(find.find_vma, k.get(v.mm), k.get(v.address)),
      check_start(k) {
        const vma = k.result();
        // A stack is not grown from here.
        return k.ret(vma !== 0 && k.load(vma + vm_start) <= k.get(v.address) ? vma : 0);
      },
    })),
  );

  /**
   * `(vma, address, flags, i, most) -> pages`: finds the page of an address, and pins it as the i-th with FOLL_GET; of a huge page the
   * pages that follow, too, at most `most`. 0 when there is none, or none fit to be used as the flags ask; -EMLINK when others may have it.
   */
  const follow_page_mask = b.add(
    routine(
      'follow_page_mask',
      ['vma', 'address', 'flags', 'i', 'most', 'entry', 'ptl', 'ret'],
      (v) => ({
        walk(k) {
          const mm = k.peek(k.get(v.vma) + vm_mm);
          k.work(W.pte_walk);
          k.access(mm + MM.at.pgd, 0);
          k.set(v.entry, pt.find(k, mm, k.get(v.address)));
          if (k.get(v.entry) === 0) {
            if (pt.huge(k, mm, k.get(v.address)) === 0) return k.ret(0);
            k.set(v.entry, pt.pmd(k, mm, k.get(v.address)));
            k.set(v.ptl, pt.lockOf(mm, k.get(v.entry)));
            return 'pmd_lock';
          }
          k.set(v.ptl, pt.lockOf(mm, k.get(v.entry)));
        },
        pte_lock: (k) => spinLock(k, k.get(v.ptl)),
        follow_page_pte(k) {
          const pte = k.load(k.get(v.entry));
          if (!ptePresent(pte)) return;
          const writes = k.get(v.flags) & FOLL_WRITE;
          if (writes && !mayWrite(k, k.get(v.vma), k.get(v.flags), pte)) return;
          if (mustUnshare(k, k.get(v.vma), k.get(v.address), k.get(v.flags), pte)) {
            k.set(v.ret, -EMLINK);
            return;
          }
          if (k.get(v.flags) & (FOLL_GET | FOLL_PIN)) {
            pages.get(k, ptePfn(pte));
            k.poke(slot(k, k.get(v.i)), ptePfn(pte));
          }
          k.set(v.ret, 1);
        },
        pte_unlock(k) {
          spinUnlock(k, k.get(v.ptl));
          return k.ret(k.get(v.ret));
        },
        pmd_lock: (k) => spinLock(k, k.get(v.ptl)),
        follow_huge_pmd(k) {
          const entry = -k.load(k.get(v.entry));
          // Split or gone meanwhile, or a marker: the caller faults and looks again.
          if (entry <= 0 || !ptePresent(entry)) return 'pte_unlock';
          const head = ptePfn(entry);
          const writes = k.get(v.flags) & FOLL_WRITE;
          if (writes && !mayWrite(k, k.get(v.vma), k.get(v.flags), entry)) return 'pte_unlock';
          if (mustUnshare(k, k.get(v.vma), k.get(v.address), k.get(v.flags), entry)) {
            k.set(v.ret, -EMLINK);
            return 'pte_unlock';
          }
          const first = k.get(v.address) % pt.span;
          const n = Math.min(k.get(v.most), pt.span - first);
          for (let j = 0; k.get(v.flags) & (FOLL_GET | FOLL_PIN) && j < n; j++) {
            const pfn = head === ZERO_PFN ? ZERO_PFN : head + first + j;
            pages.get(k, pfn);
            k.poke(slot(k, k.get(v.i) + j), pfn);
          }
          k.set(v.ret, n);
          return 'pte_unlock';
        },
      }),
    ),
  );

  /** `(vma, address, flags, unshare) -> 0, -errno, or 1 when mmap_lock was dropped`. */
  const faultin_page = b.add(
    routine('faultin_page', ['vma', 'address', 'flags', 'unshare'], (v) => ({
      handle_mm_fault(k) {
        if (k.get(v.flags) & FOLL_NOFAULT) return k.ret(-EFAULT);
        const flags =
          (k.get(v.flags) & FOLL_WRITE ? FAULT_FLAG_WRITE : 0) |
          (k.get(v.unshare) ? FAULT_FLAG_UNSHARE : 0) |
          (k.get(v.flags) & FOLL_UNLOCKABLE ? FAULT_FLAG_ALLOW_RETRY : 0);
        return k.call(fault.handle_mm_fault, k.get(v.vma), k.get(v.address), flags);
      },
      vm_fault_to_errno(k) {
        const result = k.result();
        if (result & (VM_FAULT_RETRY | VM_FAULT_COMPLETED)) return k.ret(1);
        if (result & VM_FAULT_OOM) return k.ret(-ENOMEM);
        return k.ret(result & VM_FAULT_ERROR ? -EFAULT : 0);
      },
    })),
  );

  const __get_user_pages = b.add(
    routine(
      '__get_user_pages',
      ['mm', 'start', 'n', 'flags', 'first', 'i', 'vma', 'unshare', 'ret'],
      (v) => ({
        next_page(k) {
          if (k.get(v.i) === k.get(v.n)) return 'out';
          const vma = k.get(v.vma);
          if (vma !== 0 && k.get(v.start) + k.get(v.i) < k.peek(vma + vm_end)) return 'retry';
          const at = k.get(v.start) + k.get(v.i);
          if (!(k.get(v.flags) & FOLL_MADV_POPULATE)) {
            return k.callThen('check_vma_flags', gup_vma_lookup, k.get(v.mm), at);
          }
          k.set(v.vma, tree.walk(k, k.get(v.mm), at));
          if (k.get(v.vma) !== 0 && permits(k, k.get(v.vma), k.get(v.flags))) return 'retry';
          k.set(v.ret, k.get(v.vma) === 0 ? -ENOMEM : -EINVAL);
          return 'out';
        },
        check_vma_flags(k) {
          k.set(v.vma, k.result());
          if (k.result() !== 0 && permits(k, k.result(), k.get(v.flags))) return;
          k.set(v.ret, -EFAULT);
          return 'out';
        },
        retry(k) {
          if (!k.load(k.task + SIGKILL)) return;
          k.set(v.ret, -EINTR);
          return 'out';
        },
        follow_page_mask: (k) =>
          k.call(
            follow_page_mask,
            k.get(v.vma),
            k.get(v.start) + k.get(v.i),
            k.get(v.flags),
            k.get(v.first) + k.get(v.i),
            Math.min(
              k.get(v.n) - k.get(v.i),
              k.peek(k.get(v.vma) + vm_end) - k.get(v.start) - k.get(v.i),
            ),
          ),
        followed(k) {
          k.set(v.unshare, k.result() < 0 ? 1 : 0);
          if (k.result() <= 0) return;
          k.set(v.i, k.get(v.i) + k.result());
          return 'next_page';
        },
        faultin_page: (k) =>
          k.call(
            faultin_page,
            k.get(v.vma),
            k.get(v.start) + k.get(v.i),
            k.get(v.flags),
            k.get(v.unshare),
          ),
        faulted(k) {
          if (k.result() === 0) return 'retry';
          if (k.result() > 0) return k.ret(gupResult(k.get(v.i), true));
          k.set(v.ret, k.result());
        },
        out: (k) => k.ret(k.get(v.i) > 0 ? gupResult(k.get(v.i), false) : k.get(v.ret)),
      }),
    ),
  );

  const __get_user_pages_locked = b.add(
    routine(
      '__get_user_pages_locked',
      ['mm', 'start', 'n', 'held', 'flags', 'first', 'done', 'dropped', 'ret'],
      (v) => ({
        check_locked: (k) => (k.get(v.held) ? 'get_user_pages' : 'mmap_read_lock_killable'),
        mmap_read_lock_killable: (k) => k.call(mmap.mmap_read_lock_killable, k.get(v.mm)),
        got_lock(k) {
          if (k.result() === 0) return;
          return k.ret(k.get(v.dropped) ? gupResult(k.get(v.done), true) : -EINTR);
        },
        get_user_pages(k) {
          const done = k.get(v.done);
          return k.call(
            __get_user_pages,
            k.get(v.mm),
            k.get(v.start) + done,
            k.get(v.n) - done,
            k.get(v.flags),
            k.get(v.first) + done,
          );
        },
        got(k) {
          k.set(v.ret, k.result());
          if (k.result() < 0) return 'unlock';
          k.set(v.done, k.get(v.done) + gupPages(k.result()));
          if (!gupDropped(k.result())) return 'unlock';
          // From here on the lock is this routine's own, whoever took it first.
          k.set(v.dropped, 1);
          return 'mmap_read_lock_killable';
        },
        unlock(k) {
          if (!k.get(v.held) || k.get(v.dropped)) return k.call(mmap.mmap_read_unlock, k.get(v.mm));
        },
        done(k) {
          const dropped = k.get(v.held) !== 0 && k.get(v.dropped) !== 0;
          // A caller whose lock is gone learns of an error when it asks again.
          if (k.get(v.done) === 0 && !dropped) return k.ret(k.get(v.ret));
          return k.ret(gupResult(k.get(v.done), dropped));
        },
      }),
    ),
  );

  /** One page without any lock: interrupts are off, so the tables cannot go away (gup_fast_pte_range). */
  const gup_fast = (k: Exec, mm: number, address: number, flags: number, i: number): boolean => {
    const pte = pt.walk(k, mm, address);
    if (!ptePermits(pte, flags & FOLL_WRITE)) return false;
    // The zero page is a special entry, which only the slow path knows.
    if (ptePfn(pte) === ZERO_PFN) return false;
    pages.get(k, ptePfn(pte));
    k.poke(slot(k, i), ptePfn(pte));
    return true;
  };

  const get_user_pages_fast = b.add(
    routine('get_user_pages_fast', ['mm', 'start', 'n', 'flags', 'i'], (v) => ({
      gup_fast(k) {
        const i = k.get(v.i);
        k.work(W.pte_walk);
        if (!gup_fast(k, k.get(v.mm), k.get(v.start) + i, k.get(v.flags), i)) return;
        k.set(v.i, i + 1);
        return i + 1 === k.get(v.n) ? k.ret(i + 1) : 'gup_fast';
      },
      gup_fast_fallback(k) {
        const i = k.get(v.i);
        const flags = k.get(v.flags) | FOLL_GET | FOLL_UNLOCKABLE;
        const mm = k.get(v.mm);
        const start = k.get(v.start) + i;
        const n = k.get(v.n) - i;
        return k.call(__get_user_pages_locked, mm, start, n, 0, flags, i);
      },
      done(k) {
        const i = k.get(v.i);
        if (k.result() < 0) return k.ret(i > 0 ? i : k.result());
        return k.ret(i + gupPages(k.result()));
      },
    })),
  );

  return {
    gup_vma_lookup,
    __get_user_pages,
    __get_user_pages_locked,
    get_user_pages_fast,
    pinned: (k, i) => k.peek(slot(k, i)),
    unpin(k, n) {
      for (let i = 0; i < n; i++) {
        const pfn = k.peek(slot(k, i));
        k.poke(slot(k, i), 0);
        if (pfn !== ZERO_PFN) pages.put(k, pfn);
      }
    },
  };
}
