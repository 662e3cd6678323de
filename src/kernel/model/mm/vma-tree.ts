/**
 * The VMA tree of an mm (the maple tree), as a map from disjoint page ranges to VMAs.
 *
 * Each operation is one atomic step: a maple-tree writer publishes its change with a single pointer store, so an RCU
 * reader sees the tree before or after it and nothing between (lib/maple_tree.c, mas_wr_store_entry). The ranges are
 * the tree's own: between a store and the update of `vm_start`/`vm_end` they may differ from the VMA's, as they do in the kernel.
 */

import type { KernelBuilder } from '../kernel-builder.ts';
import { type Exec, READ, W, WRITE, wordStruct } from '../machine/index.ts';
import { leafWords, mapleLeaves, REBALANCED, SPLIT } from './maple-leaves.ts';

export interface VmaTree {
  /** VMA whose range covers `page`, or 0 (mas_walk). One shared read. */
  walk(k: Exec, mm: number, page: number): number;
  /** First VMA whose range ends above `page`, or 0 (find_vma, mas_find). One shared read. */
  find(k: Exec, mm: number, page: number): number;
  /** The same for an iterator that stands at the entry before (mas_next): it is in the node already. One shared read. */
  next(k: Exec, mm: number, page: number): number;
  /** Last VMA whose range starts below `page`, or 0 (mas_prev). One shared read. */
  prev(k: Exec, mm: number, page: number): number;
  /** Makes `[start, end)` map to `vma`, over whatever was there (vma_iter_store); 0 clears. One shared write. */
  store(k: Exec, mm: number, start: number, end: number, vma: number): void;
  /** The same in the tree of a copy of `from`, which has the nodes of that from the start (__mt_dup). */
  copy(k: Exec, from: number, mm: number, start: number, end: number, vma: number): void;
  /** Lowest address at or above `floor` where `pages` pages and `guard` free pages on each side fit; 0 if none. One shared read. */
  findGap(
    k: Exec,
    mm: number,
    pages: number,
    floor: number,
    ceiling: number,
    guard?: number,
  ): number;
  /** Highest address at or above `floor` where `pages` pages fit below `ceiling`; 0 if there is none. One shared read. */
  findTopGap(k: Exec, mm: number, pages: number, floor: number, ceiling: number): number;
  /** All entries `[start, end, vma]` in address order, for invariants in tests. */
  entries(k: Exec, mm: number): [number, number, number][];
  /** The page behind each leaf but the last, for tests. */
  borders(k: Exec, mm: number): number[];
}

/**
 * @param treeField where an mm keeps the address of its tree
 */
