import {
  type CellTotals,
  LOCK_PRESENCES,
  type Range,
  type Report,
  type ReportCell,
} from '../../../report/index.ts';
import type { SortValue } from '../../state/sort.ts';
import { type Segment, seg } from '../../text/line.ts';
import { short } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';
import { spark } from '../../widgets/spark.ts';
import type { Column } from '../../widgets/table.ts';
import { optionText, stateSegment } from '../cell-facts.ts';
import { assignments } from './detail.ts';
import { axesOf, type ListedCell } from './listed.ts';

/** What the columns of a list of cells depend on. */
export interface ColumnContext {
  readonly report: Report;
  readonly cells: readonly ListedCell[];
  readonly glyphs: Glyphs;
  /** The workload whose figures are shown. */
  readonly workload: string;
}

/** A column: how a cell reads in it, by what it sorts, and what stands there for a group of cells. */
export interface CellColumn {
  readonly column: Column;
  readonly cell: (cell: ListedCell) => Segment;
  readonly sort?: (cell: ListedCell) => SortValue;
  readonly total?: (totals: CellTotals) => Segment;
}

/** Columns of the list of cells. What tells cells apart stays longest when the terminal is narrow. */
export function cellColumns(context: ColumnContext): CellColumn[] {
  const { report, cells, glyphs } = context;
  const options = optionColumns(context);
  return [
    // The numbers of marked cells are put there later.
    { column: { title: '' }, cell: () => seg(' ') },
    ...axisColumns(context),
    ...alsoColumn(context),
    ...progressColumn(cells),
    {
      column: { title: 'VMA lock' },
      cell: ({ figures, state }) =>
        figures ? stateSegment(figures.lock, glyphs) : seg(state, 'muted'),
      sort: ({ figures }) => (figures ? LOCK_PRESENCES.indexOf(figures.lock) : null),
      total: ({ locks, cells: all }) => seg(`${locks.present} of ${all}`),
    },
    {
      column: { title: 'real/stub/none', drop: 5 },
      cell: ({ figures }) => {
        const counts = figures?.apis;
        return seg(counts ? `${counts.real}/${counts.stub}/${counts.absent}` : '');
      },
      sort: ({ figures }) => figures?.apis?.real ?? null,
      total: ({ apis }) =>
        seg(apis ? [apis.real, apis.stub, apis.absent].map(rangeText).join('/') : ''),
    },
    {
      column: { title: 'fallback', align: 'right', drop: 3 },
      cell: ({ figures }) => seg(numberText(figures?.hits.get(context.workload))),
      sort: ({ figures }) => figures?.hits.get(context.workload) ?? null,
      total: ({ hits }) => seg(hits ? rangeText(hits) : ''),
    },
    ...throughputColumns(context),
    ...verdictColumn(context),
    {
      column: { title: 'kernel', align: 'right', drop: 7 },
      cell: ({ cell }) => seg(kernelLabel(report, cell, glyphs), 'muted'),
      sort: ({ cell }) => kernelIndex(report, cell),
      total: ({ kernels }) => seg(String(kernels), 'muted'),
    },
    ...options,
    {
      column: { title: 'why', shrink: 24, drop: 1000 },
      cell: ({ cell }) => seg(cell ? whyOf(cell) : '', 'muted'),
      sort: ({ cell }) => (cell ? whyOf(cell) : null),
    },
  ];
}

/** Why a cell has or lacks the lock, or was refused. */
export function whyOf({ lock, refusals }: ReportCell): string {
  return lock?.why ?? refusals.map(({ reason }) => reason).join(' ');
}

function axisColumns({ report, cells }: ColumnContext): CellColumn[] {
  const editions = [...new Set(cells.map(({ edition }) => edition))];
  return [
    {
      column: { title: 'edition' },
      cell: ({ edition }) => seg(edition),
      // The matrix's order of editions is that of time; their names are not.
      sort: ({ edition }) => editions.indexOf(edition),
    },
    ...axesOf(report, cells)
      .filter((axis) => axis !== 'edition')
      .map(
        (title): CellColumn => ({
          column: { title },
          cell: ({ axes }) => seg(axes[title] ?? ''),
          sort: ({ axes }) => axes[title] ?? null,
        }),
      ),
  ];
}

/** What cells ask for beyond their axes: without it, cells the matrix file adds look like others. */
function alsoColumn({ report, cells }: ColumnContext): CellColumn[] {
  const axes = axesOf(report, cells);
  const also = ({ set }: ListedCell): string =>
    assignments(Object.fromEntries(Object.entries(set).filter(([name]) => !axes.includes(name))));
  if (cells.every((cell) => also(cell) === '')) return [];
  return [
    {
      column: { title: 'also set', shrink: 12, max: 26, drop: 4, cut: 'middle' },
      cell: (cell) => seg(also(cell)),
      sort: also,
    },
  ];
}

