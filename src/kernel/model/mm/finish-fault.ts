/** Mapping the page a fault has found. After finish_fault and do_anonymous_page in mm/memory.c. */
import { type Exec, inFrame, type Routine, routine, W } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import { FAULT_FLAG_WRITE, VM_FAULT_NOPAGE } from './fault-flags.ts';
import { mkwrite } from './maybe-mkwrite.ts';
import type { MmCore } from './mm-core.ts';
import {
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_MKDIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  presence,
} from './page-table.ts';
import { ZERO_PFN } from './pages.ts';
import { VM_OPS_ANON, VM_SHARED, VM_UFFD_MISSING, VM_WRITE } from './structs.ts';

/** What becomes of a fault once its page is there. */
export interface FinishFaultParts {
  /** `(vma, address, flags, reason) -> VM_FAULT_*`. */
  readonly handle_userfault: Routine;
  /** The bits of an entry of a page that is only read. */
  pageProt(k: Exec, vma: number): number;
}

/** Registers `(vma, address, flags, pfn) -> 0 or NOPAGE`: maps a page, or drops it if another thread has mapped one. */
export function finishFault(c: MmCore, { handle_userfault, pageProt }: FinishFaultParts): Routine {
  const { b, VMA, pages, pt } = c;
  const { vm_mm, vm_flags, vm_ops } = VMA.at;
  return b.add(
    routine('finish_fault', ['vma', 'address', 'flags', 'pfn', 'entry', 'ptl', 'ret'], (v) => ({
      pte_lock(k) {
        const mm = k.peek(k.get(v.vma) + vm_mm);
        k.set(v.entry, pt.find(k, mm, k.get(v.address)));
        if (k.get(v.entry) === 0) return 'no_table';
        k.set(v.ptl, pt.lockOf(mm, k.get(v.entry)));
        return spinLock(k, k.get(v.ptl));
      },
      set_pte(k) {
        const entry = k.get(v.entry);
        const old = k.load(entry);
        // A marker that the page is to be write-protected goes over to the page (vmf_orig_pte_uffd_wp).
        if (old !== 0 && old !== PTE_UFFD_WP) {
          pages.put(k, k.get(v.pfn));
          k.set(v.ret, VM_FAULT_NOPAGE);
          return 'pte_unlock';
        }
        // Whether user space wants to fill the page itself is decided here, with the entry locked and known to be empty.
        const vma = k.get(v.vma);
        if (k.peek(vma + vm_ops) === VM_OPS_ANON && k.peek(vma + vm_flags) & VM_UFFD_MISSING) {
          pages.put(k, k.get(v.pfn));
          return 'pte_unlock_userfault';
        }
        const writes = k.get(v.flags) & FAULT_FLAG_WRITE;
        k.work(W.pte_set);
        if (k.get(v.pfn) !== ZERO_PFN) k.work(W.rmap);
        const vmFlags = k.peek(vma + vm_flags);
        // What nobody may write does not count as written, when it is anonymous memory.
        const forced = k.peek(vma + vm_ops) === VM_OPS_ANON && !(vmFlags & VM_WRITE);
        const written = presence(vmFlags) | mkwrite(vmFlags) | (forced ? 0 : PTE_MKDIRTY);
        const fresh = vmFlags & VM_SHARED ? 0 : PTE_ANON_EXCLUSIVE;
        const bits = writes ? written | fresh : pageProt(k, vma);
        k.poke(entry, mkPte(k.get(v.pfn), old === 0 ? bits : (bits & ~PTE_WRITE) | old));
      },
      pte_unlock(k) {
        spinUnlock(k, k.get(v.ptl));
        return k.ret(k.get(v.ret));
      },
      // A huge page was faster and there is no page table here.
      no_table(k) {
        pages.put(k, k.get(v.pfn));
        return k.ret(VM_FAULT_NOPAGE);
      },
      pte_unlock_userfault(k) {
        spinUnlock(k, k.get(v.ptl));
      },
      handle_userfault: inFrame((k) =>
        k.call(handle_userfault, k.get(v.vma), k.get(v.address), k.get(v.flags), VM_UFFD_MISSING),
      ),
      userfault_done: inFrame((k) => k.ret(k.result())),
    })),
  );
}

/** What a fault in anonymous memory is made of. */
export interface AnonymousPageParts {
  readonly __pte_alloc: Routine;
  readonly vmf_anon_prepare: Routine;
  readonly finish_fault: Routine;
}

/** Registers `(vma, address, flags) -> VM_FAULT_*`: the zero page for a read, a page of its own for a write. */
export function anonymousPage(
  c: MmCore,
  { __pte_alloc, vmf_anon_prepare, finish_fault }: AnonymousPageParts,
): Routine {
  const { b, VMA, pages } = c;
  const { vm_mm } = VMA.at;
  return b.add(
    routine('do_anonymous_page', ['vma', 'address', 'flags', 'pfn'], (v) => ({
      pte_alloc: (k) => k.call(__pte_alloc, k.peek(k.get(v.vma) + vm_mm), k.get(v.address)),
      choose: inFrame((k) => {
        k.set(v.pfn, ZERO_PFN);
        return k.get(v.flags) & FAULT_FLAG_WRITE ? 'vmf_anon_prepare' : 'finish_fault';
      }),
      vmf_anon_prepare: inFrame((k) => k.call(vmf_anon_prepare, k.get(v.vma), k.get(v.flags))),
      alloc_anon_folio(k) {
        if (k.result() !== 0) return k.ret(k.result());
        k.set(v.pfn, pages.alloc(k));
        pages.clear(k, k.get(v.pfn));
      },
      finish_fault: inFrame((k) =>
        k.call(finish_fault, k.get(v.vma), k.get(v.address), k.get(v.flags), k.get(v.pfn)),
      ),
      done: inFrame((k) => k.ret(k.result())),
    })),
  );
}
