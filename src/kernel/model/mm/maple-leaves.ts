/**
 * How the entries of a maple tree lie in leaves. A leaf has room for 16 entries, gaps counted; one that would have more gives some to a
 * neighbour or becomes two, one that is left with few is joined with a neighbour, and what is put over the border of two has both made
 * anew. After mas_wr_store_type, mas_split, mas_rebalance and mas_wr_spanning_store in lib/maple_tree.c. The nodes above the leaves are
 * not kept: they change with their leaves, and their number follows from that of the leaves.
 */
import type { Exec } from '../machine/index.ts';

/** MAPLE_RANGE64_SLOTS. */
const SLOTS = 16;
/** mt_min_slots of a leaf. */
const FEW = SLOTS / 2 - 2;
/** MAPLE_ARANGE64_SLOTS: children of a node above, in a tree that finds gaps. */
const CHILDREN = 10;
/** Entries of two leaves and a neighbour, and what a store adds. */
const SCRATCH = 3 * SLOTS + 4;

/** Fewest entries a leaf of several has for long, to say how many leaves there can be at most. */
const FEWEST = 3;

/** What a change of the entries did to the leaves. */
export const KEPT = 0;
/** A leaf became two, or gave entries to a neighbour (mas_split). */
export const SPLIT = 1;
/** Two leaves, or more, were made one, two or three (mas_spanning_rebalance). */
export const REBALANCED = 2;
export type LeafChange = typeof KEPT | typeof SPLIT | typeof REBALANCED;

/** Goes through entries and gaps of `[lo, hi)` in order: the page behind each, and whether nothing is there. */
export type EachSlot = (
  k: Exec,
  tree: number,
  lo: number,
  hi: number,
  slot: (end: number, empty: boolean) => void,
) => void;

/** Words a tree of so many entries needs: the number of leaves less one, then the page behind each but the last. */
export function leafWords(entries: number): number {
  return 1 + Math.ceil((2 * entries + 1) / FEWEST) + 2;
}

export interface MapleLeaves {
  /** Nodes on the way from the root to an entry. */
  depth(k: Exec, tree: number): number;
  /** Whether a store to `[start, end)` is one to several leaves; `empty` where it takes away. To be asked before it is made. */
  spans(k: Exec, tree: number, start: number, end: number, empty: boolean): boolean;
  /** Puts the leaves right after a store at `start`, which went over those up to that of `end` if it spans. */
  settle(k: Exec, tree: number, start: number, end: number, spans: boolean): LeafChange;
  /** Gives a tree the leaves of another (__mt_dup). */
  copy(k: Exec, from: number, to: number): void;
  /** The page behind each leaf but the last. */
  borders(k: Exec, tree: number): number[];
}

/**
 * @param at offset of the words in a tree
 * @param words how many there are, see {@link leafWords}
 */
