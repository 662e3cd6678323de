/**
 * Advice that gets at swap: paging out, reading ahead, and throwing away what was paged out. After madvise_cold_or_pageout_pte_range,
 * swapin_walk_pmd_entry and madvise_free_pte_range in mm/madvise.c, and shrink_folio_list in mm/vmscan.c.
 */
import { type Exec, type Routine, routine, W, WRITE } from '../machine/index.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import type { AnonVma } from './anon-vma.ts';
import type { MmCore } from './mm-core.ts';
import { pageIsAnon } from './page-anon.ts';
import {
  isSwapPte,
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_SOFT_DIRTY,
  PTE_SWP_EXCLUSIVE,
  PTE_UFFD_WP,
  ptePfn,
  ptePresent,
  swpSlot,
} from './page-table.ts';
import { ZERO_PFN } from './pages.ts';
import type { Shmem } from './shmem.ts';

export interface Pageout {
  /** `(vma, start, end)`: pages of anonymous memory go to swap. Those that are mapped twice, or that somebody works on, stay. */
  readonly madvise_pageout: Routine;
  /** `(mm, start, end)`: reads pages of swap into the swap cache. */
  readonly swapin_walk: Routine;
  /** `(mm, start, end)`: throws away what is in swap. */
  readonly madvise_free: Routine;
}

