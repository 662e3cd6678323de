import { cellId } from '../../matrix/index.ts';
import { byCodeUnit } from '../kernels.ts';
import type { Report, ReportCell } from '../model.ts';
import type { CellPair } from './matrix-model.ts';

/** A report, or its cells of one edition, as one side of a diff. */
export interface Selection {
  readonly report: Report;
  /** What the user called it. */
  readonly source: string;
  /** Only the cells of this edition. */
  readonly edition?: string;
}

/** Cells of both sides, and how they belong together. */
export interface Pairing {
  readonly pairs: readonly {
    readonly pair: CellPair;
    readonly left: ReportCell;
    readonly right: ReportCell;
  }[];
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Whether the two sides are an edition each, and not the same. */
  readonly acrossEditions: boolean;
}

/** How cells are paired. */
export interface PairOptions {
  /** Only cells of the same edition belong together, whatever editions the sides have. */
  readonly sameEditions?: boolean;
}

/** The cells of a side. */
export function cellsOf({ report, edition }: Selection): ReportCell[] {
  return report.cells.filter((cell) => edition === undefined || cell.edition === edition);
}

/** The editions of a side, in the order of its cells. */
export function editionsOf(side: Selection): string[] {
  return [...new Set(cellsOf(side).map(({ edition }) => edition))];
}

/**
 * Put cells that ask for the same opposite each other, in the order of the left side. Their edition
 * counts, unless each side has one only, another than the other: then it is what is compared.
 */
export function pairCells(
  left: Selection,
  right: Selection,
  { sameEditions = false }: PairOptions = {},
): Pairing {
  const [before, after] = [editionsOf(left), editionsOf(right)];
  const acrossEditions =
    !sameEditions && before.length === 1 && after.length === 1 && before[0] !== after[0];
  const keyOf = (cell: ReportCell): string =>
    JSON.stringify([
      acrossEditions ? null : cell.edition,
      Object.entries(cell.set).sort(([a], [b]) => byCodeUnit(a, b)),
    ]);
  const others = new Map(cellsOf(right).map((cell) => [keyOf(cell), cell]));
  const removed: string[] = [];
  const pairs: Pairing['pairs'][number][] = [];
  for (const cell of cellsOf(left)) {
    const key = keyOf(cell);
    const other = others.get(key);
    others.delete(key);
    if (other) pairs.push({ pair: pairOf(cell, other, acrossEditions), left: cell, right: other });
    else removed.push(cell.id);
  }
  return { pairs, removed, added: [...others.values()].map(({ id }) => id), acrossEditions };
}

function pairOf(left: ReportCell, right: ReportCell, acrossEditions: boolean): CellPair {
  return {
    key: acrossEditions ? keyOfSet(left.set) : left.id,
    left: left.id,
    right: right.id,
    kernels: left.kernel !== null && right.kernel !== null,
    settings: acrossEditions ? { ...left.set } : { edition: left.edition, ...left.set },
  };
}

function keyOfSet(set: Readonly<Record<string, string>>): string {
  const entries = Object.entries(set);
  return entries.length === 0 ? 'defaults' : cellId('', entries).slice(1);
}
