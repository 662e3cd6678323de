/** A fault on an entry whose page is in swap. After do_swap_page and __folio_lock_or_retry. */
import { type Exec, READ, type Routine, routine, W } from '../machine/index.ts';
import { isSince } from '../release.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_RETRY_NOWAIT,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  VM_FAULT_RETRY,
} from './fault-flags.ts';
import type { LockedFaults } from './locked-faults.ts';
import { mkwrite } from './maybe-mkwrite.ts';
import type { MmCore } from './mm-core.ts';
import {
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_DIRTY,
  PTE_MKDIRTY,
  PTE_SOFT_DIRTY,
  PTE_SWP_EXCLUSIVE,
  PTE_UFFD_WP,
  presence,
  swpSlot,
} from './page-table.ts';
import { VM_LOCKED, VM_UFFD_WP, VM_WRITE } from './structs.ts';

/**
 * @param do_wp_page `(vma, address, flags)`: what is left of a write once the page is there and may be others', too
 * @returns `(vma, address, flags, pte) -> VM_FAULT_*`, for an entry as it was read without its lock
 */
export function swapFault(
  c: MmCore,
  lockedFaults: LockedFaults,
  do_wp_page: Routine,
  pgmajfault: number,
): Routine {
  const { b, VMA, mmap, lock, pages, pt, swap } = c;
  const { vm_mm, vm_flags } = VMA.at;
  // Until 6.11 a read left an entry read-only even where nobody else had the page.
  const readMapsWritable = isSince(c.release, '6.12');

  /** Whether a page that is mapped now should leave its slot (should_try_to_free_swap). */
  const shouldFreeSwap = (k: Exec, vma: number, flags: number, pfn: number): boolean =>
    swap.isFull(k) ||
    (k.peek(vma + vm_flags) & VM_LOCKED) !== 0 ||
    ((flags & FAULT_FLAG_WRITE) !== 0 && pages.refcount(k, pfn) === 2);

  return b.add(
    routine(
      'do_swap_page',
      ['vma', 'address', 'flags', 'pte', 'mm', 'pfn', 'cached', 'entry', 'ptl', 'wp'],
      (v) => ({
        check_vma_lock(k) {
          const vma = k.get(v.vma);
          k.set(v.mm, k.peek(vma + vm_mm));
          const refused = lockedFaults === 'anonymous' && k.get(v.flags) & FAULT_FLAG_VMA_LOCK;
          if (refused) return k.callThen('retry', lock.vma_end_read, vma);
        },
        swap_cache_get_folio(k) {
          const slot = swpSlot(k.get(v.pte));
          k.access(swap.cacheWord(slot), READ);
          const cached = swap.cached(k, slot);
          if (cached !== 0) {
            pages.get(k, cached);
            k.set(v.pfn, cached);
            k.set(v.cached, 1);
            return 'folio_trylock';
          }
          if (swap.isPrepared(k, slot)) return 'schedule_timeout';
          // The entry has been thrown away or its page brought back meanwhile.
          if (swap.count(k, slot) === 0) return k.ret(0);
          if (!swap.isSynchronous(k) || swap.count(k, slot) > 1) return 'swapin_readahead';
        },
        swapcache_prepare(k) {
          const slot = swpSlot(k.get(v.pte));
          if (swap.count(k, slot) !== 1 || !swap.prepare(k, slot)) return 'swap_cache_get_folio';
          k.set(v.pfn, pages.alloc(k));
          k.count(pgmajfault);
        },
        swap_read_folio(k) {
          swap.read(k, swpSlot(k.get(v.pte)), k.get(v.pfn));
          return 'pte_offset_map_lock';
        },
        // Somebody else reads it past the cache, and will have mapped it then.
        schedule_timeout(k) {
          const slot = swpSlot(k.get(v.pte));
          k.access(swap.cacheWord(slot), READ);
          return swap.isPrepared(k, slot) ? k.spin(swap.cacheWord(slot)) : k.ret(0);
        },
        swapin_readahead(k) {
          const slot = swpSlot(k.get(v.pte));
          if (swap.cached(k, slot) !== 0 || swap.count(k, slot) === 0) {
            return 'swap_cache_get_folio';
          }
          k.set(v.pfn, pages.alloc(k));
          swap.insert(k, slot, k.get(v.pfn));
          swap.read(k, slot, k.get(v.pfn));
          k.count(pgmajfault);
          k.set(v.cached, 1);
        },
        folio_trylock(k) {
          const at = swap.lockOf(k.get(v.pfn));
          if (k.peek(at) === 0) {
            k.cmpxchg(at, 0, 1);
            return 'folio_test_swapcache';
          }
          k.access(at, READ);
        },
        __folio_lock_or_retry(k) {
          const flags = k.get(v.flags);
          if (!(flags & FAULT_FLAG_ALLOW_RETRY) || flags & FAULT_FLAG_TRIED) return '__folio_lock';
          if (flags & FAULT_FLAG_RETRY_NOWAIT) return 'folio_put_retry';
          return flags & FAULT_FLAG_VMA_LOCK
            ? k.callThen('folio_wait_locked', lock.vma_end_read, k.get(v.vma))
            : k.callThen('folio_wait_locked', mmap.mmap_read_unlock, k.get(v.mm));
        },
        folio_wait_locked(k) {
          const at = swap.lockOf(k.get(v.pfn));
          if (k.load(at) !== 0) return k.spin(at);
        },
        folio_put_retry(k) {
          swap.put(k, k.get(v.pfn));
        },
        retry: (k) => k.ret(VM_FAULT_RETRY),
        __folio_lock: (k) => spinLock(k, swap.lockOf(k.get(v.pfn))),
        // It may have left the cache, even for another slot, before it was locked.
        folio_test_swapcache(k) {
          if (swap.slotOf(k, k.get(v.pfn)) !== swpSlot(k.get(v.pte))) return 'folio_unlock_out';
        },

        pte_offset_map_lock(k) {
          k.set(v.entry, pt.find(k, k.get(v.mm), k.get(v.address)));
          if (k.get(v.entry) === 0) return 'out_page';
          k.set(v.ptl, pt.lockOf(k.get(v.mm), k.get(v.entry)));
          return spinLock(k, k.get(v.ptl));
        },
        set_pte(k) {
          const vma = k.get(v.vma);
          const pfn = k.get(v.pfn);
          const pte = k.get(v.pte);
          if (k.load(k.get(v.entry)) !== pte) return 'pte_unlock_nomap';
          const flags = k.peek(vma + vm_flags);
          const writes = k.get(v.flags) & FAULT_FLAG_WRITE;
          swap.free(k, swpSlot(pte));
          const fresh = !k.get(v.cached);
          if (!fresh && shouldFreeSwap(k, vma, k.get(v.flags), pfn)) swap.freeSwap(k, pfn);
          const mine = fresh || pte & PTE_SWP_EXCLUSIVE || pages.refcount(k, pfn) === 1;
          const watched = flags & VM_UFFD_WP && pte & PTE_UFFD_WP;
          const seen = watched || c.softDirty.needsWriteFault(flags, pte);
          const upgrade = mine && (readMapsWritable || writes) && flags & VM_WRITE && !seen;
          const done = readMapsWritable ? upgrade : mine;
          k.set(v.wp, writes && !done ? 1 : 0);
          k.work(W.pte_set);
          const marks =
            (pte & (PTE_UFFD_WP | PTE_SOFT_DIRTY)) | (upgrade && writes ? PTE_MKDIRTY : 0);
          const bits = presence(flags) | PTE_DIRTY | marks | (mine ? PTE_ANON_EXCLUSIVE : 0);
          k.poke(k.get(v.entry), mkPte(pfn, bits | (upgrade ? mkwrite(flags) : 0)));
        },
        folio_unlock(k) {
          if (k.get(v.cached)) spinUnlock(k, swap.lockOf(k.get(v.pfn)));
        },
        pte_unmap_unlock: (k) => spinUnlock(k, k.get(v.ptl)),
        swapcache_clear(k) {
          if (!k.get(v.cached)) swap.clearPrepared(k, swpSlot(k.get(v.pte)));
          if (!k.get(v.wp)) return k.ret(0);
        },
        do_wp_page: (k) => k.call(do_wp_page, k.get(v.vma), k.get(v.address), k.get(v.flags)),
        done: (k) => k.ret(k.result()),

        // Another thread was faster.
        pte_unlock_nomap: (k) => spinUnlock(k, k.get(v.ptl)),
        out_page(k) {
          if (k.get(v.cached)) return 'folio_unlock_out';
          swap.clearPrepared(k, swpSlot(k.get(v.pte)));
          return 'out_release';
        },
        folio_unlock_out: (k) => spinUnlock(k, swap.lockOf(k.get(v.pfn))),
        out_release(k) {
          swap.put(k, k.get(v.pfn));
          return k.ret(0);
        },
      }),
    ),
  );
}
