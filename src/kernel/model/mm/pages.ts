/** Page frames: a free list of page frame numbers, and for each its reference count and what the word at its start holds. */

import type { KernelBuilder } from '../kernel-builder.ts';
import { type Exec, W, wordStruct } from '../machine/index.ts';
import { PoolExhaustedError } from '../sync/slab.ts';

/** The zero page: mapped read-only wherever untouched anonymous memory is read; never counted. */
export const ZERO_PFN = 0;

/** Contents of frames: of each page the word at its start. The zero page's is 0. */
export interface Contents {
  /** The word at the start of a page: after {@link Pages.alloc} what the page held before, until it is written. */
  data(k: Exec, pfn: number): number;
  /** Stores it. The zero page cannot be written. */
  setData(k: Exec, pfn: number, word: number): void;
}

export interface Pages extends Contents {
  /** Takes a page with one reference. Gives its page frame number, at least 1. */
  alloc(k: Exec): number;
  get(k: Exec, pfn: number): void;
  /** Drops a reference; the last one frees the page. */
  put(k: Exec, pfn: number): void;
  refcount(k: Exec, pfn: number): number;
  /** What probes have put in the place of the instruction at the start of a page (INSN_*); 0 in a page just taken. */
  opcode(k: Exec, pfn: number): number;
  setOpcode(k: Exec, pfn: number, insn: number): void;
  /** Pages in use, the zero page not counted. */
  inUse(k: Exec): number;
}

export function pages(b: KernelBuilder): Pages {
  const count = b.size.pages;
  const at = b.memory.object(
    wordStruct('mem_map', {
      free: 1,
      used: 1,
      refcount: { array: count + 1 },
      next: { array: count + 1 },
      opcode: { array: count + 1 },
      data: { array: count + 1 },
    }),
    'mem_map',
  );
  const refcount = at + 2;
  const next = refcount + count + 1;
  const opcode = next + count + 1;
  const data = opcode + count + 1;
  b.onBoot((k) => {
    for (let pfn = 1; pfn <= count; pfn++) k.poke(next + pfn, pfn < count ? pfn + 1 : 0);
    k.poke(at, 1);
  });
  return {
    data: (k, pfn) => k.peek(data + pfn),
    setData(k, pfn, word) {
      if (pfn === ZERO_PFN) throw new RangeError('the zero page is written');
      k.poke(data + pfn, word);
    },
    alloc(k) {
      const pfn = k.peek(at);
      if (pfn === 0) throw new PoolExhaustedError(`out of pages: the machine has ${count}`);
      k.work(W.page_alloc);
      k.poke(at, k.peek(next + pfn));
      k.poke(at + 1, k.peek(at + 1) + 1);
      k.poke(refcount + pfn, 1);
      k.poke(opcode + pfn, 0);
      return pfn;
    },
    get(k, pfn) {
      if (pfn !== ZERO_PFN) k.poke(refcount + pfn, k.peek(refcount + pfn) + 1);
    },
    put(k, pfn) {
      if (pfn === ZERO_PFN) return;
      const left = k.peek(refcount + pfn) - 1;
      k.poke(refcount + pfn, left);
      if (left > 0) return;
      k.work(W.page_free);
      k.poke(next + pfn, k.peek(at));
      k.poke(at, pfn);
      k.poke(at + 1, k.peek(at + 1) - 1);
    },
    refcount: (k, pfn) => k.peek(refcount + pfn),
    // Frames of huge pages have numbers above the small ones; no probe is ever put into one.
    opcode: (k, pfn) => (pfn > count ? 0 : k.peek(opcode + pfn)),
    setOpcode(k, pfn, insn) {
      if (pfn !== ZERO_PFN && pfn <= count) k.poke(opcode + pfn, insn);
    },
    inUse: (k) => k.peek(at + 1),
  };
}
