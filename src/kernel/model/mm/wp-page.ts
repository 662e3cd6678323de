/** A write to an entry that does not let it: the page is taken over, or copied. After do_wp_page in mm/memory.c. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import { FAULT_FLAG_UNSHARE } from './fault-flags.ts';
import { mkwrite } from './maybe-mkwrite.ts';
import type { MmCore } from './mm-core.ts';
import {
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_MKDIRTY,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  presence,
  ptePfn,
  ptePresent,
} from './page-table.ts';
import { ZERO_PFN } from './pages.ts';
import { VM_SHARED, VM_UFFD_WP } from './structs.ts';
import { wpCanReuse } from './wp-reuse.ts';

/** What the writer of a protected page meets. */
export interface WpPageParts {
  /** `(vma, flags) -> VM_FAULT_*`. */
  readonly vmf_anon_prepare: Routine;
  readonly dropsVmaLock: boolean;
  /** `(vma, address, flags, reason) -> VM_FAULT_*`. */
  readonly handle_userfault: Routine;
  /** `(vma, address, flags) -> VM_FAULT_*`. */
  readonly fault_dirty_shared_page: Routine;
  /** Whether writes to write-protected pages of an mm are let through by the kernel. */
  isWpAsync(k: Exec, mm: number): boolean;
  /** The event of pages taken over. */
  readonly pgreuse: number;
}

/** Registers `(vma, address, flags) -> VM_FAULT_*`. */
export function wpPage(c: MmCore, p: WpPageParts): Routine {
  const { vmf_anon_prepare, handle_userfault, fault_dirty_shared_page, isWpAsync, pgreuse } = p;
  const { b, VMA, pages, pt } = c;
  const { vm_mm, vm_flags, vm_file } = VMA.at;
  const canReuse = wpCanReuse(c);
  return b.add(
    routine('do_wp_page', ['vma', 'address', 'flags', 'entry', 'old', 'pfn', 'ptl'], (v) => ({
      pte_lock(k) {
        const mm = k.peek(k.get(v.vma) + vm_mm);
        k.set(v.entry, pt.find(k, mm, k.get(v.address)));
        if (k.get(v.entry) === 0) return k.ret(0);
        k.set(v.ptl, pt.lockOf(mm, k.get(v.entry)));
        return spinLock(k, k.get(v.ptl));
      },
      read_pte(k) {
        const pte = k.load(k.get(v.entry));
        k.set(v.old, pte);
        // Taken away or answered meanwhile.
        if (!ptePresent(pte) || pte & PTE_WRITE) return 'pte_unlock_done';
        const unshare = k.get(v.flags) & FAULT_FLAG_UNSHARE;
        const watched = !unshare && k.peek(k.get(v.vma) + vm_flags) & VM_UFFD_WP;
        if (watched && pte & PTE_UFFD_WP) {
          if (!isWpAsync(k, k.peek(k.get(v.vma) + vm_mm))) return 'pte_unlock_userfault';
          // Nobody has to answer: that the mark is gone says that the page was written.
          k.set(v.old, pte & ~PTE_UFFD_WP);
          k.poke(k.get(v.entry), k.get(v.old));
        }
        if (k.peek(k.get(v.vma) + vm_flags) & VM_SHARED || pte & PTE_ANON_EXCLUSIVE) {
          return unshare ? 'pte_unlock_done' : 'wp_page_reuse';
        }
        const pfn = ptePfn(pte);
        if (pfn !== ZERO_PFN && canReuse(k, k.peek(k.get(v.vma) + vm_mm), pfn)) {
          c.swap.freeSwap(k, pfn);
          k.set(v.old, k.get(v.old) | PTE_ANON_EXCLUSIVE);
          if (!unshare) return 'wp_page_reuse';
          k.poke(k.get(v.entry), k.get(v.old));
          return 'pte_unlock_done';
        }
      },
      pte_unlock(k) {
        spinUnlock(k, k.get(v.ptl));
      },
      vmf_anon_prepare: (k) => k.call(vmf_anon_prepare, k.get(v.vma), k.get(v.flags)),
      wp_page_copy(k) {
        if (k.result() !== 0) return k.ret(k.result());
        if (p.dropsVmaLock) k.work(W.wp_copy_spill);
        k.set(v.pfn, pages.alloc(k));
        const from = ptePfn(k.get(v.old));
        if (from === ZERO_PFN) pages.clear(k, k.get(v.pfn));
        else pages.copy(k, k.get(v.pfn), from);
      },
      relock_pte: (k) => spinLock(k, k.get(v.ptl)),
      set_pte(k) {
        const entry = k.get(v.entry);
        if (k.load(entry) !== k.get(v.old)) {
          pages.put(k, k.get(v.pfn));
          return 'pte_unlock_done';
        }
        k.work(W.pte_set);
        k.work(W.rmap);
        c.swap.put(k, ptePfn(k.get(v.old)));
        const vmFlags = k.peek(k.get(v.vma) + vm_flags);
        const unshare = k.get(v.flags) & FAULT_FLAG_UNSHARE;
        const bits = unshare
          ? k.get(v.old) & (PTE_SOFT_DIRTY | PTE_UFFD_WP)
          : mkwrite(vmFlags) | PTE_MKDIRTY;
        k.poke(entry, mkPte(k.get(v.pfn), presence(vmFlags) | PTE_ANON_EXCLUSIVE | bits));
        // ptep_clear_flush: other CPUs of the process still read the old page.
        k.flushTlb(k.peek(k.get(v.vma) + vm_mm));
      },
      pte_unlock_done(k) {
        spinUnlock(k, k.get(v.ptl));
        return k.ret(0);
      },
      wp_page_reuse(k) {
        k.count(pgreuse);
        k.work(W.pte_set);
        const vma = k.get(v.vma);
        k.store(k.get(v.entry), k.get(v.old) | mkwrite(k.peek(vma + vm_flags)) | PTE_MKDIRTY);
        if (!(k.peek(vma + vm_flags) & VM_SHARED) || k.peek(vma + vm_file) === 0) {
          return 'pte_unlock_done';
        }
      },
      // wp_page_shared
      pte_unlock_shared: (k) => spinUnlock(k, k.get(v.ptl)),
      fault_dirty_shared_page: (k) =>
        k.call(fault_dirty_shared_page, k.get(v.vma), k.get(v.address), k.get(v.flags)),
      dirtied: (k) => k.ret(k.result()),
      pte_unlock_userfault(k) {
        spinUnlock(k, k.get(v.ptl));
      },
      handle_userfault: (k) =>
        k.call(handle_userfault, k.get(v.vma), k.get(v.address), k.get(v.flags), VM_UFFD_WP),
      userfault_done: (k) => k.ret(k.result()),
    })),
  );
}
