/** Moving page-table entries from one range to another. After move_page_tables and move_ptes in mm/mremap.c. */
import { type Routine, routine, W } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import type { Fault } from './fault.ts';
import type { MmCore } from './mm-core.ts';
import { isSwapPte, PTE_SOFT_DIRTY, PTE_UFFD_WP, ptePresent } from './page-table.ts';
import type { RmapLocks } from './rmap-locks.ts';

/**
 * @returns `(mm, from, to, pages, watched, rmap)`: one page table of the source at a time, as far as it lies in one table of the destination; a huge page
 * as it is where it comes to lie aligned, else split. With `rmap`, the VMA they leave, rmap is kept out while they move (take_rmap_locks).
 * mmap_lock is held for writing and both VMAs are write-locked. The kernel moves a whole aligned table by its pointer where it can; the model
 * always moves entries.
 */
export function movePageTables(c: MmCore, fault: Fault, rmap: RmapLocks): Routine {
  const { b, pt } = c;
  /** Unless the moved VMA is still userfaultfd's, its marks go; its pages count as written (move_soft_dirty_pte). */
  const moved = (pte: number, watched: number): number =>
    (watched ? pte : pte & ~PTE_UFFD_WP) | (ptePresent(pte) || isSwapPte(pte) ? PTE_SOFT_DIRTY : 0);

  return b.add(
    routine(
      'move_page_tables',
      ['mm', 'from', 'to', 'pages', 'watched', 'rmap', 'extent', 'old_ptl', 'new_ptl', 'any'],
      (v) => ({
        get_old_pmd(k) {
          if (k.get(v.pages) <= 0) return k.ret();
          const from = k.get(v.from);
          const to = k.get(v.to);
          const extent = Math.min(k.get(v.pages), pt.span - (from % pt.span));
          k.set(v.extent, Math.min(extent, pt.span - (to % pt.span)));
          k.work(W.unmap_setup);
          k.access(k.get(v.mm) + c.MM.at.pgd, 0);
          const entry = pt.find(k, k.get(v.mm), from);
          if (entry === 0 && pt.huge(k, k.get(v.mm), from) !== 0) {
            return k.get(v.extent) === pt.span ? 'pmd_alloc' : 'split_huge_pmd';
          }
          if (entry === 0) return 'next_extent';
          k.set(v.old_ptl, pt.lockOf(k.get(v.mm), entry));
        },
        pte_alloc: (k) => k.call(fault.__pte_alloc, k.get(v.mm), k.get(v.to)),
        find_new_ptl(k) {
          const entry = pt.find(k, k.get(v.mm), k.get(v.to));
          k.set(v.new_ptl, pt.lockOf(k.get(v.mm), entry));
        },
        take_rmap_locks(k) {
          if (k.get(v.rmap)) return k.call(rmap.take_rmap_locks, k.get(v.rmap));
        },
        // Nobody else takes two of them without mmap_lock for writing, so their order does not matter.
        pte_offset_map_lock: (k) => spinLock(k, k.get(v.old_ptl)),
        spin_lock_nested(k) {
          if (k.get(v.new_ptl) !== k.get(v.old_ptl)) return spinLock(k, k.get(v.new_ptl));
        },
        move_ptes(k) {
          const mm = k.get(v.mm);
          const from = k.get(v.from);
          const to = k.get(v.to);
          k.set(v.any, 0);
          k.access(k.get(v.new_ptl), 1);
          pt.each(k, mm, from, from + k.get(v.extent), (entry, page) => {
            const pte = k.peek(entry);
            if (pte === 0) return;
            k.work(W.move_pte);
            k.poke(pt.find(k, mm, to + page - from), moved(pte, k.get(v.watched)));
            k.poke(entry, 0);
            if (!isSwapPte(pte)) k.set(v.any, 1);
          });
        },
        flush_tlb_range(k) {
          if (k.get(v.any)) k.flushTlb(k.get(v.mm));
        },
        spin_unlock_new(k) {
          if (k.get(v.new_ptl) !== k.get(v.old_ptl)) spinUnlock(k, k.get(v.new_ptl));
        },
        pte_unmap_unlock(k) {
          spinUnlock(k, k.get(v.old_ptl));
        },
        drop_rmap_locks(k) {
          if (k.get(v.rmap)) return k.call(rmap.drop_rmap_locks, k.get(v.rmap));
        },
        next_extent(k) {
          const extent = k.get(v.extent);
          k.set(v.from, k.get(v.from) + extent);
          k.set(v.to, k.get(v.to) + extent);
          k.set(v.pages, k.get(v.pages) - extent);
          return 'get_old_pmd';
        },
        split_huge_pmd: (k) =>
          k.callThen('get_old_pmd', c.split_huge_pmd, k.get(v.mm), k.get(v.from)),

        // move_huge_pmd, move_huge_pte: a whole huge page to where one fits.
        pmd_alloc: (k) => spinLock(k, k.get(v.mm) + c.MM.at.page_table_lock),
        pmd_populate(k) {
          pt.allocatePmd(k, k.get(v.mm), k.get(v.to));
        },
        pmd_alloc_unlock: (k) => spinUnlock(k, k.get(v.mm) + c.MM.at.page_table_lock),
        find_new_pmd(k) {
          const pmd = pt.pmd(k, k.get(v.mm), k.get(v.to));
          // A page table is still there.
          if (k.load(pmd) !== 0) return 'split_huge_pmd';
          k.set(v.new_ptl, pt.lockOf(k.get(v.mm), pmd));
          k.set(v.old_ptl, pt.lockOf(k.get(v.mm), pt.pmd(k, k.get(v.mm), k.get(v.from))));
        },
        take_rmap_locks_huge(k) {
          if (k.get(v.rmap)) return k.call(rmap.take_rmap_locks, k.get(v.rmap));
        },
        pmd_lock: (k) => spinLock(k, k.get(v.old_ptl)),
        pmd_lock_nested(k) {
          if (k.get(v.new_ptl) !== k.get(v.old_ptl)) return spinLock(k, k.get(v.new_ptl));
        },
        move_huge_pmd(k) {
          const mm = k.get(v.mm);
          const from = k.get(v.from);
          const to = k.get(v.to);
          const entry = pt.huge(k, mm, from);
          k.access(k.get(v.new_ptl), 1);
          k.work(W.pte_set);
          pt.setHuge(k, pt.pmd(k, mm, from), 0);
          pt.setHuge(k, pt.pmd(k, mm, to), moved(entry, k.get(v.watched)));
          k.set(v.any, 1);
          return 'flush_tlb_range';
        },
      }),
    ),
  );
}
