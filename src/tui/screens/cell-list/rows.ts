import type { Report, ReportCell } from '../../../report/index.ts';
import type { Row } from '../../state/row.ts';
import { type SortValue, sortBy } from '../../state/sort.ts';
import { type Segment, seg } from '../../text/line.ts';
import { short } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';
import { spark } from '../../widgets/spark.ts';
import {
  failureOf,
  figuresOf,
  hitsOf,
  LOCK_ORDER,
  lockState,
  optionText,
  stateSegment,
  workloadsOf,
} from '../cell-facts.ts';
import { type ScreenTable, searchText } from '../table.ts';
import { alsoSet, columnSymbols, matrixColumns } from './columns.ts';
import { cellDetail } from './detail.ts';

/** What the list of cells depends on besides the report. */
export interface MatrixView {
  readonly sort: number;
  readonly descending: boolean;
  readonly workload: number;
  readonly marks: readonly string[];
}

/** Orders the list can be in; the first is the matrix's own. */
export const MATRIX_SORTS = [
  'matrix',
  'edition',
  'VMA lock',
  'fallbacks',
  'ops/s',
  'kernel',
] as const;

/** The cells of a matrix as rows. */
export function matrixTable(report: Report, view: MatrixView, glyphs: Glyphs): ScreenTable {
  const workload = workloadsOf(report)[view.workload] ?? '';
  const symbols = columnSymbols(report);
  const also = report.cells.some((cell) => alsoSet(report, cell) !== '');
  const context = { report, glyphs, view, workload, symbols, also, ...scaleOf(report, workload) };
  const ordered = orderCells(report, view, workload);
  return {
    columns: matrixColumns(report, symbols, also),
    rows: ordered.map((cell) => cellRow(cell, context)),
  };
}

interface Context {
  readonly report: Report;
  readonly glyphs: Glyphs;
  readonly view: MatrixView;
  readonly workload: string;
  /** Options with a column of their own. */
  readonly symbols: readonly string[];
  /** Whether there is a column for what cells set beyond their axes. */
  readonly also: boolean;
  /** CPU counts measured anywhere: sparks of all rows have the same columns. */
  readonly cpus: readonly number[];
  /** Greatest figure anywhere: sparks of all rows have the same height. */
  readonly top: number;
}

function scaleOf(report: Report, workload: string): Pick<Context, 'cpus' | 'top'> {
  const rows = report.performance.filter((row) => row.workload === workload);
  return {
    cpus: [...new Set(rows.map(({ cpus }) => cpus))].sort((a, b) => a - b),
    top: Math.max(0, ...rows.map((row) => row.ops_per_second)),
  };
}

function cellRow(cell: ReportCell, context: Context): Row {
  const { report, glyphs, view, workload } = context;
  const lock = lockState(report, cell);
  const axes = report.axes
    .filter((axis) => axis !== 'edition')
    .map((axis) => cell.axes[axis] ?? '');
  const values = context.symbols.map((symbol) => {
    const found = cell.options.find((option) => option.symbol === symbol);
    return found ? optionText(found.value, glyphs) : '';
  });
  const why = cell.lock?.why ?? cell.refusals.map(({ reason }) => reason).join(' ');
  const kernel = kernelLabel(report, cell, glyphs);
  return {
    key: cell.id,
    cells: [
      markSegment(view.marks.indexOf(cell.id)),
      seg(cell.edition),
      ...axes.map((value) => seg(value)),
      ...(context.also ? [seg(alsoSet(report, cell))] : []),
      stateSegment(lock, glyphs),
      seg(numberText(hitsOf(report, cell.kernel, workload))),
      rateSegment(cell, context),
      sparkSegment(cell, context),
      seg(kernel, 'muted'),
      ...values.map((value) => seg(value)),
      seg(why, 'muted'),
    ],
    search: searchText(cell.id, lock, why, ...cell.options.map((o) => `${o.symbol}=${o.value}`)),
    detail: () => cellDetail(report, cell, glyphs),
  };
}

/** Left and right side of the comparison to come. */
function markSegment(place: number): Segment {
  return place < 0 ? seg(' ') : seg(String(place + 1), 'accent');
}

/** Throughput at the greatest CPU count, or the word for why there is none. */
function rateSegment(cell: ReportCell, { report, workload }: Context): Segment {
  const failure = failureOf(report, cell.kernel, workload);
  if (failure) return seg(failure.kind, 'bad');
  return seg(numberText(figuresOf(report, cell.kernel, workload).at(-1)?.ops_per_second ?? null));
}

function sparkSegment(cell: ReportCell, { report, glyphs, workload, cpus, top }: Context): Segment {
  const figures = figuresOf(report, cell.kernel, workload);
  const values = cpus.map((n) => figures.find((row) => row.cpus === n)?.ops_per_second ?? null);
  return seg(spark(values, top, glyphs.spark), 'series0');
}

/** Kernels are numbered, so that cells that are the same kernel are seen to be. */
function kernelLabel(report: Report, cell: ReportCell, glyphs: Glyphs): string {
  const index = report.kernels.findIndex(({ id }) => id === cell.kernel);
  if (index < 0) return glyphs.minus;
  return `${cell.sameAs === null ? '' : glyphs.same}${index + 1}`;
}

function numberText(value: number | null): string {
  return value === null ? '' : short(value);
}

function orderCells(report: Report, view: MatrixView, workload: string): readonly ReportCell[] {
  const value = sortValue(report, view.sort, workload);
  if (!value) return view.descending ? [...report.cells].reverse() : report.cells;
  return sortBy(report.cells, value, view.descending);
}

function sortValue(
  report: Report,
  sort: number,
  workload: string,
): ((cell: ReportCell) => SortValue) | null {
  switch (MATRIX_SORTS[sort]) {
    case 'edition':
      // The matrix's order of editions is that of time; their names are not.
      return (cell) => report.cells.findIndex(({ edition }) => edition === cell.edition);
    case 'VMA lock':
      return (cell) => LOCK_ORDER.indexOf(lockState(report, cell));
    case 'fallbacks':
      return (cell) => hitsOf(report, cell.kernel, workload);
    case 'ops/s':
      return (cell) => figuresOf(report, cell.kernel, workload).at(-1)?.ops_per_second ?? null;
    case 'kernel':
      return (cell) => {
        const index = report.kernels.findIndex(({ id }) => id === cell.kernel);
        return index < 0 ? null : index;
      };
    default:
      return null;
  }
}
