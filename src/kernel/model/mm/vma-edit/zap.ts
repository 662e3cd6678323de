/** Taking pages out of page tables and changing their protection. After mm/memory.c and mm/mprotect.c. */
import { type Exec, type Routine, routine, W, WRITE } from '../../machine/index.ts';
import { spinLock, spinUnlock } from '../../sync/spinlock.ts';
import type { HugetlbLocks } from '../hugetlb-locks.ts';
import { hugetlbProtection, KEEP_MARK } from '../hugetlb-protection.ts';
import type { MmCore } from '../mm-core.ts';
import {
  isSwapPte,
  PTE_ANON_EXCLUSIVE,
  PTE_DIRTY,
  PTE_MARKER_GUARD,
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_UFFD_WP,
  PTE_WRITE,
  ptePfn,
  ptePresent,
  swpSlot,
} from '../page-table.ts';
import { ZERO_PFN } from '../pages.ts';
import { VM_ACCESS_FLAGS, VM_OPS_HUGETLB, VM_SHARED, VM_WRITE } from '../structs.ts';

/** For the fourth argument of zap_page_range: markers of guard regions stay. Only unmapping takes them away. */
export const KEEP_GUARDS = 1;
/** And: what userfaultfd has write-protected in a mapping of a file stays so, as a marker. */
export const KEEP_UFFD_WP = 2;

export interface Zap {
  /** `(mm, start, end, keep)`: clears the entries of a range but for what KEEP_* say (zap_page_range_single, unmap_vmas). */
  readonly zap_page_range: Routine;
  /** `(mm, vma, start, end, keep)`: the same of a mapping of hugetlbfs, with faults and rmap kept out. */
  readonly zap_hugetlb_range: Routine;
  /** `(mm, vma, start, end)`: makes entries agree with the VMA's flags. */
  readonly change_protection: Routine;
  /** `(mm, vma, start, end, mark)`: the same of hugetlbfs. */
  readonly hugetlb_change_protection: Routine;
}