export function vmaTree(b: KernelBuilder, mms: readonly number[], treeField: number): VmaTree {
  const capacity = b.size.vmas * 2 + 8;
  const struct = wordStruct('maple_tree', {
    ma_root: 1,
    slots: { line: { array: capacity * 3 } },
    leaves: { array: leafWords(capacity) },
  });
  const trees = mms.map((_, i) => b.memory.object(struct, `mm_mt#${i}`));
  b.onBoot((k) => {
    mms.forEach((mm, i) => {
      k.poke(mm + treeField, trees[i] as number);
    });
  });
  const ROOT = struct.at.ma_root;
  const SLOTS = struct.at.slots;

  /** Index of the first entry that ends above `page`. */
  const lowerBound = (k: Exec, tree: number, page: number): number => {
    let lo = 0;
    let hi = k.peek(tree + ROOT);
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (k.peek(tree + SLOTS + mid * 3 + 1) > page) hi = mid;
      else lo = mid + 1;
    }
    return lo;
  };
  /** An access by one who is there already: a writer's or reader's state keeps the node it was at (ma_state). */
  const begin = (k: Exec, mm: number, kind: typeof READ | typeof WRITE): number => {
    const tree = k.peek(mm + treeField);
    k.access(tree + ROOT, kind);
    return tree;
  };
  /** An access that walks down from the root. */
  const descend = (k: Exec, mm: number): number => {
    const tree = begin(k, mm, READ);
    k.work(W.maple_node, leaves.depth(k, tree));
    return tree;
  };
  /** The first entry that ends above `page`. */
  const above = (k: Exec, tree: number, page: number): number => {
    const i = lowerBound(k, tree, page);
    return i < k.peek(tree + ROOT) ? k.peek(tree + SLOTS + i * 3 + 2) : 0;
  };
  const leaves = mapleLeaves(struct.at.leaves, leafWords(capacity), (k, tree, lo, hi, slot) => {
    let at = lo;
    const n = k.peek(tree + ROOT);
    for (let i = lowerBound(k, tree, lo); i < n && at < hi; i++) {
      const start = k.peek(tree + SLOTS + i * 3);
      if (start >= hi) break;
      if (start > at) slot(start, true);
      at = k.peek(tree + SLOTS + i * 3 + 1);
      slot(at, false);
    }
    if (at < hi) slot(hi, true);
  });
  const move = (k: Exec, tree: number, from: number, to: number) => {
    const n = k.peek(tree + ROOT);
    const base = tree + SLOTS;
    k.move(base + to * 3, base + from * 3, base + n * 3);
    const grown = to - from;
    if (grown < 0) k.fill(0, base + (n + grown) * 3, base + n * 3);
    if (n + grown > capacity) throw new RangeError('more VMAs than the machine was laid out for');
    k.poke(tree + ROOT, n + grown);
  };
  /** Makes `[start, end)` map to `vma`, or to nothing if that is 0. */
  const put = (k: Exec, tree: number, start: number, end: number, vma: number): void => {
    const slots = tree + SLOTS;
    let i = lowerBound(k, tree, start);
    // An entry that reaches into the range from the left keeps its left part, and its right part if it sticks out.
    if (i < k.peek(tree + ROOT) && k.peek(slots + i * 3) < start) {
      const right = k.peek(slots + i * 3 + 1);
      const old = k.peek(slots + i * 3 + 2);
      k.poke(slots + i * 3 + 1, start);
      i++;
      if (right > end) {
        move(k, tree, i, i + 1);
        k.poke(slots + i * 3, end);
        k.poke(slots + i * 3 + 1, right);
        k.poke(slots + i * 3 + 2, old);
      }
    }
    let last = i;
    const n = k.peek(tree + ROOT);
    while (last < n && k.peek(slots + last * 3 + 1) <= end) last++;
    if (last < n && k.peek(slots + last * 3) < end) k.poke(slots + last * 3, end);
    if (vma === 0) {
      if (last !== i) move(k, tree, last, i);
      return;
    }
    if (last !== i + 1) move(k, tree, last, i + 1);
    k.poke(slots + i * 3, start);
    k.poke(slots + i * 3 + 1, end);
    k.poke(slots + i * 3 + 2, vma);
  };
  /**
   * Whether a range put in leaves the number of entries and gaps as it is: it takes exactly the place of entry `i` (wr_exact_fit), or moves
   * one border of it into a gap of which something is left (wr_slot_store). Then the node is not rewritten.
   */
  const takesPlace = (k: Exec, tree: number, i: number, start: number, end: number): boolean => {
    const n = k.peek(tree + ROOT);
    if (i >= n) return false;
    const at = tree + SLOTS + i * 3;
    const from = k.peek(at);
    const to = k.peek(at + 1);
    if (from === start && to === end) return true;
    if (from === start && to < end) return i + 1 >= n || k.peek(at + 3) > end;
    return to === end && from > start && (i === 0 || k.peek(at - 2) < start);
  };

  return {
    walk(k, mm, page) {
      const tree = descend(k, mm);
      const i = lowerBound(k, tree, page);
      if (i >= k.peek(tree + ROOT)) return 0;
      const at = tree + SLOTS + i * 3;
      return k.peek(at) <= page ? k.peek(at + 2) : 0;
    },
    find: (k, mm, page) => above(k, descend(k, mm), page),
    next(k, mm, page) {
      const tree = begin(k, mm, READ);
      k.work(W.maple_prev);
      return above(k, tree, page);
    },
    prev(k, mm, page) {
      const tree = begin(k, mm, READ);
      k.work(W.maple_prev);
      // The last entry that starts below the page is the one that covers page - 1, or the one before it.
      let i = lowerBound(k, tree, page - 1);
      if (i >= k.peek(tree + ROOT) || k.peek(tree + SLOTS + i * 3) >= page) i--;
      return i >= 0 ? k.peek(tree + SLOTS + i * 3 + 2) : 0;
    },
    store(k, mm, start, end, vma) {
      const tree = begin(k, mm, WRITE);
      const fits = vma !== 0 && takesPlace(k, tree, lowerBound(k, tree, start), start, end);
      const spans = leaves.spans(k, tree, start, end, vma === 0);
      put(k, tree, start, end, vma);
      const change = leaves.settle(k, tree, start, end, spans);
      if (change === REBALANCED) k.work(W.maple_rebalance);
      else if (change === SPLIT) k.work(W.maple_split);
      else k.work(fits ? W.maple_slot : W.maple_store);
    },
    copy(k, from, mm, start, end, vma) {
      const tree = begin(k, mm, WRITE);
      leaves.copy(k, k.peek(from + treeField), tree);
      put(k, tree, start, end, vma);
      k.work(W.maple_store);
    },
    findGap(k, mm, pages, floor, ceiling, guard = 1) {
      const room = pages + 2 * guard;
      const tree = begin(k, mm, READ);
      const n = k.peek(tree + ROOT);
      let at = floor;
      for (let i = lowerBound(k, tree, floor); i < n; i++) {
        if (k.peek(tree + SLOTS + i * 3) >= at + room) break;
        at = Math.max(at, k.peek(tree + SLOTS + i * 3 + 1));
      }
      return at + room <= ceiling ? at + guard : 0;
    },
    findTopGap(k, mm, pages, floor, ceiling) {
      const tree = begin(k, mm, READ);
      let end = ceiling;
      // From the last entry that begins below the ceiling.
      for (let i = k.peek(tree + ROOT) - 1; i >= 0; i--) {
        const entry = tree + SLOTS + i * 3;
        if (k.peek(entry + 1) + pages <= end) break;
        end = Math.min(end, k.peek(entry));
      }
      return end - pages >= floor ? end - pages : 0;
    },
    borders: (k, mm) => leaves.borders(k, k.peek(mm + treeField)),
    entries(k, mm) {
      const tree = k.peek(mm + treeField);
      return Array.from({ length: k.peek(tree + ROOT) }, (_, i) => {
        const at = tree + SLOTS + i * 3;
        return [k.peek(at), k.peek(at + 1), k.peek(at + 2)];
      });
    },
  };
}