export function mapleLeaves(at: number, words: number, eachSlot: EachSlot): MapleLeaves {
  const ends = new Float64Array(SCRATCH);
  const empty = new Uint8Array(SCRATCH);
  let n = 0;
  const note = (end: number, none: boolean) => {
    ends[n] = end;
    empty[n++] = none ? 1 : 0;
  };

  const last = (k: Exec, tree: number) => k.peek(tree + at);
  /** The page behind a leaf. */
  const endOf = (k: Exec, tree: number, leaf: number) =>
    leaf >= last(k, tree) ? Number.POSITIVE_INFINITY : k.peek(tree + at + 1 + leaf);
  const beginOf = (k: Exec, tree: number, leaf: number) =>
    leaf === 0 ? 0 : k.peek(tree + at + leaf);
  const leafOf = (k: Exec, tree: number, page: number) => {
    let leaf = 0;
    while (endOf(k, tree, leaf) <= page) leaf++;
    return leaf;
  };
  const collect = (k: Exec, tree: number, from: number, to: number) => {
    n = 0;
    eachSlot(k, tree, beginOf(k, tree, from), endOf(k, tree, to), note);
  };

  /** A leaf ends with an entry (mab_no_null_split): `split` is the last slot of the left one. */
  const noNullSplit = (split: number) => {
    if (empty[split] === 0) return split;
    return split < SLOTS - 1 && n - 1 - split > FEW ? split + 1 : split - 1;
  };

  /** Has the leaves `from` to `to` end after the slots given, the last one where it did; a slot below 0 is none. */
  const divide = (k: Exec, tree: number, from: number, to: number, a: number, b: number) => {
    const fresh = (a >= 0 ? 1 : 0) + (b >= 0 ? 1 : 0);
    const grown = fresh - (to - from);
    const base = tree + at + 1;
    const count = last(k, tree);
    if (1 + count + grown > words)
      throw new RangeError('more leaves than the tree was laid out for');
    if (grown !== 0) k.move(base + to + grown, base + to, base + count);
    if (grown < 0) k.fill(0, base + count + grown, base + count);
    k.poke(tree + at, count + grown);
    if (a >= 0) k.poke(base + from, ends[a] as number);
    if (b >= 0) k.poke(base + from + 1, ends[b] as number);
  };

  /** Makes the slots collected one, two or three leaves (mas_mab_to_node, mab_calc_split). */
  const even = (k: Exec, tree: number, from: number, to: number) => {
    const end = n - 1;
    if (end < SLOTS) return divide(k, tree, from, to, -1, -1);
    const half = end >> 1;
    const three = end >= 2 * SLOTS || (empty[half] === 1 && end >= 2 * SLOTS - 1);
    if (!three) return divide(k, tree, from, to, noNullSplit(half), -1);
    const third = Math.floor(end / 3);
    return divide(k, tree, from, to, noNullSplit(third), noNullSplit(2 * third));
  };

  /** Joins leaves with the one behind, or where there is none the one before. */
  const withNeighbour = (k: Exec, tree: number, from: number, to: number) => {
    const behind = to < last(k, tree);
    const first = behind ? from : from - 1;
    const end = behind ? to + 1 : to;
    collect(k, tree, first, end);
    even(k, tree, first, end);
  };

  /** Gives a neighbour so much that both have room (mas_push_data). */
  const push = (k: Exec, tree: number, leaf: number, left: boolean): boolean => {
    const other = left ? leaf - 1 : leaf + 1;
    if (other < 0 || other > last(k, tree)) return false;
    const from = left ? other : leaf;
    const to = left ? leaf : other;
    collect(k, tree, from, to);
    const room = 2 * SLOTS - 3 - (leaf === last(k, tree) ? 1 : 0);
    const total = n - 2;
    if (total >= room) return false;
    divide(k, tree, from, to, noNullSplit(left ? SLOTS - 2 : total - (SLOTS - 2)), -1);
    return true;
  };

  return {
    depth(k, tree) {
      let levels = 1;
      for (let reach = 1; reach <= last(k, tree); reach *= CHILDREN) levels++;
      return levels;
    },
    spans(k, tree, start, end, none) {
      if (last(k, tree) === 0) return false;
      const border = endOf(k, tree, leafOf(k, tree, start));
      return end > border || (none && end === border);
    },
    settle(k, tree, start, end, spans) {
      const first = leafOf(k, tree, start);
      // What is taken away up to a border leaves a gap there, which belongs to the leaf behind.
      const to = spans ? leafOf(k, tree, end) : first;
      collect(k, tree, first, to);
      const whole = first === 0 && to === last(k, tree);
      if (spans) {
        if (n <= FEW && !whole) withNeighbour(k, tree, first, to);
        else even(k, tree, first, to);
        return REBALANCED;
      }
      if (n > SLOTS) {
        if (push(k, tree, first, true) || push(k, tree, first, false)) return SPLIT;
        collect(k, tree, first, first);
        divide(k, tree, first, first, noNullSplit((n - 1) >> 1), -1);
        return SPLIT;
      }
      if (whole || n > FEW) return KEPT;
      withNeighbour(k, tree, first, first);
      return REBALANCED;
    },
    borders: (k, tree) => Array.from({ length: last(k, tree) }, (_, i) => endOf(k, tree, i)),
    copy(k, from, to) {
      k.move(to + at, from + at, from + at + 1 + last(k, from));
    },
  };
}