export function zapRoutines(c: MmCore, hugetlb: HugetlbLocks): Zap {
  const { b, VMA, pages, pt, swap, softDirty, split_huge_pmd } = c;
  const { vm_flags, vm_ops } = VMA.at;

  /** Drops the page of one entry (zap_present_pte). */
  const zap = (k: Exec, entry: number, keep: number): boolean => {
    const pte = k.peek(entry);
    if (pte === 0 || (keep & KEEP_GUARDS && pte === PTE_MARKER_GUARD)) return false;
    k.poke(entry, keep & KEEP_UFFD_WP ? pte & PTE_UFFD_WP : 0);
    k.work(W.unmap_page);
    if (isSwapPte(pte)) {
      swap.freeAndCache(k, swpSlot(pte));
      // The processor never knew the page.
      return false;
    }
    if (ptePfn(pte) !== ZERO_PFN) swap.put(k, ptePfn(pte));
    return true;
  };

  /** `(mm, start, end, keep)`: zaps one page table at a time under its lock, then flushes. */
  const zap_page_range = b.add(
    routine('zap_page_range', ['mm', 'start', 'end', 'keep', 'at', 'ptl', 'any'], (v) => ({
      tlb_gather_mmu(k) {
        k.work(W.unmap_setup);
        k.set(v.at, k.get(v.start));
      },
      next_table(k) {
        const at = k.get(v.at);
        if (at >= k.get(v.end)) return 'tlb_finish_mmu';
        const entry = pt.find(k, k.get(v.mm), at);
        if (entry === 0) {
          if (pt.huge(k, k.get(v.mm), at) !== 0) return 'huge_pmd';
          k.set(v.at, (Math.floor(at / pt.span) + 1) * pt.span);
          return 'next_table';
        }
        k.set(v.ptl, pt.lockOf(k.get(v.mm), entry));
      },
      pte_lock: (k) => spinLock(k, k.get(v.ptl)),
      zap_pte_range(k) {
        const at = k.get(v.at);
        const end = Math.min(k.get(v.end), (Math.floor(at / pt.span) + 1) * pt.span);
        k.access(k.get(v.ptl), 1);
        pt.each(k, k.get(v.mm), at, end, (entry) => {
          if (zap(k, entry, k.get(v.keep))) k.set(v.any, 1);
        });
        k.set(v.at, end);
      },
      pte_unlock(k) {
        spinUnlock(k, k.get(v.ptl));
        return 'next_table';
      },
      huge_pmd(k) {
        const at = k.get(v.at);
        if (at % pt.span !== 0 || k.get(v.end) < at + pt.span) {
          return k.callThen('next_table', split_huge_pmd, k.get(v.mm), at);
        }
        k.set(v.ptl, pt.lockOf(k.get(v.mm), pt.pmd(k, k.get(v.mm), at)));
      },
      pmd_lock: (k) => spinLock(k, k.get(v.ptl)),
      zap_huge_pmd(k) {
        const at = k.get(v.at);
        const pmd = pt.pmd(k, k.get(v.mm), at);
        const entry = pt.huge(k, k.get(v.mm), at);
        k.access(pmd, WRITE);
        // Split or gone meanwhile: look again.
        if (entry === 0) return 'pte_unlock';
        // Of hugetlbfs it may be a marker.
        pt.setHuge(k, pmd, k.get(v.keep) & KEEP_UFFD_WP ? entry & PTE_UFFD_WP : 0);
        k.work(W.unmap_page);
        if (ptePfn(entry) !== ZERO_PFN) pages.putHuge(k, ptePfn(entry));
        if (ptePresent(entry)) k.set(v.any, 1);
        k.set(v.at, at + pt.span);
        return 'pte_unlock';
      },
      tlb_finish_mmu(k) {
        if (k.get(v.any)) k.flushTlb(k.get(v.mm));
        return k.ret();
      },
    })),
  );

  const zap_hugetlb_range = b.add(
    routine('zap_hugetlb_range', ['mm', 'vma', 'start', 'end', 'keep'], (v) => ({
      hugetlb_zap_begin: (k) => k.call(hugetlb.hugetlb_zap_begin, k.get(v.vma)),
      unmap_single_vma(k) {
        const end = k.get(v.end);
        return k.call(zap_page_range, k.get(v.mm), k.get(v.start), end, k.get(v.keep));
      },
      hugetlb_zap_end: (k) => k.call(hugetlb.hugetlb_zap_end, k.get(v.vma)),
      done: (k) => k.ret(),
    })),
  );

  /** An entry with the protection of a VMA's flags (pte_modify). */
  const modify = (pte: number, flags: number, writable: boolean): number => {
    const page = pte & ~(PTE_PRESENT | PTE_PROTNONE | PTE_WRITE);
    if (!(flags & VM_ACCESS_FLAGS)) return page | PTE_PROTNONE;
    return page | PTE_PRESENT | (writable ? PTE_WRITE : 0);
  };
  /** Permissions that only grow need no flush; a stale entry just faults again. */
  const needsFlush = (pte: number, next: number): boolean =>
    (pte & PTE_PRESENT) !== 0 && !(next & PTE_WRITE);

  const hugetlb_change_protection = hugetlbProtection(c, hugetlb);
  const change_protection = b.add(
    routine('change_protection', ['mm', 'vma', 'start', 'end', 'at', 'ptl', 'any'], (v) => ({
      begin(k) {
        k.work(W.protect_setup);
        k.set(v.at, k.get(v.start));
        if (k.peek(k.get(v.vma) + vm_ops) !== VM_OPS_HUGETLB) return 'next_table';
        const { mm, vma, start, end } = v;
        return k.callThen(
          'done',
          hugetlb_change_protection,
          k.get(mm),
          k.get(vma),
          k.get(start),
          k.get(end),
          KEEP_MARK,
        );
      },
      next_table(k) {
        const at = k.get(v.at);
        if (at >= k.get(v.end)) return 'flush_tlb';
        const entry = pt.find(k, k.get(v.mm), at);
        if (entry === 0) {
          if (pt.huge(k, k.get(v.mm), at) !== 0) return 'huge_pmd';
          k.set(v.at, (Math.floor(at / pt.span) + 1) * pt.span);
          return 'next_table';
        }
        k.set(v.ptl, pt.lockOf(k.get(v.mm), entry));
      },
      pte_lock: (k) => spinLock(k, k.get(v.ptl)),
      change_pte_range(k) {
        const at = k.get(v.at);
        const end = Math.min(k.get(v.end), (Math.floor(at / pt.span) + 1) * pt.span);
        const flags = k.peek(k.get(v.vma) + vm_flags);
        k.access(k.get(v.ptl), 1);
        pt.each(k, k.get(v.mm), at, end, (entry) => {
          const pte = k.peek(entry);
          // A marker has no page and no protection, and one in swap gets its protection when it comes back.
          if (!ptePresent(pte)) return;
          // can_change_pte_writable: only a page nobody else may see is made writable without a fault.
          // A shared file's entries take the protection of the VMA as it is.
          const writable =
            flags & VM_WRITE &&
            !(pte & PTE_UFFD_WP) &&
            !softDirty.needsWriteFault(flags, pte) &&
            ((flags & VM_SHARED && !softDirty.tracks(flags)) ||
              (flags & VM_SHARED && pte & PTE_DIRTY) ||
              pte & PTE_ANON_EXCLUSIVE);
          const next = modify(pte, flags, Boolean(writable));
          if (next === pte) return;
          k.work(W.change_protection_page);
          k.poke(entry, next);
          if (needsFlush(pte, next)) k.set(v.any, 1);
        });
        k.set(v.at, end);
      },
      pte_unlock(k) {
        spinUnlock(k, k.get(v.ptl));
        return 'next_table';
      },
      huge_pmd(k) {
        const at = k.get(v.at);
        if (at % pt.span !== 0 || k.get(v.end) < at + pt.span) {
          return k.callThen('next_table', split_huge_pmd, k.get(v.mm), at);
        }
        k.set(v.ptl, pt.lockOf(k.get(v.mm), pt.pmd(k, k.get(v.mm), at)));
      },
      pmd_lock: (k) => spinLock(k, k.get(v.ptl)),
      change_huge_pmd(k) {
        const at = k.get(v.at);
        const pmd = pt.pmd(k, k.get(v.mm), at);
        const entry = pt.huge(k, k.get(v.mm), at);
        k.access(pmd, WRITE);
        // Split or gone meanwhile: look again.
        if (entry === 0) return 'pte_unlock';
        const flags = k.peek(k.get(v.vma) + vm_flags);
        const mine = entry & PTE_ANON_EXCLUSIVE;
        const seen = softDirty.needsWriteFault(flags, entry);
        const marked = entry & PTE_UFFD_WP;
        const writable = flags & VM_WRITE && !marked && !seen && (flags & VM_SHARED || mine);
        const next = modify(entry, flags, Boolean(writable));
        if (next !== entry) {
          k.work(W.change_protection_page);
          pt.setHuge(k, pmd, next);
          if (needsFlush(entry, next)) k.set(v.any, 1);
        }
        k.set(v.at, at + pt.span);
        return 'pte_unlock';
      },
      flush_tlb(k) {
        if (k.get(v.any)) k.flushTlb(k.get(v.mm));
      },
      done: (k) => k.ret(),
    })),
  );
  return { zap_page_range, zap_hugetlb_range, change_protection, hugetlb_change_protection };
}
