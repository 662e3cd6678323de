/** Transparent huge pages: faults that map one where a page table would be. After mm/huge_memory.c and __handle_mm_fault. */
import { type Exec, READ, type Routine, routine, W, WRITE } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import { FAULT_FLAG_UNSHARE, FAULT_FLAG_WRITE, VM_FAULT_FALLBACK } from './fault-flags.ts';
import { mkwrite } from './maybe-mkwrite.ts';
import type { MmCore } from './mm-core.ts';
import {
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_MKDIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  presence,
  ptePfn,
} from './page-table.ts';
import { ZERO_PFN } from './pages.ts';
import {
  MMF_DISABLE_THP,
  VM_HUGEPAGE,
  VM_NOHUGEPAGE,
  VM_OPS_ANON,
  VM_UFFD_MISSING,
  VM_UFFD_WP,
} from './structs.ts';

/** What a write to the huge zero page does: splits it, or since 6.13 puts a huge page there at once. */
export type HugeZeroWrite = 'split' | 'huge page';

export interface HugeMemory {
  /** Whether the kernel has transparent huge pages. */
  readonly enabled: boolean;
  /** `(vma, address, flags) -> VM_FAULT_*`: FALLBACK where the fault is one of small pages. */
  readonly handle_pmd_fault: Routine;
}

/** Whether the range of a huge page around an address lies in a VMA (thp_vma_suitable_order). */
export function suitable(c: MmCore, k: Exec, vma: number, address: number): boolean {
  const base = address - (address % c.pt.span);
  const { vm_start, vm_end } = c.VMA.at;
  return base >= k.peek(vma + vm_start) && base + c.pt.span <= k.peek(vma + vm_end);
}

/** Whether a VMA or its whole mm is to have none (vma_thp_disabled). */
export function thpDisabled(c: MmCore, k: Exec, vma: number): boolean {
  const { vm_flags, vm_mm } = c.VMA.at;
  const disabled = k.peek(k.peek(vma + vm_mm) + c.MM.at.flags) & MMF_DISABLE_THP;
  return disabled !== 0 || (k.peek(vma + vm_flags) & VM_NOHUGEPAGE) !== 0;
}

/** What faults of huge pages are made of. */
export interface HugeMemoryParts {
  /** `(vma, flags) -> VM_FAULT_*`. */
  readonly vmf_anon_prepare: Routine;
  /** `(vma, address, flags, reason) -> VM_FAULT_*`. */
  readonly handle_userfault: Routine;
  /** Whether writes to write-protected pages of an mm are let through by the kernel. */
  isWpAsync(k: Exec, mm: number): boolean;
  readonly zeroWrite: HugeZeroWrite;
}

