/** A fault on a mapping of a file. After do_fault in mm/memory.c. */
import { inFrame, type Routine, routine, W } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import { dropsVmaLock } from './anon-prepare.ts';
import {
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
} from './fault-flags.ts';
import type { FileFault } from './file-fault.ts';
import type { LockedFaults } from './locked-faults.ts';
import type { MmCore } from './mm-core.ts';
import { mkPte } from './page-table.ts';
import { ZERO_PFN } from './pages.ts';
import type { Shmem } from './shmem.ts';
import {
  isSpecialMapping,
  VM_OPS_SHM,
  VM_OPS_SHMEM,
  VM_OPS_TCP,
  VM_SHARED,
  VM_UFFD_MINOR,
  VM_UFFD_MISSING,
  VM_UFFD_WP,
} from './structs.ts';

/** Pages mapped around a read fault on a file (fault_around_bytes / PAGE_SIZE). */
const FAULT_AROUND_PAGES = 16;

/** What a fault on a file is made of. */
export interface DoFaultParts {
  readonly __pte_alloc: Routine;
  readonly vmf_anon_prepare: Routine;
  readonly finish_fault: Routine;
  /** `(vma, address, flags, reason) -> VM_FAULT_*`. */
  readonly handle_userfault: Routine;
  readonly file: FileFault;
  readonly lockedFaults: LockedFaults;
}

