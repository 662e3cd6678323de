/** Changing the protection of hugetlbfs mappings. After hugetlb_change_protection in mm/hugetlb.c. */
import { type Exec, type Routine, routine, W, WRITE } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import type { HugetlbLocks } from './hugetlb-locks.ts';
import type { MmCore } from './mm-core.ts';
import {
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_UFFD_WP,
  PTE_WRITE,
  presence,
  ptePresent,
} from './page-table.ts';
import { VM_SHARED, VM_UFFD_WP, VM_WRITE } from './structs.ts';

/** What is to become of an entry's mark of write protection by userfaultfd (MM_CP_UFFD_WP, MM_CP_UFFD_WP_RESOLVE). */
export const KEEP_MARK = 0;
export const SET_MARK = 1;
export const CLEAR_MARK = 2;

/**
 * @returns `(mm, vma, start, end, mark)`: makes entries agree with the VMA's flags. A private page never becomes writable here: the next
 * write does that. The range is of whole huge pages.
 */
export function hugetlbProtection(c: MmCore, locks: HugetlbLocks): Routine {
  const { b, MM, VMA, pt } = c;
  const { vm_flags } = VMA.at;

  const changed = (k: Exec, vma: number, entry: number, mark: number): number => {
    if (!ptePresent(entry)) {
      if (entry === 0) return mark === SET_MARK ? PTE_UFFD_WP : 0;
      return entry === PTE_UFFD_WP && mark === CLEAR_MARK ? 0 : entry;
    }
    const flags = k.peek(vma + vm_flags);
    const shared = (flags & (VM_SHARED | VM_WRITE)) === (VM_SHARED | VM_WRITE);
    const bare = entry & ~(PTE_PRESENT | PTE_PROTNONE | PTE_WRITE);
    // vma_wants_writenotify
    const writable = shared && !(flags & VM_UFFD_WP) ? PTE_WRITE : 0;
    const next = bare | presence(flags) | writable;
    if (mark === SET_MARK) return (next | PTE_UFFD_WP) & ~PTE_WRITE;
    return mark === CLEAR_MARK ? next & ~PTE_UFFD_WP : next;
  };

  return b.add(
    routine('hugetlb_change_protection', ['mm', 'vma', 'start', 'end', 'mark', 'ptl'], (v) => ({
      lock_write: (k) => k.call(locks.hugetlb_zap_begin, k.get(v.vma)),
      next_page(k) {
        if (k.get(v.start) >= k.get(v.end)) return 'tlb_flush';
        const none = pt.pmd(k, k.get(v.mm), k.get(v.start)) === 0;
        if (none && k.get(v.mark) !== SET_MARK) {
          k.set(v.start, k.get(v.start) + pt.span);
          return 'next_page';
        }
        if (!none) return 'huge_pte_lock';
        // A marker needs a place.
        return spinLock(k, k.get(v.mm) + MM.at.page_table_lock);
      },
      huge_pte_alloc(k) {
        pt.allocatePmd(k, k.get(v.mm), k.get(v.start));
      },
      huge_pte_allocated: (k) => spinUnlock(k, k.get(v.mm) + MM.at.page_table_lock),
      huge_pte_lock(k) {
        const pmd = pt.pmd(k, k.get(v.mm), k.get(v.start));
        k.set(v.ptl, pt.lockOf(k.get(v.mm), pmd));
        return spinLock(k, k.get(v.ptl));
      },
      huge_pte_modify(k) {
        const pmd = pt.pmd(k, k.get(v.mm), k.get(v.start));
        const entry = -k.peek(pmd);
        k.access(pmd, WRITE);
        k.work(W.change_protection_page);
        pt.setHuge(k, pmd, changed(k, k.get(v.vma), entry, k.get(v.mark)));
        k.set(v.start, k.get(v.start) + pt.span);
      },
      huge_pte_unlock(k) {
        spinUnlock(k, k.get(v.ptl));
        return 'next_page';
      },
      tlb_flush: (k) => k.flushTlb(k.get(v.mm)),
      unlock_write: (k) => k.call(locks.hugetlb_zap_end, k.get(v.vma)),
      done: (k) => k.ret(),
    })),
  );
}
