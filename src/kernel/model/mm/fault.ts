/** Handling a fault below the lock: page-table entry in, page mapped. After mm/memory.c. */
import { returns } from '../kernel-builder.ts';
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import type { AnonVma } from './anon-vma.ts';
import {
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  VM_FAULT_FALLBACK,
  VM_FAULT_HWPOISON,
  VM_FAULT_NOPAGE,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
} from './fault-flags.ts';
import { declareFaultNames, sanitizeFaultFlags } from './fault-names.ts';
import { fileFault } from './file-fault.ts';
import { type HugeZeroWrite, hugeMemory } from './huge-memory.ts';
import { hugetlbFault } from './hugetlb.ts';
import type { LockedFaults } from './locked-faults.ts';
import { mkwrite } from './maybe-mkwrite.ts';
import type { MmCore } from './mm-core.ts';
import {
  isSwapPte,
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_MARKER_GUARD,
  PTE_MARKER_POISONED,
  PTE_MKDIRTY,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  presence,
  ptePfn,
  ptePresent,
} from './page-table.ts';
import { ZERO_PFN } from './pages.ts';
import type { Shmem } from './shmem.ts';
import {
  isSpecialMapping,
  VM_OPS_ANON,
  VM_OPS_HUGETLB,
  VM_OPS_SHM,
  VM_OPS_SHMEM,
  VM_OPS_TCP,
  VM_SHARED,
  VM_UFFD_MINOR,
  VM_UFFD_MISSING,
  VM_UFFD_WP,
  VM_WRITE,
} from './structs.ts';
import { swapFault } from './swap-fault.ts';
import type { UserfaultCtx } from './userfaultfd/index.ts';
import { wpCanReuse } from './wp-reuse.ts';

/** Pages mapped around a read fault on a file (fault_around_bytes / PAGE_SIZE). */
const FAULT_AROUND_PAGES = 16;

const FILE = 'mm/memory.c';

export interface Fault {
  /** `(vma, address, flags) -> VM_FAULT_*`. RETRY and COMPLETED mean the lock has been released. */
  readonly handle_mm_fault: Routine;
  /** `(mm, address)`: makes the page table that holds the address's entry. */
  readonly __pte_alloc: Routine;
  /** The mutex on which faults of a page of hugetlbfs meet. */
  hugetlbMutexOf(file: number, index: number): number;
}

/** Which tries of a fault count as a fault: each, or since 6.5 the one that is not tried again. */
export type FaultCount = 'every_try' | 'last_try';

/** What an edition and a configuration decide about faults, and the counters of faults. */
export interface FaultOptions {
  readonly pgfault: number;
  readonly pgreuse: number;
  readonly pgmajfault: number;
  readonly zeroWrite: HugeZeroWrite;
  readonly lockedFaults: LockedFaults;
  readonly counts: FaultCount;
  /** Absent without USERFAULTFD. */
  readonly uffd: UserfaultCtx | undefined;
}

