import type { Report, ReportCell } from '../model.ts';
import type { ApiCounts, CellFigures } from './figures.ts';
import { LOCK_PRESENCES, type LockPresence } from './lock-state.ts';

/** Least and greatest of some figures. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** What can be said of several cells together. */
export interface CellTotals {
  readonly cells: number;
  /** Distinct kernels they instantiate. */
  readonly kernels: number;
  /** Cells by the state of the per-VMA lock. */
  readonly locks: Readonly<Record<LockPresence, number>>;
  /** Ranges over the accepted cells; `null` where none is. */
  readonly apis: Readonly<Record<keyof ApiCounts, Range>> | null;
  /** Range of fallback hits under one workload. */
  readonly hits: Range | null;
  /** Range of throughput at the greatest CPU count of each cell under one workload. */
  readonly ops: Range | null;
}

/** Cells that have one value on an axis. */
export interface CellGroup {
  readonly axis: string;
  readonly value: string;
  readonly cells: readonly ReportCell[];
}

/** What cells may be grouped by: the edition, the options of the matrix, the state of the lock. */
export function groupAxes({ axes }: Pick<Report, 'axes'>): string[] {
  return ['edition', ...axes.filter((axis) => axis !== 'edition'), LOCK_AXIS];
}

/** The axis that is none of the matrix: what became of the lock. */
export const LOCK_AXIS = 'VMA lock';

/** The cells by their values on an axis, groups in the order of their first cells. */
export function groupCells(
  cells: readonly ReportCell[],
  axis: string,
  figures: ReadonlyMap<string, CellFigures>,
): CellGroup[] {
  const groups = Map.groupBy(cells, (cell) => valueOn(cell, axis, figures));
  return [...groups].map(([value, own]) => ({ axis, value, cells: own }));
}

/** A cell's value on an axis; an option the cell does not ask for is left to its default. */
export function valueOn(
  cell: ReportCell,
  axis: string,
  figures: ReadonlyMap<string, CellFigures>,
): string {
  if (axis === 'edition') return cell.edition;
  if (axis === LOCK_AXIS) return figures.get(cell.id)?.lock ?? '';
  return cell.axes[axis] ?? cell.set[axis] ?? 'default';
}

/** The totals of some cells; figures of time and hits are those of one workload. */
export function cellTotals(
  cells: readonly ReportCell[],
  figures: ReadonlyMap<string, CellFigures>,
  workload: string,
): CellTotals {
  const own = cells.flatMap(({ id }) => figures.get(id) ?? []);
  const apis = own.flatMap((cell) => cell.apis ?? []);
  const api = (state: keyof ApiCounts): Range => rangeOf(apis.map((counts) => counts[state]))!;
  return {
    cells: cells.length,
    kernels: new Set(cells.flatMap(({ kernel }) => kernel ?? [])).size,
    locks: Object.fromEntries(
      LOCK_PRESENCES.map((state) => [state, own.filter(({ lock }) => lock === state).length]),
    ) as Record<LockPresence, number>,
    apis:
      apis.length === 0 ? null : { real: api('real'), stub: api('stub'), absent: api('absent') },
    hits: rangeOf(own.flatMap(({ hits }) => hits.get(workload) ?? [])),
    ops: rangeOf(
      own.flatMap(({ performance }) => performance.get(workload)?.at(-1)?.ops_per_second ?? []),
    ),
  };
}

function rangeOf(values: readonly number[]): Range | null {
  if (values.length === 0) return null;
  return {
    least: values.reduce((a, b) => Math.min(a, b)),
    most: values.reduce((a, b) => Math.max(a, b)),
  };
}
