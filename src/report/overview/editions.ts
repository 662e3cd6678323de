import type { Diff } from '../diff/model.ts';
import { pairCells, type Selection } from '../diff/pair-cells.ts';
import type { Report, ReportCell } from '../model.ts';

/** Cells of two editions that ask for the same; `null` where an edition has none that does. */
export interface EditionPair {
  readonly left: ReportCell | null;
  readonly right: ReportCell | null;
}

/** The cells of two editions opposite each other: the left ones in order, then what only the right one has. */
export function pairEditions(report: Report, left: string, right: string): EditionPair[] {
  const side = (edition: string): Selection => ({ report, source: report.matrixFile, edition });
  const { pairs, added } = pairCells(side(left), side(right));
  const twins = new Map(pairs.map((pair) => [pair.left, pair.right]));
  const rest = new Set(added);
  return [
    ...report.cells
      .filter(({ edition }) => edition === left)
      .map((cell) => ({ left: cell, right: twins.get(cell) ?? null })),
    ...report.cells.filter(({ id }) => rest.has(id)).map((cell) => ({ left: null, right: cell })),
  ];
}

/** How much differs in each layer of a comparison. */
export interface DiffCounts {
  readonly options: number;
  readonly surface: number;
  readonly fallbacks: number;
  readonly sizes: number;
  readonly counters: number;
  readonly faster: number;
  readonly slower: number;
  readonly outcomes: number;
  readonly verdicts: number;
}

/** The differences of a comparison, counted by layer. */
export function diffCountsOf(diff: Diff): DiffCounts {
  const { functions, counters, names } = diff.surface;
  const verdict = (word: string): number =>
    diff.performance.filter((row) => row.verdict === word).length;
  return {
    options: diff.options.length,
    surface: functions.length + counters.length + names.length,
    fallbacks: diff.fallbacks.length,
    sizes: diff.sizes.length,
    counters: diff.counters.length,
    faster: verdict('faster'),
    slower: verdict('slower'),
    outcomes: diff.outcomes.length,
    verdicts: diff.verdicts.length,
  };
}
