/** Making small pages into a huge one when told to, and the advice about huge pages. After mm/khugepaged.c. */
import { type Exec, READ, type Routine, routine, W, WRITE } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import { ADVICE } from '../uapi.ts';
import type { AnonVma } from './anon-vma.ts';
import type { FindVma } from './find-vma.ts';
import { suitable, thpDisabled } from './huge-memory.ts';
import { mkwrite } from './maybe-mkwrite.ts';
import { EBUSY, EINVAL, ENOMEM, type MmCore } from './mm-core.ts';
import {
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_MKDIRTY,
  PTE_PRESENT,
  PTE_UFFD_WP,
  PTE_WRITE,
  ptePfn,
  ptePresent,
} from './page-table.ts';
import { ZERO_PFN } from './pages.ts';
import { __VM_UFFD_FLAGS, VM_HUGEPAGE, VM_NOHUGEPAGE, VM_OPS_ANON } from './structs.ts';

/** Outcomes of looking at one huge page's range (enum scan_result). */
const SCAN_SUCCEED = 1;
const SCAN_PMD_NULL = 2;
const SCAN_PMD_MAPPED = 3;
const SCAN_PAGE_RO = 4;
const SCAN_ALLOC_HUGE_PAGE_FAIL = 5;
const SCAN_VMA_CHECK = 6;
const SCAN_EXCEED_NONE_PTE = 7;
/** Outcomes after which the ranges behind are still looked at. */
const CONTINUE: readonly number[] = [SCAN_PMD_NULL, SCAN_PAGE_RO];
/** What madvise says of an outcome (madvise_collapse_errno), where it is not EINVAL. */
const ERRNO: Readonly<Record<number, number>> = {
  [SCAN_ALLOC_HUGE_PAGE_FAIL]: ENOMEM,
  [SCAN_EXCEED_NONE_PTE]: EBUSY,
};
/** Added to an outcome when mmap_lock has been dropped. */
const DROPPED = 0x100;

export interface Khugepaged {
  /** Whether the kernel has transparent huge pages. */
  readonly enabled: boolean;
  /** `(mm, vma, start, end) -> 0 or -errno`: mmap_lock is held for reading, and again on return; dropped between. */
  readonly madvise_collapse: Routine;
}

/** Whether advice is about huge pages. */
export function isHugeAdvice(advice: number): boolean {
  return advice === ADVICE.hugepage || advice === ADVICE.nohugepage || advice === ADVICE.collapse;
}

/** A VMA's flags after advice about huge pages (hugepage_madvise). */
export function hugeAdviceFlags(advice: number, flags: number): number {
  return advice === ADVICE.hugepage
    ? (flags & ~VM_NOHUGEPAGE) | VM_HUGEPAGE
    : (flags & ~VM_HUGEPAGE) | VM_NOHUGEPAGE;
}