export function fault(c: MmCore, anon: AnonVma, shm: Shmem, options: FaultOptions): Fault {
  const { pgfault, pgreuse, pgmajfault, zeroWrite, lockedFaults, counts, uffd } = options;
  const { b, VMA, MM, mmap, lock, pages, pt } = c;
  const { vm_mm, vm_flags, vm_ops, vm_start, vm_end, vm_file, anon_vma } = VMA.at;

  const { pageProt, indexOf, fault_dirty_shared_page } = fileFault(c, shm);

  declareFaultNames(c);

  // Without USERFAULTFD no VMA is ever registered, and the stub of the header is never called.
  const handle_userfault =
    uffd?.handle_userfault ??
    b.stub(
      'handle_userfault',
      { file: 'include/linux/userfaultfd_k.h', signature: '(vmf, reason) -> vm_fault_t' },
      returns(VM_FAULT_SIGBUS, 'VM_FAULT_SIGBUS'),
    );

  const __vmf_anon_prepare = b.add(
    routine('__vmf_anon_prepare', ['vma', 'flags', 'ret'], (v) => ({
      read_anon_vma(k) {
        if (k.load(k.get(v.vma) + anon_vma) !== 0) return k.ret(0);
        const vmaLock = k.get(v.flags) & FAULT_FLAG_VMA_LOCK;
        // A VMA that 6.4 has locked had an anon_vma when it was found, and nobody looks again.
        if (!vmaLock || lockedFaults === 'anonymous') return 'anon_vma_prepare';
        return lockedFaults === 'all' ? 'mmap_read_trylock' : k.ret(VM_FAULT_RETRY);
      },
      // A trylock: waiting for mmap_lock with a VMA lock held could wait for a writer that waits for us.
      mmap_read_trylock: (k) => k.call(mmap.mmap_read_trylock, k.peek(k.get(v.vma) + vm_mm)),
      locked(k) {
        if (k.result() === 0) return k.ret(VM_FAULT_RETRY);
      },
      anon_vma_prepare: (k) => k.call(anon.__anon_vma_prepare, k.get(v.vma)),
      prepared(k) {
        k.set(v.ret, k.result());
        const vmaLock = k.get(v.flags) & FAULT_FLAG_VMA_LOCK;
        if (!vmaLock || lockedFaults === 'anonymous') return k.ret(k.get(v.ret));
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.peek(k.get(v.vma) + vm_mm)),
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );

  /** vmf_anon_prepare: as above, and drops the VMA lock when the fault must be retried. */
  const vmf_anon_prepare = b.add(
    routine('vmf_anon_prepare', ['vma', 'flags', 'ret'], (v) => ({
      prepare: (k) => k.call(__vmf_anon_prepare, k.get(v.vma), k.get(v.flags)),
      check(k) {
        k.set(v.ret, k.result());
        if (!(k.result() & VM_FAULT_RETRY)) return k.ret(k.result());
      },
      vma_end_read: (k) => k.call(lock.vma_end_read, k.get(v.vma)),
      retry: (k) => k.ret(k.get(v.ret)),
    })),
  );

  /** `(mm, address)`: makes the page table that holds the address's entry (pte_alloc). */
  const __pte_alloc = b.add(
    routine('__pte_alloc', ['mm', 'address'], (v) => ({
      pmd_none(k) {
        k.access(k.get(v.mm) + MM.at.pgd, 0);
        if (pt.find(k, k.get(v.mm), k.get(v.address)) !== 0) return k.ret();
      },
      lock_page_table_lock: (k) => spinLock(k, k.get(v.mm) + MM.at.page_table_lock),
      pmd_populate(k) {
        pt.allocate(k, k.get(v.mm), k.get(v.address));
      },
      unlock_page_table_lock(k) {
        spinUnlock(k, k.get(v.mm) + MM.at.page_table_lock);
        return k.ret();
      },
    })),
  );

  /** `(vma, address, flags, pfn) -> 0 or NOPAGE`: maps a page, or drops it if another thread has mapped one. */
  const finish_fault = b.add(
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
      handle_userfault: (k) =>
        k.call(handle_userfault, k.get(v.vma), k.get(v.address), k.get(v.flags), VM_UFFD_MISSING),
      userfault_done: (k) => k.ret(k.result()),
    })),
  );

  const do_anonymous_page = b.add(
    routine('do_anonymous_page', ['vma', 'address', 'flags', 'pfn'], (v) => ({
      pte_alloc: (k) => k.call(__pte_alloc, k.peek(k.get(v.vma) + vm_mm), k.get(v.address)),
      choose(k) {
        k.set(v.pfn, ZERO_PFN);
        return k.get(v.flags) & FAULT_FLAG_WRITE ? 'vmf_anon_prepare' : 'finish_fault';
      },
      vmf_anon_prepare: (k) => k.call(vmf_anon_prepare, k.get(v.vma), k.get(v.flags)),
      alloc_anon_folio(k) {
        if (k.result() !== 0) return k.ret(k.result());
        k.set(v.pfn, pages.alloc(k));
        pages.clear(k, k.get(v.pfn));
      },
      finish_fault: (k) =>
        k.call(finish_fault, k.get(v.vma), k.get(v.address), k.get(v.flags), k.get(v.pfn)),
      done: (k) => k.ret(k.result()),
    })),
  );

  const canReuse = wpCanReuse(c);
  const do_wp_page = b.add(
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
          if (!uffd?.isWpAsync(k, k.peek(k.get(v.vma) + vm_mm))) return 'pte_unlock_userfault';
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
        c.swap.put(k, ptePfn(k.get(v.old)));
        const vmFlags = k.peek(k.get(v.vma) + vm_flags);
        const unshare = k.get(v.flags) & FAULT_FLAG_UNSHARE;
        const bits = unshare
          ? k.get(v.old) & (PTE_SOFT_DIRTY | PTE_UFFD_WP)
          : mkwrite(vmFlags) | PTE_MKDIRTY;
        k.poke(entry, mkPte(k.get(v.pfn), presence(vmFlags) | PTE_ANON_EXCLUSIVE | bits));
      },
      pte_unlock_done(k) {
        spinUnlock(k, k.get(v.ptl));
        return k.ret(0);
      },
      wp_page_reuse(k) {
        k.count(pgreuse);
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

  /** A fault on a mapping of a file (do_read_fault, do_cow_fault, do_shared_fault). */
  const do_fault = b.add(
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
      retry: (k) => k.ret(VM_FAULT_RETRY),
      do_fault_around: (k) => k.call(do_fault_around, k.get(v.vma), k.get(v.address)),
      around_done(k) {
        return k.result() ? k.ret(0) : 'vmf_can_call_fault';
      },
      vmf_anon_prepare: (k) => k.call(vmf_anon_prepare, k.get(v.vma), k.get(v.flags)),
      alloc_cow_page(k) {
        if (k.result() !== 0) return k.ret(k.result());
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
      finish_fault: (k) =>
        k.call(finish_fault, k.get(v.vma), k.get(v.address), k.get(v.flags), k.get(v.pfn)),
      done(k) {
        const writes = k.get(v.flags) & FAULT_FLAG_WRITE;
        if (k.result() !== 0 || !writes || k.get(v.cow)) return k.ret(k.result());
      },
      fault_dirty_shared_page: (k) =>
        k.call(fault_dirty_shared_page, k.get(v.vma), k.get(v.address), k.get(v.flags)),
      dirtied: (k) => k.ret(k.result()),
    })),
  );

  const do_swap_page = swapFault(c, lockedFaults, do_wp_page, pgmajfault);

  const handle_pte_fault = b.add(
    routine('handle_pte_fault', ['vma', 'address', 'flags', 'pte', 'entry'], (v) => ({
      read_pte(k) {
        k.work(W.pte_walk);
        k.set(v.pte, pt.walk(k, k.peek(k.get(v.vma) + vm_mm), k.get(v.address)));
      },
      choose(k) {
        const pte = k.get(v.pte);
        // Mapped huge meanwhile.
        if (pt.huge(k, k.peek(k.get(v.vma) + vm_mm), k.get(v.address)) !== 0) return 'spurious';
        if (pte === 0) {
          return k.peek(k.get(v.vma) + vm_ops) === VM_OPS_ANON ? 'do_anonymous_page' : 'do_fault';
        }
        if (isSwapPte(pte)) return 'do_swap_page';
        if (!ptePresent(pte)) return 'handle_pte_marker';
        const breaks = k.get(v.flags) & (FAULT_FLAG_WRITE | FAULT_FLAG_UNSHARE);
        return breaks && !(pte & PTE_WRITE) ? 'do_wp_page' : 'spurious';
      },
      do_anonymous_page: (k) =>
        k.callThen('done', do_anonymous_page, k.get(v.vma), k.get(v.address), k.get(v.flags)),
      do_fault: (k) => k.callThen('done', do_fault, k.get(v.vma), k.get(v.address), k.get(v.flags)),
      do_wp_page: (k) =>
        k.callThen('done', do_wp_page, k.get(v.vma), k.get(v.address), k.get(v.flags)),
      do_swap_page(k) {
        const { vma, address, flags, pte } = v;
        return k.callThen(
          'done',
          do_swap_page,
          k.get(vma),
          k.get(address),
          k.get(flags),
          k.get(pte),
        );
      },
      done: (k) => k.ret(k.result()),
      spurious: (k) => k.ret(0),
      handle_pte_marker(k) {
        if (k.get(v.pte) & PTE_MARKER_POISONED) return k.ret(VM_FAULT_HWPOISON);
        if (k.get(v.pte) & PTE_MARKER_GUARD) return k.ret(VM_FAULT_SIGSEGV);
        const anonymous = k.peek(k.get(v.vma) + vm_ops) === VM_OPS_ANON;
        const missing = anonymous ? 'do_anonymous_page' : 'do_fault';
        if (k.peek(k.get(v.vma) + vm_flags) & VM_UFFD_WP) return missing;
        // Left over from a registration that has ended.
        const mm = k.peek(k.get(v.vma) + vm_mm);
        k.set(v.entry, pt.find(k, mm, k.get(v.address)));
        if (k.get(v.entry) === 0) return 'spurious';
        return spinLock(k, pt.lockOf(mm, k.get(v.entry)));
      },
      pte_marker_clear(k) {
        if (k.load(k.get(v.entry)) === k.get(v.pte)) k.poke(k.get(v.entry), 0);
      },
      pte_unlock(k) {
        spinUnlock(k, pt.lockOf(k.peek(k.get(v.vma) + vm_mm), k.get(v.entry)));
        return 'spurious';
      },
    })),
  );

  const isWpAsync = (k: Exec, mm: number) => uffd?.isWpAsync(k, mm) ?? false;
  const thp = hugeMemory(c, { vmf_anon_prepare, handle_userfault, isWpAsync, zeroWrite });
  const { hugetlb_fault, mutexOf } = hugetlbFault(
    c,
    shm,
    __vmf_anon_prepare,
    handle_userfault,
    isWpAsync,
  );
  const hugetlbLocked = lockedFaults === 'all';

  const handle_mm_fault = b.fn(
    { file: FILE, signature: '(vma, address, flags) -> vm_fault_t' },
    routine('handle_mm_fault', ['vma', 'address', 'flags'], (v) => ({
      handle_pmd_fault(k) {
        const vma = k.get(v.vma);
        const flags = k.get(v.flags);
        if (counts === 'every_try') k.count(pgfault);
        sanitizeFaultFlags(c, k, flags);
        if (flags & FAULT_FLAG_VMA_LOCK) lock.assertLocked(k, vma);
        const huge = k.peek(vma + vm_ops) === VM_OPS_HUGETLB;
        if (huge && flags & FAULT_FLAG_VMA_LOCK && !hugetlbLocked) {
          return k.callThen('retry', lock.vma_end_read, vma);
        }
        if (!huge && !thp.enabled) return 'handle_pte_fault';
        const routine = huge ? hugetlb_fault : thp.handle_pmd_fault;
        return k.call(routine, vma, k.get(v.address), k.get(v.flags));
      },
      fallback(k) {
        if (!(k.result() & VM_FAULT_FALLBACK)) return 'mm_account_fault';
      },
      handle_pte_fault(k) {
        const vma = k.get(v.vma);
        return k.call(handle_pte_fault, vma, k.get(v.address), k.get(v.flags));
      },
      mm_account_fault(k) {
        // A fault that will be tried again is counted when it is done.
        const done = !(k.result() & VM_FAULT_RETRY);
        if (done && counts === 'last_try') k.count(pgfault);
        return k.ret(k.result());
      },
      retry: (k) => k.ret(VM_FAULT_RETRY),
    })),
  );
  return { handle_mm_fault, __pte_alloc, hugetlbMutexOf: mutexOf };
}
