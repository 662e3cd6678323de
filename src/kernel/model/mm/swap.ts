/**
 * Swap: slots, how many page-table entries stand for each, and the swap cache, which knows the page of a slot while it is in memory, too.
 * After mm/swapfile.c and mm/swap_state.c. One area; its slots are numbered from 1.
 */
import type { KernelBuilder } from '../kernel-builder.ts';
import { type Exec, W, wordStruct } from '../machine/index.ts';
import type { HugePages } from './huge-pages.ts';

/** In the cache's place: a fault that passes it by is reading the slot (SWAP_HAS_CACHE without a page). */
const PREPARED = -1;

export interface Swap {
  /** Slots the machine has room for; 0 without CONFIG_SWAP. Nothing is ever swapped then. */
  readonly room: number;
  /** Turns swap on with so many slots; `synchronous`: writes are done when they return, as to zram (SWP_SYNCHRONOUS_IO). */
  on(k: Exec, slots: number, synchronous: boolean): void;
  /** Turned off, swap takes no more pages, but keeps those it has. */
  off(k: Exec): void;
  isOn(k: Exec): boolean;
  isSynchronous(k: Exec): boolean;
  /** Slots in use. */
  inUse(k: Exec): number;
  /** Entries that stand for a slot (__swap_count). */
  count(k: Exec, slot: number): number;
  /** The page of a slot that is in the swap cache, 0 if there is none. */
  cached(k: Exec, slot: number): number;
  /** Slots with a page in the cache. */
  cachedSlots(k: Exec): number[];
  /** The slot of a page of the swap cache, 0 for another page. */
  slotOf(k: Exec, pfn: number): number;
  /** Drops a reference of a page that may be in the cache, where nobody may need it any more (free_page_and_swap_cache). */
  put(k: Exec, pfn: number): void;
  /** Gives a page a slot and takes it into the cache; 0 when there is none free (add_to_swap). */
  add(k: Exec, pfn: number): number;
  /** Takes a page that has been read from a slot into the cache (__read_swap_cache_async). */
  insert(k: Exec, slot: number, pfn: number): void;
  /** Writes what a page holds to its slot. Charges the work. */
  write(k: Exec, pfn: number): void;
  /** Fills a page with what its slot keeps. Charges the work. */
  read(k: Exec, slot: number, pfn: number): void;
  /** The word at the start of the page a slot keeps. */
  data(k: Exec, slot: number): number;
  /** One more entry stands for a slot. */
  duplicate(k: Exec, slot: number): void;
  /** An entry's page has been mapped (swap_free). */
  free(k: Exec, slot: number): void;
  /** An entry is thrown away: so is the page in the cache, if it was the last (free_swap_and_cache). */
  freeAndCache(k: Exec, slot: number): void;
  /** Takes a page out of the cache unless an entry still stands for its slot (folio_free_swap). Gives whether it did. */
  freeSwap(k: Exec, pfn: number): boolean;
  /** Takes a page out of the cache, whose slot keeps its contents (__delete_from_swap_cache). */
  uncache(k: Exec, pfn: number): void;
  /** Keeps others from reading a slot past the cache; false if another does already (swapcache_prepare). */
  prepare(k: Exec, slot: number): boolean;
  /** Whether somebody reads a slot past the cache. */
  isPrepared(k: Exec, slot: number): boolean;
  /** The end of {@link prepare} (swapcache_clear). */
  clearPrepared(k: Exec, slot: number): void;
  /** Address of what the cache knows of a slot. */
  cacheWord(slot: number): number;
  /** Address of the lock of a page (PG_locked). */
  lockOf(pfn: number): number;
  /** Whether more than half is in use: pages then leave their slots as soon as they are mapped (vm_swap_full). */
  isFull(k: Exec): boolean;
  /** Notes that an mm has or had pages in swap (init_mm.mmlist), until {@link forgetMm}. */
  noteMm(k: Exec, mm: number): void;
  forgetMm(k: Exec, mm: number): void;
  /** The mms noted. */
  notedMms(k: Exec): number[];
  /** Puts a page on a list of pages to reclaim, with the address it is mapped at; gives the new head. */
  isolate(k: Exec, head: number, pfn: number, page: number): number;
  /** Address a listed page was mapped at, and the page behind it in the list. */
  isolated(k: Exec, pfn: number): { readonly page: number; readonly next: number };
}

/**
 * @param mms  address of each mm_struct
 * Nothing here charges an access but {@link Swap.prepare} and {@link Swap.clearPrepared}, each its step's one.
 */
