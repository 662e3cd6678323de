/**
 * Page tables as the processor walks them: radix trees of tables in the machine's memory, four levels of 512 entries on
 * x86_64, two of 1024 on i386, three with PAE.
 */

import type { KernelBuilder } from '../kernel-builder.ts';
import { type Exec, READ, W, WRITE, wordStruct } from '../machine/index.ts';
import { type Slab, slab } from '../sync/slab.ts';
import { VM_ACCESS_FLAGS } from './structs.ts';

/** Entry bits. The page frame number is above them. */
export const PTE_PRESENT = 1;
export const PTE_WRITE = 2;
export const PTE_DIRTY = 4;
/** Written since soft-dirty marks were last cleared (_PAGE_SOFT_DIRTY). The processor does not set it. */
export const PTE_SOFT_DIRTY = 64;
/** What a write handled by the kernel sets (pte_mkdirty). */
export const PTE_MKDIRTY = PTE_DIRTY | PTE_SOFT_DIRTY;
/** Write-protected by userfaultfd (_PAGE_UFFD_WP); in an entry that is not present, the marker of that. */
export const PTE_UFFD_WP = 8;
/**
 * The page is anonymous and no other entry maps it, nor stands for it in swap: a write need not ask (PageAnonExclusive). The kernel
 * keeps this in the page; as such a page has one entry only, here it is in the entry, and goes wherever that goes.
 */
export const PTE_ANON_EXCLUSIVE = 128;
/** In the place of PTE_PRESENT: the page is there, but the processor faults on it (_PAGE_PROTNONE). */
export const PTE_PROTNONE = 16;
/** Beside PTE_WRITE: only calls and returns may write, as Write=0 with Dirty=1 says to the processor. */
export const PTE_SHSTK = 32;
/** An entry that is not present and holds no page: a marker (make_pte_marker). */
export const PTE_MARKER_POISONED = 4;
/** Another: a guard region, which raises SIGSEGV. */
export const PTE_MARKER_GUARD = 32;
/** In the place of PTE_WRITE of an entry whose page is in swap: no other entry stands for the page (pte_swp_exclusive). */
export const PTE_SWP_EXCLUSIVE = 2;
const PTE_SHIFT = 8;

/** Builds an entry. */
export function mkPte(pfn: number, flags: number): number {
  return (pfn << PTE_SHIFT) | flags;
}
/** Whether an entry has a page, be it one the processor may not get at (pte_present). */
export function ptePresent(pte: number): boolean {
  return (pte & (PTE_PRESENT | PTE_PROTNONE)) !== 0;
}
/** The bit that says a page is there, for a VMA with these flags: memory nobody may get at can still be brought in by the kernel. */
export function presence(vmFlags: number): number {
  return vmFlags & VM_ACCESS_FLAGS ? PTE_PRESENT : PTE_PROTNONE;
}
/** Whether the processor lets ordinary loads or stores through. */
export function ptePermits(pte: number, write: boolean | number): boolean {
  if (!(pte & PTE_PRESENT)) return false;
  return !write || (pte & (PTE_WRITE | PTE_SHSTK)) === PTE_WRITE;
}
export function ptePfn(pte: number): number {
  return pte >> PTE_SHIFT;
}
/** Whether an entry stands for a page in swap: not present, and neither empty nor a marker. */
export function isSwapPte(pte: number): boolean {
  return !ptePresent(pte) && pte >> PTE_SHIFT !== 0;
}
/** Slot of an entry for which {@link isSwapPte} holds; slots are numbered from 1. */
export function swpSlot(pte: number): number {
  return pte >> PTE_SHIFT;
}
/** Whether an entry has neither a page nor one in swap: empty or a marker (pte_none_mostly). */
export function pteNoneMostly(pte: number): boolean {
  return !ptePresent(pte) && !isSwapPte(pte);
}

