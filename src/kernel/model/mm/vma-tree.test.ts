import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KernelBuilder } from '../kernel-builder.ts';
import { SequentialExec, W, wordStruct } from '../machine/index.ts';
import { type VmaTree, vmaTree } from './vma-tree.ts';

const PAGES = 400;

/** A tree alone, and what work was done on it. */
class Bench extends SequentialExec {
  readonly worked: number[] = [];

  protected override onAccess(): void {}
  protected override onWork(kind = 0): void {
    this.worked.push(kind);
  }
}

function bench(vmas: number): { k: Bench; tree: VmaTree; mms: number[] } {
  const size = { threads: 1, processOf: [0], vmas, pages: 0, pageTables: 0 };
  const b = new KernelBuilder({ get: () => 'n' }, size);
  const mms = [0, 1].map((i) => b.memory.object(wordStruct('mm', { tree: 1 }), `mm#${i}`));
  const tree = vmaTree(b, mms, 0);
  const k = new Bench(b.routines, b.area, b.memory.size, 0);
  b.boot(k);
  return { k, tree, mms };
}

/** What each store cost, and the borders of the leaves after it. */
function stores(list: readonly [number, number, number][]) {
  const { k, tree, mms } = bench(64);
  const mm = mms[0] as number;
  return list.map(([start, end, vma]) => {
    k.worked.length = 0;
    tree.store(k, mm, start, end, vma);
    return { worked: [...k.worked], borders: tree.borders(k, mm) };
  });
}

test('a tree of any history maps what a plain map does, in leaves of which none is too full or ends with a gap', () => {
  const store = fc.record({
    at: fc.nat(PAGES - 20),
    pages: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 2 }) },
      fc.integer({ min: 1, max: 20 }),
    ),
    vma: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 99 }) }, fc.constant(0)),
  });
  let most = 0;
  fc.assert(
    fc.property(fc.array(store, { minLength: 1, maxLength: 200, size: 'max' }), (list) => {
      const { k, tree, mms } = bench(PAGES);
      const mm = mms[0] as number;
      const plain = new Int32Array(PAGES);
      for (const [i, { at, pages, vma }] of list.entries()) {
        const value = vma === 0 ? 0 : 1000 * (i + 1) + vma;
        tree.store(k, mm, at, at + pages, value);
        plain.fill(value, at, at + pages);
        const borders = tree.borders(k, mm);
        const entries = tree.entries(k, mm);
        most = Math.max(most, borders.length + 1);
        let from = 0;
        for (const to of [...borders, Number.POSITIVE_INFINITY]) {
          const inside = entries.filter(([start]) => start >= from && start < to);
          let behind = from;
          let gaps = 0;
          for (const [start, end] of inside) {
            if (start > behind) gaps++;
            behind = end;
          }
          if (to === Number.POSITIVE_INFINITY) gaps++;
          else expect(behind).toBe(to);
          expect(inside.length + gaps).toBeGreaterThan(0);
          expect(inside.length + gaps).toBeLessThanOrEqual(16);
          from = to;
        }
      }
      for (let page = 0; page < PAGES; page++) expect(tree.walk(k, mm, page)).toBe(plain[page]);
    }),
    { numRuns: 100 },
  );
  expect(most).toBeGreaterThan(5);
});

/** Seven VMAs in a row, and three that stand alone: with the gaps 14 entries. */
const PROCESS: readonly [number, number, number][] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((i): [number, number, number] => [i, i + 1, i]),
  [300, 301, 8],
  [301, 302, 9],
  [350, 360, 10],
];

test('a mapping that is split in a full leaf makes two of it, and one when it is whole again', () => {
  const found = stores([
    ...PROCESS,
    [100, 104, 11],
    [101, 104, 12],
    [102, 104, 13],
    [100, 104, 11],
  ]);
  const [map, first, second, merge] = found.slice(-4);
  expect(map).toEqual({ worked: [W.maple_store], borders: [] });
  // The middle is a gap, so the left leaf ends with what is left of the mapping.
  expect(first).toEqual({ worked: [W.maple_split], borders: [101] });
  expect(second).toEqual({ worked: [W.maple_store], borders: [101] });
  expect(merge).toEqual({ worked: [W.maple_rebalance], borders: [] });
});

test('a leaf gives entries to a neighbour with room, and is joined with it when few are left', () => {
  const row = (from: number, n: number) =>
    Array.from({ length: n }, (_, i): [number, number, number] => [
      from + i,
      from + i + 1,
      from + i,
    ]);
  const grown = stores(row(10, 40));
  // One after the other: halves of a full leaf first, then each time to the left.
  expect(grown.filter(({ worked }) => worked.includes(W.maple_split)).length).toBeGreaterThan(3);
  const borders = grown.at(-1)?.borders ?? [];
  expect(borders.length).toBeGreaterThan(1);
  const shrunk = stores([
    ...row(10, 40),
    ...row(10, 40).map(([a, b]): [number, number, number] => [a, b, 0]),
  ]);
  expect(shrunk.at(-1)?.borders).toEqual([]);
  expect(shrunk.some(({ worked }) => worked.includes(W.maple_rebalance))).toBe(true);
});

test('a copy has the leaves of the original', () => {
  const { k, tree, mms } = bench(64);
  const [mm, child] = mms as [number, number];
  for (let i = 0; i < 40; i++) tree.store(k, mm, 10 + 2 * i, 11 + 2 * i, i + 1);
  for (const [start, end, vma] of tree.entries(k, mm)) tree.copy(k, mm, child, start, end, vma);
  expect(tree.entries(k, child)).toEqual(tree.entries(k, mm));
  expect(tree.borders(k, child)).toEqual(tree.borders(k, mm));
  expect(tree.borders(k, child).length).toBeGreaterThan(2);
});

test('the lowest and the highest free range are those a look at every page finds', () => {
  const range = fc.record({ at: fc.nat(PAGES - 20), pages: fc.integer({ min: 1, max: 20 }) });
  const asked = fc.record({
    pages: fc.integer({ min: 1, max: 40 }),
    floor: fc.integer({ min: 1, max: PAGES / 2 }),
    ceiling: fc.integer({ min: PAGES / 2, max: PAGES }),
  });
  fc.assert(
    fc.property(fc.array(range, { maxLength: 60 }), asked, (list, { pages, floor, ceiling }) => {
      const { k, tree, mms } = bench(PAGES);
      const mm = mms[0] as number;
      const used = new Uint8Array(PAGES);
      for (const [i, { at, pages: n }] of list.entries()) {
        tree.store(k, mm, at, at + n, i + 1);
        used.fill(1, at, at + n);
      }
      const free: number[] = [];
      for (let at = floor; at + pages <= ceiling; at++) {
        if (!used.subarray(at, at + pages).includes(1)) free.push(at);
      }
      expect(tree.findGap(k, mm, pages, floor, ceiling, 0)).toBe(free[0] ?? 0);
      expect(tree.findTopGap(k, mm, pages, floor, ceiling)).toBe(free.at(-1) ?? 0);
    }),
  );
});
