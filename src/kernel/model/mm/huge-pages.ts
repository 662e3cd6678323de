/**
 * Huge page frames: blocks of as many small frames as a page table maps, beside the small pages of the machine. A block is
 * referenced as a whole by each huge mapping (the folio's entire mapcount) and page by page after a huge mapping was split;
 * it is free when neither kind of reference is left, as a large folio is.
 */
import type { KernelBuilder } from '../kernel-builder.ts';
import { type Exec, W, wordStruct } from '../machine/index.ts';
import type { Pages } from './pages.ts';

export interface HugePages extends Pages {
  /** Small pages of one huge page (HPAGE_PMD_NR). */
  readonly hugeSpan: number;
  /** First frame of the huge page a frame belongs to, 0 for a small page. */
  headOf(pfn: number): number;
  /** Takes a huge page with one reference to the whole. Gives its first frame number, 0 when there is none free. */
  allocHuge(k: Exec): number;
  /** One more reference to the whole. */
  getHuge(k: Exec, head: number): void;
  /** Drops a reference to the whole. */
  putHuge(k: Exec, head: number): void;
  /** Whether one reference to the whole is all there is. */
  exclusiveHuge(k: Exec, head: number): boolean;
  /** References to the whole and to its pages together (folio_ref_count). */
  referencesOfHuge(k: Exec, head: number): number;
  /** Fills a page with zeroes (clear_page). Charges the work. */
  clear(k: Exec, pfn: number): void;
  /** Copies a page with all it holds (copy_page). Charges the work. */
  copy(k: Exec, to: number, from: number): void;
  /** Fills a huge page with zeroes. Charges the work. */
  clearHuge(k: Exec, head: number): void;
  /** Copies `from(i)` into the i-th page of a huge page. Charges the work. */
  copyHuge(k: Exec, head: number, from: (index: number) => number): void;
  /** Turns one reference to the whole into one to each of its pages (the split of a huge mapping). */
  splitHuge(k: Exec, head: number): void;
}

/**
 * @param small  the small pages; their numbers come first
 * @param span  small pages in a huge one
 */
export function hugePages(b: KernelBuilder, small: Pages, span: number): HugePages {
  const blocks = Math.ceil(b.size.pages / span) + 1;
  // Frame numbers of the small pages are 1 … b.size.pages.
  const base = b.size.pages + 1;
  const struct = wordStruct('folio', {
    next: 1,
    entire: 1,
    used: 1,
    refcount: { array: span },
    data: { array: span },
  });
  const folios = Array.from({ length: blocks }, (_, i) => b.memory.object(struct, `folio#${i}`));
  const list = b.memory.object(wordStruct('free_area', { head: 1, used: 1 }), 'free_area');
  const { next, entire, used, refcount } = struct.at;
  b.onBoot((k) => {
    folios.forEach((folio, i) => {
      k.poke(folio + next, folios[i + 1] ?? 0);
    });
    k.poke(list, folios[0] as number);
  });
  const folioOf = (pfn: number): number => folios[Math.floor((pfn - base) / span)] as number;
  const change = (k: Exec, folio: number, word: number, by: 1 | -1) => {
    const now = k.peek(folio + word) + by;
    k.poke(folio + word, now);
    // `used` counts the words that are not zero.
    if (now === (by > 0 ? 1 : 0)) k.poke(folio + used, k.peek(folio + used) + by);
    if (by > 0 || k.peek(folio + used) > 0) return;
    k.work(W.page_free);
    k.poke(folio + next, k.peek(list));
    k.poke(list, folio);
    k.poke(list + 1, k.peek(list + 1) - 1);
  };
  const page = (pfn: number): number => refcount + ((pfn - base) % span);
  const wordOf = (pfn: number): number => folioOf(pfn) + struct.at.data + ((pfn - base) % span);
  const data = (k: Exec, pfn: number): number =>
    pfn < base ? small.data(k, pfn) : k.peek(wordOf(pfn));
  const setData = (k: Exec, pfn: number, word: number) => {
    if (pfn < base) small.setData(k, pfn, word);
    else k.poke(wordOf(pfn), word);
  };

  return {
    hugeSpan: span,
    alloc: (k) => small.alloc(k),
    data,
    setData,
    clear(k, pfn) {
      k.work(W.clear_page);
      setData(k, pfn, 0);
    },
    copy(k, to, from) {
      k.work(W.copy_page);
      setData(k, to, data(k, from));
      small.setOpcode(k, to, small.opcode(k, from));
    },
    get(k, pfn) {
      if (pfn < base) small.get(k, pfn);
      else change(k, folioOf(pfn), page(pfn), 1);
    },
    put(k, pfn) {
      if (pfn < base) small.put(k, pfn);
      else change(k, folioOf(pfn), page(pfn), -1);
    },
    refcount(k, pfn) {
      if (pfn < base) return small.refcount(k, pfn);
      return k.peek(folioOf(pfn) + entire) + k.peek(folioOf(pfn) + page(pfn));
    },
    opcode: (k, pfn) => small.opcode(k, pfn),
    setOpcode: (k, pfn, insn) => small.setOpcode(k, pfn, insn),
    headOf: (pfn) => (pfn < base ? 0 : pfn - ((pfn - base) % span)),
    inUse: (k) => small.inUse(k) + span * k.peek(list + 1),
    allocHuge(k) {
      const folio = k.peek(list);
      if (folio === 0) return 0;
      k.work(W.page_alloc);
      k.poke(list, k.peek(folio + next));
      k.poke(list + 1, k.peek(list + 1) + 1);
      change(k, folio, entire, 1);
      return base + folios.indexOf(folio) * span;
    },
    clearHuge(k, head) {
      k.work(W.clear_page, span);
      for (let i = 0; i < span; i++) setData(k, head + i, 0);
    },
    copyHuge(k, head, from) {
      k.work(W.copy_page, span);
      for (let i = 0; i < span; i++) setData(k, head + i, data(k, from(i)));
    },
    getHuge: (k, head) => change(k, folioOf(head), entire, 1),
    putHuge: (k, head) => change(k, folioOf(head), entire, -1),
    exclusiveHuge: (k, head) =>
      k.peek(folioOf(head) + entire) === 1 && k.peek(folioOf(head) + used) === 1,
    referencesOfHuge(k, head) {
      const folio = folioOf(head);
      let n = k.peek(folio + entire);
      for (let i = 0; i < span; i++) n += k.peek(folio + refcount + i);
      return n;
    },
    splitHuge(k, head) {
      for (let i = 0; i < span; i++) change(k, folioOf(head), refcount + i, 1);
      change(k, folioOf(head), entire, -1);
    },
  };
}