export function pageout(c: MmCore, anon: AnonVma, shm: Shmem): Pageout {
  const { b, VMA, rw, pages, pt, swap } = c;
  const { vm_mm } = VMA.at;

  // Pages of files, all in memory here, are not written back and stay.
  const isAnon = pageIsAnon(c, shm);
  const endOfTable = (at: number, end: number) =>
    Math.min(end, (Math.floor(at / pt.span) + 1) * pt.span);
  /** References of a page that is mapped once and else only in the cache. */
  const mappedOnce = (k: Exec, pfn: number) => 1 + (swap.slotOf(k, pfn) !== 0 ? 1 : 0);

  /** `(vma, head)`: a list of isolated pages of a VMA, page by page. */
  const reclaim_folio_list = b.add(
    routine('reclaim_folio_list', ['vma', 'head', 'mm', 'pfn', 'entry', 'sem', 'any'], (v) => ({
      next_folio(k) {
        const pfn = k.get(v.head);
        if (pfn === 0) return k.ret();
        k.set(v.pfn, pfn);
        k.set(v.head, swap.isolated(k, pfn).next);
        k.set(v.mm, k.peek(k.get(v.vma) + vm_mm));
        k.set(v.any, 0);
        const at = swap.lockOf(pfn);
        // folio_trylock
        if (k.cmpxchg(at, 0, 1) !== 0) return 'folio_putback_lru';
      },
      add_to_swap(k) {
        const pfn = k.get(v.pfn);
        // Mapped by another, or let go of meanwhile.
        if (pages.refcount(k, pfn) !== mappedOnce(k, pfn) + 1) return 'folio_unlock';
        if (swap.slotOf(k, pfn) === 0 && swap.add(k, pfn) === 0) return 'folio_unlock';
      },
      folio_lock_anon_vma_read(k) {
        k.set(v.sem, anon.rwsemOf(k, k.get(v.vma)));
        return k.call(rw.down_read, k.get(v.sem));
      },
      page_vma_mapped_walk(k) {
        const { page } = swap.isolated(k, k.get(v.pfn));
        k.set(v.entry, pt.find(k, k.get(v.mm), page));
        if (k.get(v.entry) === 0) return 'anon_vma_unlock_read';
        return spinLock(k, pt.lockOf(k.get(v.mm), k.get(v.entry)));
      },
      try_to_unmap_one(k) {
        const pfn = k.get(v.pfn);
        const pte = k.load(k.get(v.entry));
        const its = ptePresent(pte) && ptePfn(pte) === pfn;
        if (!its || pages.refcount(k, pfn) !== mappedOnce(k, pfn) + 1) return;
        const slot = swap.slotOf(k, pfn);
        const exclusive = pte & PTE_ANON_EXCLUSIVE ? PTE_SWP_EXCLUSIVE : 0;
        k.work(W.unmap_page);
        k.poke(k.get(v.entry), mkPte(slot, exclusive | (pte & (PTE_UFFD_WP | PTE_SOFT_DIRTY))));
        swap.duplicate(k, slot);
        swap.noteMm(k, k.get(v.mm));
        pages.put(k, pfn);
        k.set(v.any, 1);
      },
      pte_unmap_unlock: (k) => spinUnlock(k, pt.lockOf(k.get(v.mm), k.get(v.entry))),
      anon_vma_unlock_read: (k) => k.call(rw.up_read, k.get(v.sem)),
      try_to_unmap_flush(k) {
        if (k.get(v.any)) k.flushTlb(k.get(v.mm));
      },
      swap_writepage(k) {
        // Thrown away meanwhile, or not unmapped at all: nothing to write.
        if (swap.freeSwap(k, k.get(v.pfn))) return 'folio_unlock';
        swap.write(k, k.get(v.pfn));
        // Under writeback, the page stays in the cache, and afterwards until memory is short.
        if (!swap.isSynchronous(k)) return 'folio_unlock';
      },
      __remove_mapping(k) {
        const pfn = k.get(v.pfn);
        if (swap.slotOf(k, pfn) !== 0 && pages.refcount(k, pfn) === 2) swap.uncache(k, pfn);
      },
      folio_unlock: (k) => spinUnlock(k, swap.lockOf(k.get(v.pfn))),
      folio_putback_lru(k) {
        swap.put(k, k.get(v.pfn));
        return 'next_folio';
      },
    })),
  );

  const madvise_pageout = b.add(
    routine('madvise_pageout', ['vma', 'start', 'end', 'mm', 'ptl', 'head'], (v) => ({
      lru_add_drain(k) {
        k.set(v.mm, k.peek(k.get(v.vma) + vm_mm));
      },
      next_table(k) {
        const at = k.get(v.start);
        if (at >= k.get(v.end)) return k.ret();
        const entry = pt.find(k, k.get(v.mm), at);
        if (entry === 0) {
          if (pt.huge(k, k.get(v.mm), at) !== 0) return 'huge_pmd';
          k.set(v.start, endOfTable(at, k.get(v.end)));
          return 'next_table';
        }
        k.set(v.ptl, pt.lockOf(k.get(v.mm), entry));
      },
      pte_lock: (k) => spinLock(k, k.get(v.ptl)),
      folio_isolate_lru(k) {
        const to = endOfTable(k.get(v.start), k.get(v.end));
        k.access(k.get(v.ptl), WRITE);
        k.set(v.head, 0);
        pt.each(k, k.get(v.mm), k.get(v.start), to, (entry, page) => {
          const pte = k.peek(entry);
          const pfn = ptePfn(pte);
          if (!ptePresent(pte) || !isAnon(k, k.get(v.vma), page, pfn)) return;
          if (pages.refcount(k, pfn) !== mappedOnce(k, pfn)) return;
          pages.get(k, pfn);
          k.set(v.head, swap.isolate(k, k.get(v.head), pfn, page));
        });
        k.set(v.start, to);
      },
      pte_unlock: (k) => spinUnlock(k, k.get(v.ptl)),
      reclaim_pages: (k) =>
        k.callThen('next_table', reclaim_folio_list, k.get(v.vma), k.get(v.head)),
      // A huge page is unmapped page by page; one that others map, too, stays.
      huge_pmd(k) {
        const at = k.get(v.start);
        const head = ptePfn(pt.huge(k, k.get(v.mm), at));
        if (head !== ZERO_PFN && pages.exclusiveHuge(k, head)) {
          return k.callThen('next_table', c.split_huge_pmd, k.get(v.mm), at);
        }
        k.set(v.start, endOfTable(at, k.get(v.end)));
        return 'next_table';
      },
    })),
  );

  const swapin_walk = b.add(
    routine('swapin_walk_pmd_entry', ['mm', 'start', 'end', 'entry', 'pte'], (v) => ({
      pte_offset_map_lock(k) {
        if (k.get(v.start) >= k.get(v.end)) return k.ret();
        k.set(v.entry, pt.find(k, k.get(v.mm), k.get(v.start)));
        if (k.get(v.entry) === 0) {
          k.set(v.start, endOfTable(k.get(v.start), k.get(v.end)));
          return 'pte_offset_map_lock';
        }
        return spinLock(k, pt.lockOf(k.get(v.mm), k.get(v.entry)));
      },
      ptep_get: (k) => k.set(v.pte, k.load(k.get(v.entry))),
      pte_unmap_unlock(k) {
        spinUnlock(k, pt.lockOf(k.get(v.mm), k.get(v.entry)));
        k.set(v.start, k.get(v.start) + 1);
        return isSwapPte(k.get(v.pte)) ? 'read_swap_cache_async' : 'pte_offset_map_lock';
      },
      read_swap_cache_async(k) {
        const slot = swpSlot(k.get(v.pte));
        k.access(swap.cacheWord(slot), WRITE);
        const there = swap.cached(k, slot) !== 0 || swap.isPrepared(k, slot);
        if (there || swap.count(k, slot) === 0) return 'pte_offset_map_lock';
        const pfn = pages.alloc(k);
        swap.insert(k, slot, pfn);
        swap.read(k, slot, pfn);
        pages.put(k, pfn);
        return 'pte_offset_map_lock';
      },
    })),
  );

  const madvise_free = b.add(
    routine('madvise_free_pte_range', ['mm', 'start', 'end', 'ptl'], (v) => ({
      next_table(k) {
        const at = k.get(v.start);
        if (at >= k.get(v.end)) return k.ret();
        const entry = pt.find(k, k.get(v.mm), at);
        if (entry === 0) {
          k.set(v.start, endOfTable(at, k.get(v.end)));
          return 'next_table';
        }
        k.set(v.ptl, pt.lockOf(k.get(v.mm), entry));
      },
      pte_lock: (k) => spinLock(k, k.get(v.ptl)),
      free_swap_and_cache(k) {
        const to = endOfTable(k.get(v.start), k.get(v.end));
        k.access(k.get(v.ptl), WRITE);
        pt.each(k, k.get(v.mm), k.get(v.start), to, (entry) => {
          const pte = k.peek(entry);
          if (ptePresent(pte)) k.work(W.lazyfree_page);
          if (!isSwapPte(pte)) return;
          k.poke(entry, 0);
          swap.freeAndCache(k, swpSlot(pte));
        });
        k.set(v.start, to);
      },
      pte_unlock(k) {
        spinUnlock(k, k.get(v.ptl));
        return 'next_table';
      },
    })),
  );
  return { madvise_pageout, swapin_walk, madvise_free };
}
