/**
 * What binder knows of a buffer that is mapped: which pages it has, which of them no transaction uses, and whether the mapping is still
 * there. After binder_alloc.c and binder_alloc.h in drivers/android.
 */
import { type Exec, type WordStruct, wordStruct } from '../../machine/index.ts';
import { bug } from '../../mm/lock/vma-lock.ts';
import type { MmCore } from '../../mm/mm-core.ts';
import { VM_OPS_BINDER } from '../../mm/structs.ts';

/** Most pages of a buffer (SZ_4M). */
export const BUFFER_PAGES = 1024;

/** Where the bookkeeping that belongs to a page frame stands (binder_shrinker_mdata, kept in page_private since 6.14). */
const MDATA_LIVE = 1;
const MDATA_FREED = 2;

type AllocField = 'mutex' | 'vma' | 'vm_start' | 'buffer_size' | 'pages' | 'in_use';

export interface BinderAlloc {
  readonly at: WordStruct<AllocField>['at'];
  /** Word of the lock of the list of pages that can be reclaimed, of all buffers. */
  readonly lru_lock: number;
  /** The buffer of an address space. */
  of(mm: number): number;
  /** The address space of a buffer. */
  mmOf(alloc: number): number;
  /**
   * What was mapped becomes the buffer (binder_alloc_mmap_handler). A buffer whose mapping has gone is given up for it, as when the
   * device is closed and opened again.
   */
  mmapHandler(k: Exec, mm: number, vma: number, pages: number): void;
  /** Whether the device is mapped and its mapping is whole: after any part of it was unmapped it is not (binder_alloc_is_mapped). */
  isMapped(k: Exec, alloc: number): boolean;
  /** Tells binder that a VMA is taken down (binder_vma_close). */
  vmaClose(k: Exec, vma: number): void;
  /** Index of an address in the buffer, or -1. */
  indexOf(k: Exec, alloc: number, address: number): number;
  /** Takes a page of a new buffer off the list of what can be reclaimed (binder_lru_freelist_del). Under lru_lock. */
  lruDel(k: Exec, alloc: number, index: number): void;
  /** Puts a page that no transaction uses any more on it (binder_lru_freelist_add). Under lru_lock. */
  lruAdd(k: Exec, alloc: number, index: number): void;
  /** The n-th page of the list as buffer and index, or `undefined`. */
  lruEntry(k: Exec, n: number): { readonly alloc: number; readonly index: number } | undefined;
  lruLength(k: Exec): number;
  /** A page of binder's own with its bookkeeping (binder_page_alloc). */
  pageAlloc(k: Exec): number;
  /** Drops binder's reference and frees the bookkeeping (binder_free_page). */
  pageFree(k: Exec, pfn: number): void;
  /** Frees the pages of a process's buffer when its device is closed (binder_alloc_deferred_release). */
  release(k: Exec, mm: number): void;
  /** Pages binder holds a reference to, for invariants in tests. */
  held(k: Exec): readonly number[];
}