export function hugeMemory(
  c: MmCore,
  { vmf_anon_prepare, handle_userfault, isWpAsync, zeroWrite }: HugeMemoryParts,
): HugeMemory {
  const { b, VMA, MM, pages, pt, split_huge_pmd } = c;
  const { vm_mm, vm_flags, vm_ops } = VMA.at;
  const enabled = b.enabled('TRANSPARENT_HUGEPAGE');
  // /sys/kernel/mm/transparent_hugepage/enabled as the build sets it; `madvise` when it says nothing.
  const always = b.enabled('TRANSPARENT_HUGEPAGE_ALWAYS', enabled);
  const never = b.enabled('TRANSPARENT_HUGEPAGE_NEVER', enabled);
  const counter = (name: string): number => {
    const event = b.event(name);
    b.declareCounter(name, 'include/linux/vm_event_item.h', event, enabled);
    return event;
  };
  const fault_alloc = counter('thp_fault_alloc');
  const fault_fallback = counter('thp_fault_fallback');

  /** thp_vma_allowable_order for a fault. */
  const allowable = (k: Exec, vma: number, address: number): boolean => {
    const flags = k.peek(vma + vm_flags);
    if (!enabled || never || k.peek(vma + vm_ops) !== VM_OPS_ANON) return false;
    if (thpDisabled(c, k, vma)) return false;
    if (!(always || flags & VM_HUGEPAGE)) return false;
    return suitable(c, k, vma, address);
  };

  /** `(vma, address, flags, old)`: maps a huge page where `old` is mapped: nothing, or the huge zero page. */
  const do_huge_pmd_anonymous_page = b.add(
    routine(
      'do_huge_pmd_anonymous_page',
      ['vma', 'address', 'flags', 'old', 'mm', 'entry', 'pmd', 'ptl'],
      (v) => ({
        vmf_anon_prepare: (k) => k.call(vmf_anon_prepare, k.get(v.vma), k.get(v.flags)),
        alloc_folio(k) {
          if (k.result() !== 0) return k.ret(k.result());
          k.set(v.mm, k.peek(k.get(v.vma) + vm_mm));
          // The page table a split will need is put by (pgtable_trans_huge_deposit).
          k.work(W.page_table_alloc);
          if (!(k.get(v.flags) & FAULT_FLAG_WRITE)) {
            k.set(v.entry, mkPte(ZERO_PFN, presence(k.peek(k.get(v.vma) + vm_flags))));
            return 'pmd_alloc';
          }
          const head = pages.allocHuge(k);
          if (head === 0) {
            k.count(fault_fallback);
            return k.ret(VM_FAULT_FALLBACK);
          }
          pages.clearHuge(k, head);
          const vmFlags = k.peek(k.get(v.vma) + vm_flags);
          const writable = mkwrite(vmFlags);
          const bits = presence(vmFlags) | writable | PTE_MKDIRTY | PTE_ANON_EXCLUSIVE;
          k.set(v.entry, mkPte(head, bits));
        },
        pmd_alloc: (k) => spinLock(k, k.get(v.mm) + MM.at.page_table_lock),
        pmd_populate(k) {
          pt.allocatePmd(k, k.get(v.mm), k.get(v.address));
        },
        pmd_alloc_unlock: (k) => spinUnlock(k, k.get(v.mm) + MM.at.page_table_lock),
        pmd_lock(k) {
          const pmd = pt.pmd(k, k.get(v.mm), k.get(v.address));
          k.set(v.pmd, pmd);
          k.set(v.ptl, pt.lockOf(k.get(v.mm), pmd));
          return spinLock(k, k.get(v.ptl));
        },
        set_pmd_at(k) {
          const pmd = k.get(v.pmd);
          const head = ptePfn(k.get(v.entry));
          k.access(pmd, WRITE);
          if (k.peek(pmd) !== -k.get(v.old)) {
            if (head !== ZERO_PFN) pages.putHuge(k, head);
            return;
          }
          // What is there already is nobody's to give any more.
          if (k.get(v.old) === 0 && k.peek(k.get(v.vma) + vm_flags) & VM_UFFD_MISSING) {
            if (head !== ZERO_PFN) pages.putHuge(k, head);
            return 'pmd_unlock_userfault';
          }
          k.work(W.pte_set);
          pt.setHuge(k, pmd, k.get(v.entry));
          if (k.get(v.old) !== 0) k.flushTlb(k.get(v.mm));
          if (head !== ZERO_PFN) k.count(fault_alloc);
        },
        pmd_unlock(k) {
          spinUnlock(k, k.get(v.ptl));
          return k.ret(0);
        },
        pmd_unlock_userfault: (k) => spinUnlock(k, k.get(v.ptl)),
        handle_userfault: (k) =>
          k.call(handle_userfault, k.get(v.vma), k.get(v.address), k.get(v.flags), VM_UFFD_MISSING),
        userfault_done: (k) => k.ret(k.result()),
      }),
    ),
  );

  const do_huge_pmd_wp_page = b.add(
    routine('do_huge_pmd_wp_page', ['vma', 'address', 'flags', 'old', 'pmd', 'ptl'], (v) => ({
      is_huge_zero_pmd(k) {
        if (ptePfn(k.get(v.old)) !== ZERO_PFN) return 'pmd_lock';
        if (zeroWrite === 'split') return 'split_huge_pmd';
        const { vma, address, flags, old } = v;
        return k.callThen(
          'zero_page_replaced',
          do_huge_pmd_anonymous_page,
          k.get(vma),
          k.get(address),
          k.get(flags),
          k.get(old),
        );
      },
      pmd_lock(k) {
        const mm = k.peek(k.get(v.vma) + vm_mm);
        const pmd = pt.pmd(k, mm, k.get(v.address));
        k.set(v.pmd, pmd);
        k.set(v.ptl, pt.lockOf(mm, pmd));
        return spinLock(k, k.get(v.ptl));
      },
      reuse(k) {
        const pmd = k.get(v.pmd);
        const old = k.get(v.old);
        k.access(pmd, WRITE);
        if (k.peek(pmd) !== -old) return 'pmd_unlock';
        // Somebody else maps it too: small pages are copied one by one.
        const mine = old & PTE_ANON_EXCLUSIVE || pages.exclusiveHuge(k, ptePfn(old));
        if (!mine) return 'pmd_unlock_fallback';
        const written = mkwrite(k.peek(k.get(v.vma) + vm_flags)) | PTE_MKDIRTY;
        const unshare = k.get(v.flags) & FAULT_FLAG_UNSHARE;
        pt.setHuge(k, pmd, old | PTE_ANON_EXCLUSIVE | (unshare ? 0 : written));
      },
      pmd_unlock(k) {
        spinUnlock(k, k.get(v.ptl));
        return k.ret(0);
      },
      pmd_unlock_fallback: (k) => spinUnlock(k, k.get(v.ptl)),
      split_huge_pmd: (k) => k.call(split_huge_pmd, k.peek(k.get(v.vma) + vm_mm), k.get(v.address)),
      fallback: (k) => k.ret(VM_FAULT_FALLBACK),
      zero_page_replaced: (k) =>
        k.result() & VM_FAULT_FALLBACK ? 'split_huge_pmd' : k.ret(k.result()),
    })),
  );

  const handle_pmd_fault = b.add(
    routine('handle_pmd_fault', ['vma', 'address', 'flags'], (v) => ({
      read_pmd(k) {
        const vma = k.get(v.vma);
        const mm = k.peek(vma + vm_mm);
        const pmd = pt.pmd(k, mm, k.get(v.address));
        k.access(pmd === 0 ? mm + MM.at.pgd : pmd, READ);
        const entry = pmd === 0 ? 0 : k.peek(pmd);
        const { address, flags } = v;
        if (entry > 0) return k.ret(VM_FAULT_FALLBACK);
        if (entry === 0) {
          if (!allowable(k, vma, k.get(address))) return k.ret(VM_FAULT_FALLBACK);
          return k.callThen(
            'done',
            do_huge_pmd_anonymous_page,
            vma,
            k.get(address),
            k.get(flags),
            0,
          );
        }
        const unshare = k.get(flags) & FAULT_FLAG_UNSHARE;
        const breaks = k.get(flags) & FAULT_FLAG_WRITE || unshare;
        // huge_pmd_set_accessed
        if (!breaks || -entry & PTE_WRITE) return k.ret(0);
        if (unshare || !(k.peek(vma + vm_flags) & VM_UFFD_WP && -entry & PTE_UFFD_WP)) {
          return k.callThen('done', do_huge_pmd_wp_page, vma, k.get(address), k.get(flags), -entry);
        }
        // Without an answer to wait for, only the small page that is written loses its mark.
        if (isWpAsync(k, mm)) return 'split_huge_pmd';
        return k.callThen('done', handle_userfault, vma, k.get(address), k.get(flags), VM_UFFD_WP);
      },
      split_huge_pmd: (k) => k.call(split_huge_pmd, k.peek(k.get(v.vma) + vm_mm), k.get(v.address)),
      fallback: (k) => k.ret(VM_FAULT_FALLBACK),
      done: (k) => k.ret(k.result()),
    })),
  );
  return { enabled, handle_pmd_fault };
}