/** How far each cell is, as long as one is not there whole. */
function progressColumn(cells: readonly ListedCell[]): CellColumn[] {
  if (cells.every(({ state }) => state === 'done' || state === 'rejected')) return [];
  const share = ({ runs }: ListedCell): number =>
    runs && runs.total > 0 ? runs.done / runs.total : 0;
  return [
    {
      column: { title: 'progress' },
      cell: (cell) => {
        const { state, secondsLeft } = cell;
        if (state !== 'running') {
          return seg(state, state === 'unfinished' ? 'warn' : 'muted');
        }
        const left = secondsLeft === null ? '' : ` ${Math.ceil(secondsLeft)} s`;
        return seg(`${Math.floor(100 * share(cell))}%${left}`, 'accent');
      },
      sort: (cell) => (cell.state === 'rejected' ? null : share(cell)),
    },
  ];
}

function throughputColumns({ report, cells, glyphs, workload }: ColumnContext): CellColumn[] {
  const rows = report.performance.filter((row) => row.workload === workload);
  // Sparks of all rows have the same columns and the same height.
  const cpus = [...new Set(rows.map((row) => row.cpus))].sort((a, b) => a - b);
  const top = rows.reduce((most, row) => Math.max(most, row.ops_per_second), 0);
  const last = ({ figures }: ListedCell): number | null =>
    figures?.performance.get(workload)?.at(-1)?.ops_per_second ?? null;
  const failed = cells.some(({ figures }) => figures?.failures.has(workload));
  return [
    {
      column: { title: 'ops/s', align: 'right', drop: 1, ...(failed && { max: 11 }) },
      cell: (cell) => {
        const failure = cell.figures?.failures.get(workload);
        return failure ? seg(failure.kind, 'bad') : seg(numberText(last(cell)));
      },
      sort: last,
      total: ({ ops }) => seg(ops ? rangeText(ops) : ''),
    },
    {
      column: { title: 'CPUs', drop: 2 },
      cell: ({ figures }) => {
        const own = figures?.performance.get(workload) ?? [];
        const values = cpus.map((n) => own.find((row) => row.cpus === n)?.ops_per_second ?? null);
        return seg(spark(values, top, glyphs.spark), 'series0');
      },
    },
  ];
}

/** What the model checker says of the cell's edition, where it was asked. */
function verdictColumn({ report }: ColumnContext): CellColumn[] {
  if (report.verification.length === 0) return [];
  return [
    {
      column: { title: 'verdicts', drop: 6 },
      cell: ({ figures }) => {
        const counts = figures?.verdicts;
        if (!counts) return seg('');
        const { holds, violated, undecided } = counts;
        const open = undecided > 0 ? ` ${undecided} open` : '';
        return seg(
          `${holds} hold ${violated} not${open}`,
          violated > 0 ? 'bad' : undecided > 0 ? 'warn' : 'good',
        );
      },
      sort: ({ figures }) => figures?.verdicts?.violated ?? null,
    },
  ];
}

/**
 * The options worth a column: those that differ between cells, are not axes, and do not merely repeat
 * an axis or an option before them.
 */
function optionColumns({ report, glyphs }: ColumnContext): CellColumn[] {
  return columnSymbols(report).map((title, index): CellColumn => {
    const value = ({ cell }: ListedCell): string => {
      const found = cell?.options.find(({ symbol }) => symbol === title);
      return found ? optionText(found.value, glyphs) : '';
    };
    return {
      column: { title, max: 16, drop: 8 + index, cut: 'middle' },
      cell: (cell) => seg(value(cell)),
      sort: value,
    };
  });
}

/** The options of reports that have a column: who wants to know has to look at all cells. */
const symbolsOf = new WeakMap<Report, readonly string[]>();

function columnSymbols(report: Report): readonly string[] {
  let symbols = symbolsOf.get(report);
  if (!symbols) symbolsOf.set(report, (symbols = findSymbols(report)));
  return symbols;
}

function findSymbols(report: Report): string[] {
  const axes = report.axes.map((axis) => signature(report.cells.map((cell) => cell.axes[axis])));
  const seen = new Set(axes);
  const symbols = new Set(report.cells.flatMap(({ options }) => options.map((o) => o.symbol)));
  return [...symbols].filter((symbol) => {
    if (report.axes.includes(symbol)) return false;
    const values = report.cells.map(
      ({ options }) => options.find((option) => option.symbol === symbol)?.value,
    );
    const own = signature(values);
    if (new Set(values).size < 2 || seen.has(own)) return false;
    seen.add(own);
    return true;
  });
}

function signature(values: readonly (string | null | undefined)[]): string {
  return JSON.stringify(values);
}

/** Kernels are numbered, so that cells that are the same kernel are seen to be. */
function kernelLabel(report: Report, cell: ReportCell | null, glyphs: Glyphs): string {
  if (cell === null) return '';
  const index = kernelIndex(report, cell);
  if (index === null) return glyphs.minus;
  return `${cell.sameAs === null ? '' : glyphs.same}${index + 1}`;
}

function kernelIndex({ kernels }: Report, cell: ReportCell | null): number | null {
  const index = kernels.findIndex(({ id }) => id === cell?.kernel);
  return index < 0 ? null : index;
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : short(value);
}

function rangeText({ least, most }: Range): string {
  return least === most ? short(least) : `${short(least)}-${short(most)}`;
}