/** Registers `(vma, address, flags) -> VM_FAULT_*`: do_read_fault, do_cow_fault, do_shared_fault. */
export function doFault(c: MmCore, shm: Shmem, p: DoFaultParts): Routine {
  const { __pte_alloc, vmf_anon_prepare, finish_fault, handle_userfault, lockedFaults } = p;
  const { pageProt, indexOf, fault_dirty_shared_page } = p.file;
  const { b, VMA, lock, pages, pt } = c;
  const { vm_mm, vm_flags, vm_ops, vm_start, vm_end, vm_file } = VMA.at;

  /** Maps pages of the page cache around a read fault (do_fault_around, filemap_map_pages). */
  const do_fault_around = b.add(
    routine('do_fault_around', ['vma', 'address', 'from', 'to', 'ptl', 'mapped'], (v) => ({
      pte_alloc(k) {
        const vma = k.get(v.vma);
        const address = k.get(v.address);
        const window = address - (address % FAULT_AROUND_PAGES);
        const table = address - (address % pt.span);
        // The window keeps its length when the VMA begins inside it.
        const from = Math.max(window, table, k.peek(vma + vm_start));
        k.set(v.from, from);
        k.set(v.to, Math.min(from + FAULT_AROUND_PAGES, table + pt.span, k.peek(vma + vm_end)));
        return k.call(__pte_alloc, k.peek(vma + vm_mm), address);
      },
      pte_lock(k) {
        const mm = k.peek(k.get(v.vma) + vm_mm);
        const entry = pt.find(k, mm, k.get(v.address));
        if (entry === 0) return k.ret(1);
        k.set(v.ptl, pt.lockOf(mm, entry));
        return spinLock(k, k.get(v.ptl));
      },
      map_pages(k) {
        const vma = k.get(v.vma);
        const mm = k.peek(vma + vm_mm);
        const file = k.peek(vma + vm_file);
        k.access(k.get(v.ptl), 1);
        for (let page = k.get(v.from); page < k.get(v.to); page++) {
          const index = indexOf(k, vma, page);
          const pfn = index < shm.sizeOf(k, file) ? shm.lookup(k, file, index) : 0;
          const entry = pt.find(k, mm, page);
          if (pfn === 0 || k.peek(entry) !== 0) continue;
          k.work(W.pte_set);
          k.work(W.rmap);
          pages.get(k, pfn);
          k.poke(entry, mkPte(pfn, pageProt(k, vma)));
          if (page === k.get(v.address)) k.set(v.mapped, 1);
        }
      },
      pte_unlock(k) {
        spinUnlock(k, k.get(v.ptl));
        return k.ret(k.get(v.mapped));
      },
    })),
  );

  return b.add(
    routine('do_fault', ['vma', 'address', 'flags', 'pfn', 'cow'], (v) => ({
      choose(k) {
        const vma = k.get(v.vma);
        const ops = k.load(vma + vm_ops);
        // tcp_vm_ops are empty: no `fault`.
        if (ops === VM_OPS_TCP) return k.ret(VM_FAULT_SIGBUS);
        if (ops !== VM_OPS_SHMEM || k.get(v.flags) & FAULT_FLAG_WRITE) return 'vmf_can_call_fault';
        // uffd_disable_fault_around: pages mapped by the way would never fault.
        const aside = k.peek(vma + vm_flags) & (VM_UFFD_WP | VM_UFFD_MINOR);
        return aside ? 'vmf_can_call_fault' : 'do_fault_around';
      },
      // A `fault` of vm_ops without `map_pages` may rely on mmap_lock; in 6.6 every `fault` might.
      vmf_can_call_fault(k) {
        const vma = k.get(v.vma);
        const ops = k.peek(vma + vm_ops);
        const mayCall = lockedFaults === 'all' && ops === VM_OPS_SHMEM;
        if (k.get(v.flags) & FAULT_FLAG_VMA_LOCK && !mayCall) {
          return k.callThen('retry', lock.vma_end_read, vma);
        }
        const cow = k.get(v.flags) & FAULT_FLAG_WRITE && !(k.peek(vma + vm_flags) & VM_SHARED);
        // special_mapping_fault: the page is the kernel's own, whose references are not counted, as the zero page's.
        if (isSpecialMapping(ops)) return cow ? 'vmf_anon_prepare' : 'pte_alloc';
        // A binder buffer's pages come from its driver only.
        if (ops !== VM_OPS_SHMEM && ops !== VM_OPS_SHM) return k.ret(VM_FAULT_SIGBUS);
        return cow ? 'vmf_anon_prepare' : 'userfault';
      },
      retry: inFrame((k) => k.ret(VM_FAULT_RETRY)),
      do_fault_around: inFrame((k) => k.call(do_fault_around, k.get(v.vma), k.get(v.address))),
      around_done: inFrame((k) => {
        return k.result() ? k.ret(0) : 'vmf_can_call_fault';
      }),
      vmf_anon_prepare: inFrame((k) => k.call(vmf_anon_prepare, k.get(v.vma), k.get(v.flags))),
      alloc_cow_page(k) {
        if (k.result() !== 0) return k.ret(k.result());
        if (dropsVmaLock(c, lockedFaults)) k.work(W.cow_fault_spill);
        k.set(v.cow, pages.alloc(k));
        if (!isSpecialMapping(k.peek(k.get(v.vma) + vm_ops))) return;
        pages.copy(k, k.get(v.cow), ZERO_PFN);
        k.set(v.pfn, k.get(v.cow));
        return 'pte_alloc';
      },
      // shmem_get_folio: a page of the cache that is not mapped, or one that is missing, may be user space's to give.
      userfault(k) {
        const vma = k.get(v.vma);
        const file = k.peek(vma + vm_file);
        const watched = k.peek(vma + vm_flags) & (VM_UFFD_MISSING | VM_UFFD_MINOR);
        const index = indexOf(k, vma, k.get(v.address));
        if (watched === 0 || index >= shm.sizeOf(k, file)) return 'shmem_fault';
        k.access(file, 0);
        const cached = shm.lookup(k, file, index) !== 0;
        const reason = cached ? VM_UFFD_MINOR : VM_UFFD_MISSING;
        if (!(watched & reason)) return 'shmem_fault';
        if (k.get(v.cow)) pages.put(k, k.get(v.cow));
        return k.callThen('done', handle_userfault, vma, k.get(v.address), k.get(v.flags), reason);
      },
      shmem_fault(k) {
        const vma = k.get(v.vma);
        return k.call(shm.shmem_fault, k.peek(vma + vm_file), indexOf(k, vma, k.get(v.address)));
      },
      got_page(k) {
        const pfn = k.result();
        if (pfn === 0) {
          if (k.get(v.cow)) pages.put(k, k.get(v.cow));
          return k.ret(VM_FAULT_SIGBUS);
        }
        if (k.get(v.cow) === 0) {
          k.set(v.pfn, pfn);
          return 'pte_alloc';
        }
        pages.copy(k, k.get(v.cow), pfn);
        pages.put(k, pfn);
        k.set(v.pfn, k.get(v.cow));
      },
      pte_alloc: (k) => k.call(__pte_alloc, k.peek(k.get(v.vma) + vm_mm), k.get(v.address)),
      finish_fault: inFrame((k) =>
        k.call(finish_fault, k.get(v.vma), k.get(v.address), k.get(v.flags), k.get(v.pfn)),
      ),
      done: inFrame((k) => {
        const writes = k.get(v.flags) & FAULT_FLAG_WRITE;
        if (k.result() !== 0 || !writes || k.get(v.cow)) return k.ret(k.result());
      }),
      fault_dirty_shared_page: inFrame((k) =>
        k.call(fault_dirty_shared_page, k.get(v.vma), k.get(v.address), k.get(v.flags)),
      ),
      dirtied: inFrame((k) => k.ret(k.result())),
    })),
  );
}
