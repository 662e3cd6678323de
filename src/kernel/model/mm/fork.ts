/** Duplicating an address space. After dup_mmap in kernel/fork.c and copy_page_range in mm/memory.c. */
import { type Exec, type Routine, routine, TASK, W, WRITE } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import { UFFD_FEATURES } from '../uapi.ts';
import type { AnonVma } from './anon-vma.ts';
import { EINTR, type MmCore } from './mm-core.ts';
import {
  isSwapPte,
  PTE_ANON_EXCLUSIVE,
  PTE_SWP_EXCLUSIVE,
  PTE_UFFD_WP,
  PTE_WRITE,
  ptePfn,
  ptePresent,
  swpSlot,
} from './page-table.ts';
import { ZERO_PFN } from './pages.ts';
import type { Shmem } from './shmem.ts';
import {
  __VM_UFFD_FLAGS,
  VM_DONTCOPY,
  VM_LOCKED_MASK,
  VM_OPS_BINDER,
  VM_OPS_TCP,
  VM_PFNMAP,
  VM_SHARED,
  VM_UFFD_WP,
  VM_WIPEONFORK,
} from './structs.ts';
import type { UserfaultCtx } from './userfaultfd/index.ts';
import type { VmaAlloc } from './vma.ts';

/**
 * What becomes of the copy of a VMA whose pages the kernel inserted by number: 6.12 of the stable series and 6.15 clear a mark in
 * it (untrack_pfn_clear) while it still counts as the old mm's, which write-locks it once more.
 */
export type PfnmapFork = 'write_locks_copy' | 'leaves_copy';

export interface DupMmap {
  /** `(mm, oldmm) -> 0 or -errno`: fills a new mm with copies of the VMAs and page tables of another. */
  readonly dup_mmap: Routine;
}