export function binderAlloc(c: MmCore): BinderAlloc {
  const { b, VMA, pages } = c;
  const pageList = { array: BUFFER_PAGES };
  const struct = wordStruct<AllocField>('binder_alloc', {
    mutex: 1,
    // Until 6.13 a pointer to the VMA, since then only whether it is mapped.
    vma: 1,
    vm_start: 1,
    buffer_size: 1,
    pages: { line: pageList },
    in_use: { line: pageList },
  });
  const base = b.memory.pool(struct, c.mms.length, 'binder_alloc');
  const { at } = struct;
  const capacity = c.mms.length * BUFFER_PAGES;
  const lru = b.memory.object(
    wordStruct('list_lru', { lock: 1, nr_items: 1, items: { line: { array: capacity } } }),
    'binder_freelist',
  );
  const [LOCK, COUNT, ITEMS] = [lru, lru + 1, lru + 16];
  const mdata = b.memory.object(
    wordStruct('binder_shrinker_mdata', { state: { array: b.size.pages + 1 } }),
    'binder_shrinker_mdata',
  );
  const of = (mm: number) => base + c.mms.indexOf(mm) * struct.size;
  const itemOf = (alloc: number, index: number) =>
    ((alloc - base) / struct.size) * BUFFER_PAGES + index;
  const pageFree = (k: Exec, pfn: number) => {
    k.poke(mdata + pfn, MDATA_FREED);
    pages.put(k, pfn);
  };
  const find = (k: Exec, item: number): number => {
    for (let i = 0; i < k.peek(COUNT); i++) if (k.peek(ITEMS + i) === item) return i;
    return -1;
  };
  const lruDel = (k: Exec, alloc: number, index: number) => {
    const i = find(k, itemOf(alloc, index));
    if (i < 0) return;
    const last = k.peek(COUNT) - 1;
    k.move(ITEMS + i, ITEMS + i + 1, ITEMS + last + 1);
    k.poke(ITEMS + last, 0);
    k.poke(COUNT, last);
  };
  const release = (k: Exec, mm: number) => {
    const alloc = of(mm);
    for (let i = 0; i < k.peek(alloc + at.buffer_size); i++) {
      const pfn = k.peek(alloc + at.pages + i);
      if (pfn === 0) continue;
      lruDel(k, alloc, i);
      pageFree(k, pfn);
    }
    const lock = k.peek(alloc + at.mutex);
    k.fill(0, alloc, alloc + struct.size);
    k.poke(alloc + at.mutex, lock);
  };
  return {
    at,
    lru_lock: LOCK,
    of,
    mmOf: (alloc) => c.mms[(alloc - base) / struct.size] as number,
    mmapHandler(k, mm, vma, count) {
      const alloc = of(mm);
      release(k, mm);
      k.poke(alloc + at.vm_start, k.peek(vma + VMA.at.vm_start));
      k.poke(alloc + at.buffer_size, Math.min(count, BUFFER_PAGES));
      k.poke(alloc + at.vma, vma);
    },
    isMapped: (k, alloc) => k.load(alloc + at.vma) !== 0,
    vmaClose(k, vma) {
      if (k.peek(vma + VMA.at.vm_ops) !== VM_OPS_BINDER) return;
      k.poke(of(k.peek(vma + VMA.at.vm_mm)) + at.vma, 0);
    },
    indexOf(k, alloc, address) {
      const index = address - k.peek(alloc + at.vm_start);
      return index >= 0 && index < k.peek(alloc + at.buffer_size) ? index : -1;
    },
    lruDel,
    lruAdd(k, alloc, index) {
      const pfn = k.peek(alloc + at.pages + index);
      if (pfn === 0 || find(k, itemOf(alloc, index)) >= 0) return;
      if (k.peek(mdata + pfn) === MDATA_FREED) {
        bug(k, 'use after free: the list entry of a page that binder has freed');
      }
      k.poke(ITEMS + k.peek(COUNT), itemOf(alloc, index));
      k.poke(COUNT, k.peek(COUNT) + 1);
    },
    lruEntry(k, n) {
      if (n >= k.peek(COUNT)) return undefined;
      const item = k.peek(ITEMS + n);
      const index = item % BUFFER_PAGES;
      return { alloc: base + ((item - index) / BUFFER_PAGES) * struct.size, index };
    },
    lruLength: (k) => k.peek(COUNT),
    pageAlloc(k) {
      const pfn = pages.alloc(k);
      // __GFP_ZERO: the receiver may look at all of it.
      pages.setData(k, pfn, 0);
      k.poke(mdata + pfn, MDATA_LIVE);
      return pfn;
    },
    pageFree,
    release,
    held: (k) =>
      c.mms.flatMap((mm) =>
        Array.from({ length: k.peek(of(mm) + at.buffer_size) }, (_, i) =>
          k.peek(of(mm) + at.pages + i),
        ).filter((pfn) => pfn !== 0),
      ),
  };
}