export function khugepaged(c: MmCore, anon: AnonVma, find: FindVma): Khugepaged {
  const { b, VMA, MM, mmap, lock, rw, pages, pt } = c;
  const { vm_start, vm_end, vm_flags, vm_ops, anon_vma } = VMA.at;
  const enabled = b.enabled('TRANSPARENT_HUGEPAGE');
  const counter = (name: string): number => {
    const event = b.event(name);
    b.declareCounter(name, 'include/linux/vm_event_item.h', event, enabled);
    return event;
  };
  const collapse_alloc = counter('thp_collapse_alloc');
  const collapse_alloc_failed = counter('thp_collapse_alloc_failed');

  /** Whether a VMA may have huge pages at all; MADV_COLLAPSE does not ask whether they are switched on. */
  const mayCollapse = (k: Exec, vma: number): boolean =>
    k.peek(vma + vm_ops) === VM_OPS_ANON && !thpDisabled(c, k, vma);

  /** `(mm, address) -> vma or 0`: whether the range can still be collapsed. mmap_lock is held. */
  const hugepage_vma_revalidate = b.add(
    routine('hugepage_vma_revalidate', ['mm', 'address'], (v) => ({
      find_vma: (k) => k.call(find.find_vma, k.get(v.mm), k.get(v.address)),
      check(k) {
        const vma = k.result();
        const ok =
          vma !== 0 &&
          mayCollapse(k, vma) &&
          suitable(c, k, vma, k.get(v.address)) &&
          k.peek(vma + anon_vma) !== 0;
        return k.ret(ok ? vma : 0);
      },
    })),
  );

  /**
   * Whether the pages of a table can become a huge one: SCAN_SUCCEED, or the first reason against it. What is only read is not worth
   * it, and where userfaultfd watches a hole is nothing to fill and a mark nothing to lose.
   */
  const scanTable = (k: Exec, mm: number, vma: number, address: number): number => {
    const armed = k.peek(vma + vm_flags) & __VM_UFFD_FLAGS;
    let writable = false;
    let failed = 0;
    pt.each(k, mm, address, address + pt.span, (entry) => {
      const pte = k.peek(entry);
      if (failed !== 0) return;
      const none = pte === 0 || (ptePresent(pte) && ptePfn(pte) === ZERO_PFN);
      if (none && armed) failed = SCAN_EXCEED_NONE_PTE;
      else if (!none && (pte & PTE_UFFD_WP || !ptePresent(pte))) failed = SCAN_PAGE_RO;
      if (pte & PTE_WRITE) writable = true;
    });
    return failed || (writable ? SCAN_SUCCEED : SCAN_PAGE_RO);
  };

  /** `(mm, address) -> SCAN_* | DROPPED`: mmap_lock is held for reading on entry and free on return. */
  const collapse_huge_page = b.add(
    routine(
      'collapse_huge_page',
      ['mm', 'address', 'head', 'vma', 'pmd', 'ptl', 'sem', 'ret'],
      (v) => ({
        mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        // Allocating may take long: not under mmap_lock.
        alloc_charge_folio(k) {
          k.set(v.head, pages.allocHuge(k));
          k.set(v.ret, SCAN_VMA_CHECK);
          if (k.get(v.head) !== 0) {
            k.count(collapse_alloc);
            return;
          }
          k.count(collapse_alloc_failed);
          return k.ret(SCAN_ALLOC_HUGE_PAGE_FAIL | DROPPED);
        },
        mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        revalidate: (k) => k.call(hugepage_vma_revalidate, k.get(v.mm), k.get(v.address)),
        find_pmd_or_thp_or_none(k) {
          const pmd = pt.pmd(k, k.get(v.mm), k.get(v.address));
          k.set(v.pmd, pmd);
          if (k.result() !== 0 && pmd !== 0 && k.load(pmd) > 0) return 'mmap_read_unlock_again';
          return k.callThen('out_nolock', mmap.mmap_read_unlock, k.get(v.mm));
        },
        mmap_read_unlock_again: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
        // From here on nobody may fault, walk or free the page table.
        mmap_write_lock: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
        revalidate_again: (k) => k.call(hugepage_vma_revalidate, k.get(v.mm), k.get(v.address)),
        check_pmd_still_valid(k) {
          const pmd = pt.pmd(k, k.get(v.mm), k.get(v.address));
          k.set(v.pmd, pmd);
          k.set(v.vma, k.result());
          if (k.result() === 0 || pmd === 0 || k.load(pmd) <= 0) return 'out_up_write';
        },
        vma_start_write: (k) => k.call(lock.vma_start_write, k.get(v.vma)),
        anon_vma_lock_write(k) {
          k.set(v.sem, anon.rwsemOf(k, k.get(v.vma)));
          return k.call(rw.down_write, k.get(v.sem));
        },
        pmd_lock(k) {
          k.set(v.ptl, pt.lockOf(k.get(v.mm), k.get(v.pmd)));
          return spinLock(k, k.get(v.ptl));
        },
        // __collapse_huge_page_isolate and _copy: the small pages are copied and dropped, holes become zeroes.
        collapse(k) {
          const mm = k.get(v.mm);
          const pmd = k.get(v.pmd);
          k.access(pmd, WRITE);
          k.set(v.ret, scanTable(k, mm, k.get(v.vma), k.get(v.address)));
          if (k.get(v.ret) !== SCAN_SUCCEED) return;
          pt.each(k, mm, k.get(v.address), k.get(v.address) + pt.span, (entry, page) => {
            const pfn = ptePfn(k.peek(entry));
            const to = k.get(v.head) + (page % pt.span);
            if (pfn === ZERO_PFN) pages.clear(k, to);
            else pages.copy(k, to, pfn);
            if (pfn !== ZERO_PFN) c.swap.put(k, pfn);
          });
          pt.dropTable(k, pmd);
          const vmFlags = k.peek(k.get(v.vma) + vm_flags);
          const writable = mkwrite(vmFlags);
          const bits = PTE_PRESENT | PTE_MKDIRTY | PTE_ANON_EXCLUSIVE;
          pt.setHuge(k, pmd, mkPte(k.get(v.head), bits | writable));
          k.flushTlb(mm);
          k.set(v.head, 0);
        },
        pmd_unlock: (k) => spinUnlock(k, k.get(v.ptl)),
        anon_vma_unlock_write: (k) => k.call(rw.up_write, k.get(v.sem)),
        out_up_write: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
        out_nolock(k) {
          if (k.get(v.head) !== 0) pages.putHuge(k, k.get(v.head));
          return k.ret(k.get(v.ret) | DROPPED);
        },
      }),
    ),
  );

  /** `(mm, vma, address) -> SCAN_*`, with DROPPED when mmap_lock, held for reading, was dropped. */
  const hpage_collapse_scan_pmd = b.add(
    routine('hpage_collapse_scan_pmd', ['mm', 'vma', 'address', 'ptl', 'scan'], (v) => ({
      find_pmd_or_thp_or_none(k) {
        const mm = k.get(v.mm);
        const pmd = pt.pmd(k, mm, k.get(v.address));
        k.access(pmd === 0 ? mm + MM.at.pgd : pmd, READ);
        const below = pmd === 0 ? 0 : k.peek(pmd);
        if (below === 0) return k.ret(SCAN_PMD_NULL);
        if (below < 0) return k.ret(SCAN_PMD_MAPPED);
        k.set(v.ptl, pt.lockOf(mm, pt.find(k, mm, k.get(v.address))));
      },
      pte_lock: (k) => spinLock(k, k.get(v.ptl)),
      scan(k) {
        k.access(k.get(v.ptl), WRITE);
        k.work(W.pte_walk, pt.span);
        k.set(v.scan, scanTable(k, k.get(v.mm), k.get(v.vma), k.get(v.address)));
      },
      pte_unlock: (k) => spinUnlock(k, k.get(v.ptl)),
      collapse(k) {
        if (k.get(v.scan) !== SCAN_SUCCEED) return k.ret(k.get(v.scan));
        return k.call(collapse_huge_page, k.get(v.mm), k.get(v.address));
      },
      done: (k) => k.ret(k.result()),
    })),
  );

  const madvise_collapse = b.add(
    routine(
      'madvise_collapse',
      ['mm', 'vma', 'start', 'end', 'at', 'unlocked', 'left', 'fail'],
      (v) => ({
        check_vma(k) {
          const vma = k.get(v.vma);
          const start = Math.ceil(k.get(v.start) / pt.span);
          const end = Math.floor(k.get(v.end) / pt.span);
          const room =
            Math.floor(k.peek(vma + vm_end) / pt.span) -
            Math.ceil(k.peek(vma + vm_start) / pt.span);
          if (!mayCollapse(k, vma) || room < 1) return k.ret(-EINVAL);
          k.set(v.at, start * pt.span);
          k.set(v.end, end * pt.span);
          k.set(v.left, end - start);
          if (k.peek(vma + anon_vma) === 0) {
            k.set(v.fail, SCAN_VMA_CHECK);
            return 'out_nolock';
          }
        },
        next(k) {
          if (k.get(v.at) >= k.get(v.end)) return 'out_maybelock';
          if (!k.get(v.unlocked)) return 'hpage_collapse_scan_pmd';
        },
        mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
        revalidate(k) {
          k.set(v.unlocked, 0);
          return k.call(hugepage_vma_revalidate, k.get(v.mm), k.get(v.at));
        },
        revalidated(k) {
          const vma = k.result();
          if (vma === 0) {
            k.set(v.fail, SCAN_VMA_CHECK);
            return 'out_nolock';
          }
          k.set(v.vma, vma);
          // The VMA may have become shorter; what it lost is not asked for any more.
          const end = Math.floor(k.peek(vma + vm_end) / pt.span) * pt.span;
          if (end >= k.get(v.end)) return;
          k.set(v.left, k.get(v.left) - (k.get(v.end) - end) / pt.span);
          k.set(v.end, end);
        },
        hpage_collapse_scan_pmd: (k) =>
          k.call(hpage_collapse_scan_pmd, k.get(v.mm), k.get(v.vma), k.get(v.at)),
        handle_result(k) {
          const result = k.result() & ~DROPPED;
          if (k.result() & DROPPED) k.set(v.unlocked, 1);
          k.set(v.at, k.get(v.at) + pt.span);
          if (result === SCAN_SUCCEED || result === SCAN_PMD_MAPPED) {
            k.set(v.left, k.get(v.left) - 1);
            return 'next';
          }
          k.set(v.fail, result);
          return CONTINUE.includes(result) ? 'next' : 'out_maybelock';
        },
        out_maybelock(k) {
          if (k.get(v.unlocked)) return k.call(mmap.mmap_read_lock, k.get(v.mm));
        },
        out_nolock(k) {
          if (k.get(v.left) === 0) return k.ret(0);
          return k.ret(-(ERRNO[k.get(v.fail)] ?? EINVAL));
        },
      }),
    ),
  );
  return { enabled, madvise_collapse };
}