export interface PageTables {
  /** Address of the entry for a page, 0 when a table on the way is missing. No access is charged. */
  find(k: Exec, mm: number, page: number): number;
  /** The hardware's walk: one shared read. Gives the entry, 0 when nothing is mapped. */
  walk(k: Exec, mm: number, page: number): number;
  /** What {@link walk} gives. No access is charged. */
  peek(k: Exec, mm: number, page: number): number;
  /** Allocates the tables missing on the way to a page. One shared write; under page_table_lock. */
  allocate(k: Exec, mm: number, page: number): void;
  /**
   * Address of the entry that names a page's last-level table or, when its value is negative, maps a huge page: the negated value is
   * what {@link mkPte} builds. 0 when a table on the way is missing. No access is charged.
   */
  pmd(k: Exec, mm: number, page: number): number;
  /** The huge mapping of a page as {@link mkPte} builds it, 0 when there is none. No access is charged. */
  huge(k: Exec, mm: number, page: number): number;
  /** As `allocate`, but only down to the entry that can map a huge page. */
  allocatePmd(k: Exec, mm: number, page: number): void;
  /** Sets an entry without a table to map a huge page; 0 clears it. */
  setHuge(k: Exec, pmd: number, entry: number): void;
  /** Puts a table in the place of a huge mapping, its entries from `fill`. */
  setTable(k: Exec, pmd: number, fill: (index: number) => number): void;
  /** Frees the table below an entry, which maps nothing then (pmdp_collapse_flush). */
  dropTable(k: Exec, pmd: number): void;
  /** Calls `visit` for each huge mapping that overlaps `[start, end)`, with its first page. */
  eachHuge(
    k: Exec,
    mm: number,
    start: number,
    end: number,
    visit: (entry: number, page: number) => void,
  ): void;
  /** Lock word that guards the entry whose address is given. */
  lockOf(mm: number, entry: number): number;
  /** Frees every table that lies wholly inside `[floor, ceiling)` and is empty (free_pgtables). */
  free(k: Exec, mm: number, floor: number, ceiling: number): void;
  /** Frees the top table, when nothing is below it (mm_free_pgd). */
  freeTop(k: Exec, mm: number): void;
  /** Calls `visit` for each entry of a present table in `[start, end)`, in address order. */
  each(
    k: Exec,
    mm: number,
    start: number,
    end: number,
    visit: (entry: number, page: number) => void,
  ): void;
  /** Pages one last-level table maps. */
  readonly span: number;
  /** Pages the address space has: addresses are below this. */
  readonly pages: number;
  inUse(k: Exec): number;
}

/**
 * @param pgdField offset in the mm of the address of its top table
 * @param lockField offset in the mm of page_table_lock
 */
