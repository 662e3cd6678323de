/** Putting pages of a driver into a user mapping. After vm_insert_page and vm_insert_pages in mm/memory.c. */
import { type Routine, routine, W } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import { EFAULT, type MmCore } from './mm-core.ts';
import { mkPte, PTE_WRITE, presence } from './page-table.ts';
import { VM_ACCESS_FLAGS, VM_OPS_BINDER, VM_OPS_TCP, VM_PFNMAP, VM_WRITE } from './structs.ts';

export const EBUSY = 16;

/**
 * What a mapping can never be given, as VM_* bits: drivers take VM_MAYWRITE and VM_MAYEXEC away when they are mapped (tcp_mmap in
 * net/ipv4/tcp.c, binder_mmap in drivers/android/binder.c), and vvar is born without them.
 */
export function mayNot(ops: number, flags: number): number {
  if (ops === VM_OPS_TCP || flags & VM_PFNMAP) return VM_ACCESS_FLAGS & ~1;
  return ops === VM_OPS_BINDER ? VM_WRITE : 0;
}

/** An entry with the protection a driver's mapping has now (vm_page_prot). */
function withPageProt(pfn: number, flags: number): number {
  return mkPte(pfn, presence(flags) | (flags & VM_WRITE ? PTE_WRITE : 0));
}

/**
 * Registers `(mm, vma, address, pfn) -> 0, -EBUSY or -EFAULT`: maps a page where nothing is mapped; the entry takes a reference of its
 * own. The VMA is held still. -EBUSY where an entry is already, -EFAULT outside the VMA.
 *
 * @param __pte_alloc `(mm, address)`: makes the page table that holds an entry
 */
export function vmInsertPage(c: MmCore, __pte_alloc: Routine): Routine {
  const { b, VMA, pages, pt } = c;
  const { vm_start, vm_end, vm_flags } = VMA.at;
  return b.fn(
    { file: 'mm/memory.c', signature: '(vma, addr, page) -> int' },
    routine('vm_insert_page', ['mm', 'vma', 'address', 'pfn', 'entry', 'ret'], (v) => ({
      check_range(k) {
        const vma = k.get(v.vma);
        const address = k.get(v.address);
        if (address < k.load(vma + vm_start) || address >= k.peek(vma + vm_end)) {
          return k.ret(-EFAULT);
        }
      },
      pte_alloc: (k) => k.call(__pte_alloc, k.get(v.mm), k.get(v.address)),
      pte_lock(k) {
        k.set(v.entry, pt.find(k, k.get(v.mm), k.get(v.address)));
        return spinLock(k, pt.lockOf(k.get(v.mm), k.get(v.entry)));
      },
      insert_page_into_pte_locked(k) {
        if (k.load(k.get(v.entry)) !== 0) {
          k.set(v.ret, -EBUSY);
          return;
        }
        k.work(W.pte_set);
        pages.get(k, k.get(v.pfn));
        k.poke(k.get(v.entry), withPageProt(k.get(v.pfn), k.peek(k.get(v.vma) + vm_flags)));
      },
      pte_unlock(k) {
        spinUnlock(k, pt.lockOf(k.get(v.mm), k.get(v.entry)));
        return k.ret(k.get(v.ret));
      },
    })),
  );
}
