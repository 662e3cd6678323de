/** /proc/PID/clear_refs: forgetting which pages were used, or with 4 which were written. After clear_refs_write in fs/proc/task_mmu.c. */
import { type Routine, routine, W, WRITE } from '../machine/index.ts';
import { EINVAL, type MmCore } from '../mm/mm-core.ts';
import { isSwapPte, PTE_SOFT_DIRTY, PTE_WRITE, ptePresent } from '../mm/page-table.ts';
import { VM_OPS_HUGETLB, VM_PFNMAP } from '../mm/structs.ts';
import type { Syscalls } from '../mm/syscalls.ts';
import { isSince } from '../release.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';

/** What can be written to clear_refs. */
const CLEAR_REFS = { all: 1, anon: 2, mapped: 3, softDirty: 4, hiwater: 5 };

/** @returns `(mm, type) -> 0 or -errno` */
export function clearRefs(c: MmCore, sys: Syscalls): Routine {
  const { b, MM, VMA, mmap, lock, tree, pt } = c;
  const { vm_start, vm_end, vm_flags, vm_ops } = VMA.at;
  const wrlock = isSince(c.release, '6.6') ? 1 : 0;
  const marks = c.softDirty.vmFlag;

  /** An entry whose page counts as not written. */
  const forget = (pte: number): number =>
    pte & ~PTE_SOFT_DIRTY & (ptePresent(pte) ? ~PTE_WRITE : -1);

  /** `(mm, vma)`: makes the entries of a VMA read-only and unmarked, a page table at a time (clear_refs_pte_range). */
  const clear_soft_dirty = b.add(
    routine('clear_soft_dirty', ['mm', 'vma', 'at', 'ptl'], (v) => ({
      begin(k) {
        const vma = k.get(v.vma);
        k.set(v.at, k.load(vma + vm_start));
        const apart = k.peek(vma + vm_ops) === VM_OPS_HUGETLB;
        if (apart || k.peek(vma + vm_flags) & VM_PFNMAP) return k.ret();
      },
      next_table(k) {
        const mm = k.get(v.mm);
        const at = k.get(v.at);
        if (at >= k.peek(k.get(v.vma) + vm_end)) return k.ret();
        const pmd = pt.pmd(k, mm, at);
        const entry = pt.find(k, mm, at);
        if (entry === 0 && pt.huge(k, mm, at) === 0) {
          k.set(v.at, (Math.floor(at / pt.span) + 1) * pt.span);
          return 'next_table';
        }
        k.set(v.ptl, pt.lockOf(mm, entry || pmd));
      },
      pte_lock: (k) => spinLock(k, k.get(v.ptl)),
      clear_refs_pte_range(k) {
        const mm = k.get(v.mm);
        const at = k.get(v.at);
        const end = Math.min(
          k.peek(k.get(v.vma) + vm_end),
          (Math.floor(at / pt.span) + 1) * pt.span,
        );
        k.access(k.get(v.ptl), WRITE);
        const huge = pt.huge(k, mm, at);
        if (huge !== 0) pt.setHuge(k, pt.pmd(k, mm, at), forget(huge));
        pt.each(k, mm, at, end, (entry) => {
          const pte = k.peek(entry);
          if (!ptePresent(pte) && !isSwapPte(pte)) return;
          k.work(W.change_protection_page);
          k.poke(entry, forget(pte));
        });
        k.set(v.at, end);
      },
      pte_unlock(k) {
        spinUnlock(k, k.get(v.ptl));
        return 'next_table';
      },
    })),
  );

  /** `(mm)`: mmap_lock is held for writing. */
  const clear_all_soft_dirty = b.add(
    routine('clear_refs_soft_dirty', ['mm', 'at', 'vma'], (v) => ({
      for_each_vma(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        k.set(v.vma, vma);
        if (vma === 0) return 'flush_tlb_mm';
        k.set(v.at, k.peek(vma + vm_end));
        if (!(k.peek(vma + vm_flags) & marks)) return 'clear_soft_dirty';
        return k.call(lock.vma_start_write, vma);
      },
      vm_flags_clear(k) {
        const at = k.get(v.vma) + vm_flags;
        lock.assertWriteLocked(k, k.get(v.vma));
        k.store(at, k.peek(at) & ~marks);
      },
      clear_soft_dirty: (k) =>
        k.callThen('for_each_vma', clear_soft_dirty, k.get(v.mm), k.get(v.vma)),
      flush_tlb_mm(k) {
        k.access(k.get(v.mm) + MM.at.pgd, 0);
        k.flushTlb(k.get(v.mm));
        return k.ret();
      },
    })),
  );

  return b.add(
    routine('clear_refs_write', ['mm', 'type'], (v) => ({
      check_type(k) {
        if (!Object.values(CLEAR_REFS).includes(k.get(v.type))) return k.ret(-EINVAL);
      },
      mmap_write_lock_killable: (k) => k.call(mmap.mmap_write_lock_killable, k.get(v.mm)),
      locked(k) {
        if (k.result() !== 0) return k.ret(k.result());
        if (k.get(v.type) === CLEAR_REFS.hiwater) return 'mmap_write_unlock';
        // A build that does not look for writes has nothing to forget, and walks all the same.
        if (k.get(v.type) !== CLEAR_REFS.softDirty || marks === 0) return 'walk_page_range';
        return k.call(clear_all_soft_dirty, k.get(v.mm));
      },
      // Every VMA is write-locked, also those whose pages are not meant (PGWALK_WRLOCK, since 6.5).
      walk_page_range: (k) => k.call(sys.walk_page_range, k.get(v.mm), 0, pt.pages, wrlock),
      mmap_write_unlock: (k) => k.call(mmap.mmap_write_unlock, k.get(v.mm)),
      done: (k) => k.ret(0),
    })),
  );
}