export function pageTables(b: KernelBuilder, pgdField: number, lockField: number): PageTables {
  const long = b.enabled('64BIT');
  const pae = b.enabled('X86_PAE', !long);
  // The model keeps addresses in signed words: of the 2^35 user pages of x86_64 it uses the lowest 2^31.
  const bits = long ? [9, 9, 9, 4] : pae ? [9, 9, 2] : [10, 10];
  const split = splitPteLocks(b);
  const leafBits = bits[0] as number;
  const entries = 1 << leafBits;
  const table = wordStruct('ptdesc', {
    ptl: 1,
    used: 1,
    entry: { line: { array: entries } },
  });
  const pool: Slab = slab(b, table, b.size.pageTables, 'ptdesc');
  const ENTRY = table.at.entry;
  const USED = table.at.used;

  /** log2 of the pages one entry of a level maps. */
  const shiftOf = (level: number): number => {
    let shift = 0;
    for (let i = 0; i < level; i++) shift += bits[i] as number;
    return shift;
  };
  const indexAt = (page: number, level: number): number =>
    (page >>> shiftOf(level)) & ((1 << (bits[level] as number)) - 1);
  const top = bits.length - 1;

  const find = (k: Exec, mm: number, page: number): number => {
    let at = k.peek(mm + pgdField);
    for (let level = top; level > 0 && at > 0; level--) {
      at = k.peek(at + ENTRY + indexAt(page, level));
    }
    return at <= 0 ? 0 : at + ENTRY + indexAt(page, 0);
  };
  const pmd = (k: Exec, mm: number, page: number): number => {
    let at = k.peek(mm + pgdField);
    for (let level = top; level > 1 && at !== 0; level--) {
      at = k.peek(at + ENTRY + indexAt(page, level));
    }
    return at === 0 ? 0 : at + ENTRY + indexAt(page, 1);
  };
  /** The entry of a page in a huge mapping; the huge zero page is the zero page wherever one looks. */
  const pageOfHuge = (entry: number, page: number): number =>
    ptePfn(entry) === 0 ? entry : entry + ((page % entries) << PTE_SHIFT);
  const tableOf = (entry: number): number => {
    const first = pool.objects[0] as number;
    const stride = (pool.objects[1] ?? first + 1) - first;
    return first + Math.floor((entry - first) / stride) * stride;
  };
  const newTable = (k: Exec): number => {
    k.work(W.page_table_alloc);
    const t = pool.alloc(k);
    k.fill(0, t, t + table.size);
    return t;
  };
  const freeLevel = (
    k: Exec,
    t: number,
    level: number,
    base: number,
    floor: number,
    ceiling: number,
  ): boolean => {
    const n = 1 << (bits[level] as number);
    if (level > 0) {
      const span = 2 ** shiftOf(level);
      const first = Math.max(0, Math.floor((floor - base) / span));
      const last = Math.min(n - 1, Math.floor((ceiling - 1 - base) / span));
      // A table is mostly empty: behind the last entry in use there is nothing to look for.
      let left = k.peek(t + USED);
      for (let i = first; i <= last && left > 0; i++) {
        const child = k.peek(t + ENTRY + i);
        if (child !== 0) left--;
        if (child <= 0) continue;
        if (freeLevel(k, child, level - 1, base + i * span, floor, ceiling)) {
          k.poke(t + ENTRY + i, 0);
          k.poke(t + USED, k.peek(t + USED) - 1);
          k.work(W.page_table_free);
          pool.free(k, child);
        }
      }
      return level < top && k.peek(t + USED) === 0 && base >= floor && base + span * n <= ceiling;
    }
    return base >= floor && base + n <= ceiling;
  };

  const eachLevel = (
    k: Exec,
    t: number,
    level: number,
    base: number,
    start: number,
    end: number,
    visit: (entry: number, page: number) => void,
  ): void => {
    const span = 2 ** shiftOf(level);
    const first = Math.max(0, Math.floor((start - base) / span));
    const last = Math.min((1 << (bits[level] as number)) - 1, Math.floor((end - 1 - base) / span));
    for (let i = first; i <= last; i++) {
      if (level === 0) visit(t + ENTRY + i, base + i);
      else {
        const child = k.peek(t + ENTRY + i);
        if (child > 0) eachLevel(k, child, level - 1, base + i * span, start, end, visit);
      }
    }
  };

  /** Makes the tables on the way to a page's entry of a level; stops where a huge page is mapped. */
  const allocateTo = (k: Exec, mm: number, page: number, lowest: 0 | 1): void => {
    let at = k.peek(mm + pgdField);
    if (at === 0) {
      at = newTable(k);
      k.poke(mm + pgdField, at);
    }
    k.access(at + USED, WRITE);
    for (let level = top; level > lowest; level--) {
      const slot = at + ENTRY + indexAt(page, level);
      let below = k.peek(slot);
      if (below < 0) return;
      if (below === 0) {
        below = newTable(k);
        k.poke(slot, below);
        k.poke(at + USED, k.peek(at + USED) + 1);
      }
      at = below;
    }
  };

  return {
    span: entries,
    pages: long ? 0x7fff_f000 : 0xc0000,
    find,
    walk(k, mm, page) {
      const at = find(k, mm, page);
      if (at !== 0) return k.load(at);
      const slot = pmd(k, mm, page);
      if (slot === 0) {
        k.access(mm + pgdField, READ);
        return 0;
      }
      return pageOfHuge(-Math.min(0, k.load(slot)), page);
    },
    peek(k, mm, page) {
      const at = find(k, mm, page);
      if (at !== 0) return k.peek(at);
      const slot = pmd(k, mm, page);
      return slot === 0 ? 0 : pageOfHuge(-Math.min(0, k.peek(slot)), page);
    },
    pmd,
    huge(k, mm, page) {
      const slot = pmd(k, mm, page);
      return slot === 0 ? 0 : -Math.min(0, k.peek(slot));
    },
    allocate: (k, mm, page) => allocateTo(k, mm, page, 0),
    allocatePmd: (k, mm, page) => allocateTo(k, mm, page, 1),
    setHuge(k, slot, entry) {
      const used = tableOf(slot) + USED;
      const before = k.peek(slot) === 0 ? 0 : 1;
      k.poke(slot, -entry);
      k.poke(used, k.peek(used) + (entry === 0 ? 0 : 1) - before);
    },
    setTable(k, slot, fill) {
      const t = newTable(k);
      for (let i = 0; i < entries; i++) k.poke(t + ENTRY + i, fill(i));
      k.poke(slot, t);
    },
    dropTable(k, slot) {
      const used = tableOf(slot) + USED;
      k.work(W.page_table_free);
      pool.free(k, k.peek(slot));
      k.poke(slot, 0);
      k.poke(used, k.peek(used) - 1);
    },
    eachHuge(k, mm, start, end, visit) {
      for (let page = start - (start % entries); page < end; page += entries) {
        const slot = pmd(k, mm, page);
        if (slot !== 0 && k.peek(slot) < 0) visit(-k.peek(slot), page);
      }
    },
    lockOf(mm, entry) {
      return split ? tableOf(entry) : mm + lockField;
    },
    free(k, mm, floor, ceiling) {
      const pgd = k.peek(mm + pgdField);
      if (pgd !== 0) freeLevel(k, pgd, top, 0, floor, ceiling);
    },
    freeTop(k, mm) {
      const pgd = k.peek(mm + pgdField);
      if (pgd === 0) return;
      k.work(W.page_table_free);
      pool.free(k, pgd);
      k.poke(mm + pgdField, 0);
    },
    each(k, mm, start, end, visit) {
      const pgd = k.peek(mm + pgdField);
      if (pgd !== 0) eachLevel(k, pgd, top, 0, start, end, visit);
    },
    inUse: (k) => pool.inUse(k),
  };
}

/** SPLIT_PTE_PTLOCKS is set by the kernel for four CPUs and more; a Kconfig that lacks the symbol means that. */
function splitPteLocks(b: KernelBuilder): boolean {
  const set = b.enabled('SPLIT_PTE_PTLOCKS');
  const smp = b.enabled('SMP');
  const cpus = Number(b.value('NR_CPUS', !set && smp));
  return set || (smp && !(cpus < 4));
}
