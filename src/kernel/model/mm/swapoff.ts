/** Turning swap on and off. After mm/swapfile.c. */
import { type Exec, type Routine, routine, W } from '../machine/index.ts';
import { PoolExhaustedError } from '../sync/slab.ts';
import { spinLock, spinUnlock } from '../sync/spinlock.ts';
import { SWAP_DEVICES } from '../uapi.ts';
import { EBUSY, EINVAL, ENOSYS, type MmCore } from './mm-core.ts';
import {
  isSwapPte,
  mkPte,
  PTE_ANON_EXCLUSIVE,
  PTE_DIRTY,
  PTE_SOFT_DIRTY,
  PTE_SWP_EXCLUSIVE,
  PTE_UFFD_WP,
  presence,
  swpSlot,
} from './page-table.ts';

export interface Swapfile {
  /** `(mm, pages, device) -> 0 or -errno`: swap has so many slots from now on. Takes no lock of an mm. */
  readonly swapon: Routine;
  /** `(mm) -> 0 or -errno`: brings everything back into memory, mm by mm, each with its mmap_lock held for reading. */
  readonly swapoff: Routine;
}

export function swapfile(c: MmCore): Swapfile {
  const { b, VMA, mmap, pages, pt, tree, swap } = c;
  const { vm_flags, vm_end, vm_start, anon_vma } = VMA.at;
  const configured = b.enabled('SWAP');

  const swapon = b.add(
    routine('__do_sys_swapon', ['mm', 'pages', 'device'], (v) => ({
      swapon(k) {
        const slots = k.get(v.pages);
        const device = k.get(v.device);
        if (!configured) return k.ret(-ENOSYS);
        if (!Object.values<number>(SWAP_DEVICES).includes(device)) return k.ret(-EINVAL);
        if (slots > swap.room) {
          throw new PoolExhaustedError(`out of swap: the machine has room for ${swap.room} pages`);
        }
        // The device is another's until swapoff has brought everything back (IS_SWAPFILE).
        if (swap.isOn(k) || swap.inUse(k) > 0) return k.ret(-EBUSY);
        swap.on(k, slots, device === SWAP_DEVICES.zram);
        return k.ret(0);
      },
    })),
  );

  /** First entry of a VMA from an address on whose page is in swap, as a page number; the end of the VMA if there is none. */
  const nextSwapped = (k: Exec, mm: number, at: number, end: number): number => {
    let found = end;
    pt.each(k, mm, at, end, (entry, page) => {
      if (found === end && isSwapPte(k.peek(entry))) found = page;
    });
    return found;
  };

  const unuse_mm = b.add(
    routine('unuse_mm', ['mm', 'vma', 'at', 'pte', 'pfn', 'entry', 'ptl'], (v) => ({
      mmap_read_lock: (k) => k.call(mmap.mmap_read_lock, k.get(v.mm)),
      for_each_vma(k) {
        const vma = tree.find(k, k.get(v.mm), k.get(v.at));
        k.set(v.vma, vma);
        if (vma === 0) return 'mmap_read_unlock';
        k.set(v.at, k.peek(vma + vm_start));
        if (k.peek(vma + anon_vma) === 0) {
          k.set(v.at, k.peek(vma + vm_end));
          return 'for_each_vma';
        }
      },
      unuse_pte_range(k) {
        const end = k.peek(k.get(v.vma) + vm_end);
        k.set(v.at, nextSwapped(k, k.get(v.mm), k.get(v.at), end));
        if (k.get(v.at) === end) return 'for_each_vma';
        k.set(v.entry, pt.find(k, k.get(v.mm), k.get(v.at)));
        k.set(v.pte, k.load(k.get(v.entry)));
      },
      swapin_readahead(k) {
        const slot = swpSlot(k.get(v.pte));
        k.access(swap.cacheWord(slot), 0);
        // Somebody reads it past the cache.
        if (swap.isPrepared(k, slot)) return k.spin(swap.cacheWord(slot));
        if (swap.count(k, slot) === 0) return 'unuse_pte_range';
        const cached = swap.cached(k, slot);
        k.set(v.pfn, cached === 0 ? pages.alloc(k) : cached);
        if (cached !== 0) pages.get(k, cached);
        else {
          swap.insert(k, slot, k.get(v.pfn));
          swap.read(k, slot, k.get(v.pfn));
        }
      },
      folio_lock: (k) => spinLock(k, swap.lockOf(k.get(v.pfn))),
      pte_offset_map_lock(k) {
        k.set(v.entry, pt.find(k, k.get(v.mm), k.get(v.at)));
        if (k.get(v.entry) === 0) return 'folio_free_swap';
        k.set(v.ptl, pt.lockOf(k.get(v.mm), k.get(v.entry)));
        return spinLock(k, k.get(v.ptl));
      },
      unuse_pte(k) {
        const pte = k.get(v.pte);
        const pfn = k.get(v.pfn);
        const same = k.load(k.get(v.entry)) === pte && swap.slotOf(k, pfn) === swpSlot(pte);
        if (!same) return;
        k.work(W.pte_set);
        swap.free(k, swpSlot(pte));
        pages.get(k, pfn);
        const mine = pte & PTE_SWP_EXCLUSIVE ? PTE_ANON_EXCLUSIVE : 0;
        const bits = presence(k.peek(k.get(v.vma) + vm_flags)) | PTE_DIRTY | mine;
        k.poke(k.get(v.entry), mkPte(pfn, bits | (pte & (PTE_UFFD_WP | PTE_SOFT_DIRTY))));
      },
      pte_unmap_unlock: (k) => spinUnlock(k, k.get(v.ptl)),
      folio_free_swap(k) {
        swap.freeSwap(k, k.get(v.pfn));
      },
      folio_unlock: (k) => spinUnlock(k, swap.lockOf(k.get(v.pfn))),
      folio_put(k) {
        swap.put(k, k.get(v.pfn));
        return 'unuse_pte_range';
      },
      mmap_read_unlock: (k) => k.call(mmap.mmap_read_unlock, k.get(v.mm)),
      done: (k) => k.ret(),
    })),
  );

  const swapoff = b.add(
    routine('__do_sys_swapoff', ['mm', 'next', 'pfn'], (v) => ({
      del_from_avail_list(k) {
        if (!configured) return k.ret(-ENOSYS);
        if (!swap.isOn(k)) return k.ret(-EINVAL);
        swap.off(k);
      },
      // try_to_unuse
      retry(k) {
        if (swap.inUse(k) === 0) return k.ret(0);
        k.set(v.next, 0);
      },
      unuse_mm(k) {
        const mm = swap.notedMms(k).find((at) => at > k.get(v.next));
        if (mm === undefined || swap.inUse(k) === 0) return 'find_next_to_unuse';
        k.set(v.next, mm);
        return k.callThen('unuse_mm', unuse_mm, mm);
      },
      // Pages that are in the cache only because nobody has looked.
      find_next_to_unuse(k) {
        const slot = swap.cachedSlots(k).find((s) => swap.count(k, s) === 0);
        if (slot === undefined) return 'retry';
        k.set(v.pfn, swap.cached(k, slot));
        pages.get(k, k.get(v.pfn));
      },
      folio_lock: (k) => spinLock(k, swap.lockOf(k.get(v.pfn))),
      folio_free_swap(k) {
        swap.freeSwap(k, k.get(v.pfn));
      },
      folio_unlock: (k) => spinUnlock(k, swap.lockOf(k.get(v.pfn))),
      folio_put(k) {
        swap.put(k, k.get(v.pfn));
        return 'find_next_to_unuse';
      },
    })),
  );
  return { swapon, swapoff };
}