export function swap(b: KernelBuilder, pages: HugePages, mms: readonly number[]): Swap {
  const room = b.enabled('SWAP') ? (b.size.swap ?? 0) : 0;
  const frames = b.size.pages + 1 + (Math.ceil(b.size.pages / pages.hugeSpan) + 1) * pages.hugeSpan;
  const struct = wordStruct('swap_info_struct', {
    on: 1,
    synchronous: 1,
    total: 1,
    used: 1,
    highest: 1,
    head: 1,
    map: { array: room + 1 },
    cache: { array: room + 1 },
    next: { array: room + 1 },
    data: { array: room + 1 },
    opcode: { array: room + 1 },
    slot: { array: frames },
    locked: { array: frames },
    list_next: { array: frames },
    list_page: { array: frames },
    mmlist: { array: mms.length },
  });
  // A machine without swap is laid out as if there were none in the model.
  const si = room === 0 ? 0 : b.memory.object(struct, 'swap_info_struct');
  const { at } = struct;
  const map = si + at.map;
  const cache = si + at.cache;
  const slotWord = si + at.slot;
  const isOn = (k: Exec) => room > 0 && k.peek(si + at.on) !== 0;
  const inUse = (k: Exec) => (room === 0 ? 0 : k.peek(si + at.used));
  const slotOf = (k: Exec, pfn: number) => (room === 0 ? 0 : k.peek(slotWord + pfn));
  const isFull = (k: Exec) => 2 * inUse(k) > k.peek(si + at.total);

  const take = (k: Exec): number => {
    let slot = k.peek(si + at.head);
    if (slot !== 0) k.poke(si + at.head, k.peek(si + at.next + slot));
    else if (k.peek(si + at.highest) < k.peek(si + at.total)) {
      slot = k.peek(si + at.highest) + 1;
      k.poke(si + at.highest, slot);
    } else return 0;
    k.poke(si + at.used, k.peek(si + at.used) + 1);
    return slot;
  };
  /** A slot nobody needs, neither an entry nor the cache, is free again. */
  const release = (k: Exec, slot: number) => {
    if (k.peek(map + slot) !== 0 || k.peek(cache + slot) !== 0) return;
    k.poke(si + at.next + slot, k.peek(si + at.head));
    k.poke(si + at.head, slot);
    k.poke(si + at.used, k.peek(si + at.used) - 1);
  };
  const insert = (k: Exec, slot: number, pfn: number) => {
    k.poke(cache + slot, pfn);
    k.poke(slotWord + pfn, slot);
    pages.get(k, pfn);
  };
  const uncache = (k: Exec, pfn: number) => {
    const slot = k.peek(slotWord + pfn);
    k.poke(slotWord + pfn, 0);
    k.poke(cache + slot, 0);
    pages.put(k, pfn);
    release(k, slot);
  };
  const freeSwap = (k: Exec, pfn: number): boolean => {
    const slot = slotOf(k, pfn);
    if (slot === 0 || k.peek(map + slot) > 0) return false;
    uncache(k, pfn);
    return true;
  };
  const free = (k: Exec, slot: number) => {
    k.poke(map + slot, k.peek(map + slot) - 1);
    release(k, slot);
  };
  const lockOf = (pfn: number) => si + at.locked + pfn;
  /** The cache's reference is the last, and nobody works on the page (folio_trylock). */
  const isUnneeded = (k: Exec, pfn: number) =>
    pages.refcount(k, pfn) === 1 && k.peek(lockOf(pfn)) === 0;

  return {
    room,
    on(k, slots, synchronous) {
      k.poke(si + at.on, 1);
      k.poke(si + at.synchronous, synchronous ? 1 : 0);
      k.poke(si + at.total, slots);
      k.poke(si + at.highest, 0);
      k.poke(si + at.head, 0);
    },
    off: (k) => k.poke(si + at.on, 0),
    isOn,
    isSynchronous: (k) => k.peek(si + at.synchronous) !== 0,
    inUse,
    count: (k, slot) => (slot === 0 ? 0 : k.peek(map + slot)),
    cached: (k, slot) => Math.max(0, k.peek(cache + slot)),
    cachedSlots(k) {
      const slots = Array.from({ length: room }, (_, i) => i + 1);
      return slots.filter((slot) => k.peek(cache + slot) > 0);
    },
    slotOf,
    put(k, pfn) {
      const slot = slotOf(k, pfn);
      pages.put(k, pfn);
      if (slot !== 0 && isUnneeded(k, pfn)) freeSwap(k, pfn);
    },
    add(k, pfn) {
      const slot = isOn(k) ? take(k) : 0;
      if (slot !== 0) insert(k, slot, pfn);
      return slot;
    },
    insert,
    write(k, pfn) {
      const slot = slotOf(k, pfn);
      k.work(W.copy_page);
      k.poke(si + at.data + slot, pages.data(k, pfn));
      k.poke(si + at.opcode + slot, pages.opcode(k, pfn));
    },
    read(k, slot, pfn) {
      k.work(W.copy_page);
      pages.setData(k, pfn, k.peek(si + at.data + slot));
      pages.setOpcode(k, pfn, k.peek(si + at.opcode + slot));
    },
    data: (k, slot) => k.peek(si + at.data + slot),
    duplicate(k, slot) {
      k.poke(map + slot, k.peek(map + slot) + 1);
    },
    free,
    freeAndCache(k, slot) {
      free(k, slot);
      const pfn = k.peek(cache + slot);
      if (k.peek(map + slot) === 0 && pfn > 0 && isUnneeded(k, pfn)) uncache(k, pfn);
    },
    freeSwap,
    uncache,
    prepare(k, slot) {
      return k.cmpxchg(cache + slot, 0, PREPARED) === 0;
    },
    isPrepared: (k, slot) => k.peek(cache + slot) === PREPARED,
    clearPrepared(k, slot) {
      k.store(cache + slot, 0);
      release(k, slot);
    },
    cacheWord: (slot) => cache + slot,
    lockOf,
    isFull,
    noteMm: (k, mm) => k.poke(si + at.mmlist + mms.indexOf(mm), 1),
    forgetMm(k, mm) {
      if (room > 0) k.poke(si + at.mmlist + mms.indexOf(mm), 0);
    },
    notedMms: (k) => mms.filter((_, i) => k.peek(si + at.mmlist + i) !== 0),
    isolate(k, head, pfn, page) {
      k.poke(si + at.list_next + pfn, head);
      k.poke(si + at.list_page + pfn, page);
      return pfn;
    },
    isolated: (k, pfn) => ({
      page: k.peek(si + at.list_page + pfn),
      next: k.peek(si + at.list_next + pfn),
    }),
  };
}