export function dupMmap(
  c: MmCore,
  alloc: VmaAlloc,
  anon: AnonVma,
  shm: Shmem,
  pfnmap: PfnmapFork,
  uffd: UserfaultCtx | undefined,
): DupMmap {
  const { b, MM, VMA, mmap, lock, rw, tree, pages, pt, swap } = c;
  const { vm_start, vm_end, vm_mm, vm_flags, vm_ops, vm_file, anon_vma } = VMA.at;
  const { map_count, total_vm, start_brk, brk, mmap_base, start_stack } = MM.at;
  const { def_flags, membarrier_state, flags: mm_flags, pkey_allocation_map } = MM.at;
  const { exe_file, saved_auxv } = MM.at;
  const locksParent = c.lockingWriters === 'all';

  /**
   * Copies an entry; a private page becomes read-only on both sides (copy_present_ptes). With `marks` the copy is
   * userfaultfd's, too; else it is not write-protected by it, and a marker stays if it means poison (copy_pte_marker).
   */
  const copyEntry = (
    k: Exec,
    dstMm: number,
    dst: number,
    src: number,
    cow: boolean,
    marks: number,
  ): boolean => {
    const pte = k.peek(src);
    const cleared = marks ? 0 : PTE_UFFD_WP;
    if (pte === 0) return false;
    const copy = cow ? pte & ~(PTE_WRITE | PTE_ANON_EXCLUSIVE) : pte;
    k.work(W.pte_set);
    k.poke(dst, copy & ~cleared);
    if (isSwapPte(pte)) {
      swap.duplicate(k, swpSlot(pte));
      swap.noteMm(k, dstMm);
      k.poke(dst, pte & ~(cleared | PTE_SWP_EXCLUSIVE));
      k.poke(src, pte & ~PTE_SWP_EXCLUSIVE);
    }
    if (!ptePresent(pte)) return false;
    pages.get(k, ptePfn(pte));
    if (copy === pte) return false;
    k.poke(src, copy);
    return true;
  };

  /** `(dst, src)`: one page table at a time under the locks of both. Both mms are locked for writing. */
  const copy_page_range = b.add(
    routine('copy_page_range', ['dst', 'src', 'at', 'dst_ptl', 'src_ptl'], (v) => {
      const mmOf = (k: Exec, vma: number) => k.peek(k.get(vma) + vm_mm);
      return {
        vma_needs_copy(k) {
          const src = k.get(v.src);
          if (locksParent) lock.assertWriteLocked(k, src);
          // What a fault brings back from a file is not copied; what a driver has put there is (VM_PFNMAP, VM_MIXEDMAP).
          const driver = k.peek(src + vm_flags) & VM_PFNMAP || k.peek(src + vm_ops) === VM_OPS_TCP;
          const marks = k.peek(k.get(v.dst) + vm_flags) & VM_UFFD_WP;
          if (k.load(src + anon_vma) === 0 && !driver && !marks) return k.ret(0);
          k.set(v.at, k.peek(src + vm_start));
        },
        next_table(k) {
          const at = k.get(v.at);
          if (at >= k.peek(k.get(v.src) + vm_end)) return k.ret(0);
          const entry = pt.find(k, mmOf(k, v.src), at);
          if (entry === 0) {
            if (pt.huge(k, mmOf(k, v.src), at) !== 0) return 'pmd_alloc';
            k.set(v.at, (Math.floor(at / pt.span) + 1) * pt.span);
            return 'next_table';
          }
          k.set(v.src_ptl, pt.lockOf(mmOf(k, v.src), entry));
        },
        pte_alloc(k) {
          pt.allocate(k, mmOf(k, v.dst), k.get(v.at));
          const entry = pt.find(k, mmOf(k, v.dst), k.get(v.at));
          k.set(v.dst_ptl, pt.lockOf(mmOf(k, v.dst), entry));
        },
        lock_dst: (k) => spinLock(k, k.get(v.dst_ptl)),
        lock_src: (k) => spinLock(k, k.get(v.src_ptl)),
        copy_pte_range(k) {
          const src = k.get(v.src);
          const at = k.get(v.at);
          const end = Math.min(k.peek(src + vm_end), (Math.floor(at / pt.span) + 1) * pt.span);
          const cow = !(k.peek(src + vm_flags) & VM_SHARED);
          const marks = k.peek(k.get(v.dst) + vm_flags) & VM_UFFD_WP;
          k.access(k.get(v.src_ptl), WRITE);
          pt.each(k, mmOf(k, v.src), at, end, (entry, page) => {
            if (k.peek(entry) === 0) return;
            const to = pt.find(k, mmOf(k, v.dst), page);
            copyEntry(k, mmOf(k, v.dst), to, entry, cow, marks);
          });
          k.set(v.at, end);
        },
        unlock_src(k) {
          spinUnlock(k, k.get(v.src_ptl));
        },
        unlock_dst(k) {
          spinUnlock(k, k.get(v.dst_ptl));
          return 'next_table';
        },
        // copy_huge_pmd, copy_hugetlb_page_range
        pmd_alloc(k) {
          pt.allocatePmd(k, mmOf(k, v.dst), k.get(v.at));
          const lockAt = (mm: number) => pt.lockOf(mm, pt.pmd(k, mm, k.get(v.at)));
          k.set(v.dst_ptl, lockAt(mmOf(k, v.dst)));
          k.set(v.src_ptl, lockAt(mmOf(k, v.src)));
        },
        lock_dst_pmd: (k) => spinLock(k, k.get(v.dst_ptl)),
        lock_src_pmd: (k) => spinLock(k, k.get(v.src_ptl)),
        copy_huge_pmd(k) {
          const at = k.get(v.at);
          const entry = pt.huge(k, mmOf(k, v.src), at);
          const marks = k.peek(k.get(v.dst) + vm_flags) & VM_UFFD_WP;
          const cow = !(k.peek(k.get(v.src) + vm_flags) & VM_SHARED);
          k.access(k.get(v.src_ptl), WRITE);
          // Split meanwhile: copied page by page.
          if (entry === 0) return 'unlock_src';
          const copy = cow ? entry & ~(PTE_WRITE | PTE_ANON_EXCLUSIVE) : entry;
          k.work(W.pte_set);
          if (ptePfn(copy) !== ZERO_PFN) pages.getHuge(k, ptePfn(copy));
          pt.setHuge(k, pt.pmd(k, mmOf(k, v.dst), at), marks ? copy : copy & ~PTE_UFFD_WP);
          if (copy !== entry) pt.setHuge(k, pt.pmd(k, mmOf(k, v.src), at), copy);
          k.set(v.at, (Math.floor(at / pt.span) + 1) * pt.span);
          return 'unlock_src';
        },
      };
    }),
  );

  /** `(vma)`: 6.12 clears a flag of the copy (VM_PAT) while it still counts as the old mm's: one more write lock. */
  const untrack_pfn_clear = b.add(
    routine('untrack_pfn_clear', ['vma'], (v) => ({
      vma_start_write: (k) => k.call(lock.vma_start_write, k.get(v.vma)),
      done: (k) => k.ret(),
    })),
  );

  // The only writer that a signal interrupts, where the lock can be: a fork that is killed gives up.
  const startWrite = lock.vma_start_write_killable ?? lock.vma_start_write;
  const dup_mmap = b.add(
    routine('dup_mmap', ['mm', 'oldmm', 'mpnt', 'tmp', 'at', 'ret'], (v) => ({
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.oldmm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(-EINTR);
      },
      // Nobody else knows the new mm yet.
      mmap_write_lock_nested: (k) => k.call(mmap.mmap_write_lock, k.get(v.mm)),
      copy_fields(k) {
        for (const at of [
          start_brk,
          brk,
          mmap_base,
          start_stack,
          membarrier_state,
          mm_flags,
          pkey_allocation_map,
          exe_file,
          saved_auxv,
        ]) {
          k.poke(k.get(v.mm) + at, k.peek(k.get(v.oldmm) + at));
        }
        // VM_INIT_DEF_MASK: what mlockall asked for is not inherited.
        k.poke(k.get(v.mm) + def_flags, 0);
        k.poke(k.get(v.mm) + map_count, 0);
        k.poke(k.get(v.mm) + total_vm, 0);
      },
      for_each_vma(k) {
        const vma = tree.find(k, k.get(v.oldmm), k.get(v.at));
        k.set(v.mpnt, vma);
        if (vma === 0) return 'mmap_write_unlock';
        if (!locksParent) return 'dontcopy';
      },
      vma_start_write: (k) => k.call(startWrite, k.get(v.mpnt)),
      dontcopy(k) {
        if (locksParent && k.result() < 0) {
          k.set(v.ret, k.result());
          return 'mmap_write_unlock';
        }
        k.set(v.at, k.peek(k.get(v.mpnt) + vm_end));
        // binder_mmap sets VM_DONTCOPY.
        const driver = k.load(k.get(v.mpnt) + vm_ops) === VM_OPS_BINDER;
        if (driver || k.peek(k.get(v.mpnt) + vm_flags) & VM_DONTCOPY) return 'for_each_vma';
      },
      fatal_signal_pending(k) {
        if (k.load(k.task + TASK.at.sigkill) === 0) return 'vm_area_dup';
        k.set(v.ret, -EINTR);
        return 'mmap_write_unlock';
      },
      vm_area_dup: (k) => k.call(alloc.vm_area_dup, k.get(v.mpnt)),
      untrack_pfn_clear(k) {
        k.set(v.tmp, k.result());
        const marked = k.peek(k.get(v.tmp) + vm_flags) & VM_PFNMAP;
        if (pfnmap === 'write_locks_copy' && marked) {
          return k.call(untrack_pfn_clear, k.get(v.tmp));
        }
      },
      set_vm_mm(k) {
        k.store(k.get(v.tmp) + vm_mm, k.get(v.mm));
      },
      // Without UFFD_FEATURE_EVENT_FORK the descriptor does not follow: nobody would answer the copy's faults.
      dup_userfaultfd(k) {
        if (!(k.peek(k.get(v.tmp) + vm_flags) & __VM_UFFD_FLAGS)) return 'anon_vma_fork';
        if (!uffd?.events.notices(k, k.get(v.mpnt), UFFD_FEATURES.event_fork)) {
          return k.call(lock.vma_start_write, k.get(v.tmp));
        }
        uffd.inherit(k, k.get(v.oldmm), k.get(v.mm));
        return k.callThen('anon_vma_fork', uffd.events.dup_userfaultfd, k.get(v.oldmm));
      },
      userfaultfd_reset_ctx(k) {
        const at = k.get(v.tmp) + vm_flags;
        k.store(at, k.peek(at) & ~__VM_UFFD_FLAGS);
      },
      anon_vma_fork(k) {
        // A clean slate: an anon_vma comes with the first fault.
        if (k.peek(k.get(v.tmp) + vm_flags) & VM_WIPEONFORK) return 'vm_flags_clear';
        return k.call(anon.anon_vma_fork, k.get(v.tmp), k.get(v.mpnt));
      },
      vm_flags_clear: (k) => k.call(lock.vma_start_write, k.get(v.tmp)),
      vm_locked_clear(k) {
        const at = k.get(v.tmp) + vm_flags;
        k.store(at, k.peek(at) & ~VM_LOCKED_MASK);
      },
      vma_mark_attached: (k) => k.call(lock.vma_mark_attached, k.get(v.tmp)),
      vma_iter_bulk_store(k) {
        const mm = k.get(v.mm);
        const start = k.peek(k.get(v.tmp) + vm_start);
        const end = k.peek(k.get(v.tmp) + vm_end);
        tree.copy(k, k.get(v.oldmm), mm, start, end, k.get(v.tmp));
        k.poke(mm + map_count, k.peek(mm + map_count) + 1);
        k.poke(mm + total_vm, k.peek(mm + total_vm) + end - start);
      },
      get_file_and_i_mmap_lock(k) {
        const file = k.peek(k.get(v.tmp) + vm_file);
        if (file === 0) return 'copy_page_range';
        shm.get(k, file);
        return k.call(rw.down_write, shm.mappingSemOf(file));
      },
      vma_interval_tree_insert_after(k) {
        k.work(W.anon_vma_interval);
        shm.link(k, k.peek(k.get(v.tmp) + vm_file), 1);
      },
      i_mmap_unlock_write: (k) =>
        k.call(rw.up_write, shm.mappingSemOf(k.peek(k.get(v.tmp) + vm_file))),
      copy_page_range(k) {
        if (k.peek(k.get(v.tmp) + vm_flags) & VM_WIPEONFORK) return 'for_each_vma';
        return k.callThen('for_each_vma', copy_page_range, k.get(v.tmp), k.get(v.mpnt));
      },
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      flush_tlb_mm: (k) => k.flushTlb(k.get(v.oldmm)),
      mmap_write_unlock_old: (k) => k.call(mmap.mmap_write_unlock, k.get(v.oldmm)),
      dup_userfaultfd_complete(k) {
        if (uffd === undefined) return;
        const told = k.get(v.ret) === 0 ? 1 : 0;
        return k.call(uffd.events.dup_userfaultfd_complete, k.get(v.oldmm), told);
      },
      done: (k) => k.ret(k.get(v.ret)),
    })),
  );
  return { dup_mmap };
}
