import {
  type Comparison,
  failureSentence,
  type OutcomeRow,
  type PerformanceRow,
  type Report,
  type ReportCell,
} from '../../../report/index.ts';
import type { DetailLine, Row } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import { count, duration, grouped, percent, short } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';
import type { PlotSeries } from '../../widgets/plot.ts';
import { basisOf, cellOf, workloadsOf } from '../cell-facts.ts';
import { type ScreenTable, searchText } from '../table.ts';
import { lockLines } from './lock-lines.ts';
import type { LocksOf } from './tabs.ts';

/** What the plot can show. */
export const METRICS = [
  { title: 'ops/s', field: 'ops_per_second', text: short },
  { title: 'p50', field: 'p50_ns', text: duration },
  { title: 'p99', field: 'p99_ns', text: duration },
  { title: 'p50 to p99', field: 'p50_ns', text: duration },
] as const;

/** Throughput and latency by workload and CPU count, each with its spread. */
export function performanceTab(
  report: Report,
  cell: ReportCell,
  _glyphs?: Glyphs,
  locks: LocksOf = () => [],
): ScreenTable {
  return {
    columns: [
      { title: 'workload', shrink: 10 },
      { title: 'CPUs', align: 'right' },
      { title: 'ops/s', align: 'right' },
      { title: 'spread', align: 'right' },
      { title: 'p50', align: 'right' },
      { title: 'p99', align: 'right' },
      { title: 'runs', align: 'right', drop: 1 },
      { title: 'least ops/s', align: 'right', drop: 2 },
      { title: 'most ops/s', align: 'right', drop: 3 },
    ],
    rows: [
      ...rowsOf(report, cell).map((row) => performanceRow(report, cell, row, locks)),
      ...report.outcomes.filter((row) => row.kernel === cell.kernel).map(failureRow),
    ],
  };
}

/**
 * One series per workload of the cell, or of one workload one per cell: this one and the marked ones, so
 * that they can be compared. Bands are the range of the runs, or what lies between the percentiles.
 */
export function performanceSeries(
  report: Report,
  cell: ReportCell,
  { metric, workload, marks }: PlotWanted,
): PlotSeries[] {
  if (workload === null) {
    return workloadsOf(report).flatMap((name) => seriesOf(report, cell, name, name, metric));
  }
  const others = marks.flatMap((id) => (id === cell.id ? [] : (cellOf(report, id) ?? [])));
  return [cell, ...others]
    .slice(0, MOST_SERIES)
    .flatMap((one) => seriesOf(report, one, workload, one.id, metric));
}

/** What is to be plotted. */
export interface PlotWanted {
  /** Index of the metric. */
  readonly metric: number;
  /** The one workload; `null` for all. */
  readonly workload: string | null;
  /** Cells to compare with. */
  readonly marks: readonly string[];
}

/** A plot of more lines is not read. */
const MOST_SERIES = 4;

function seriesOf(
  report: Report,
  { kernel }: ReportCell,
  workload: string,
  name: string,
  metric: number,
): PlotSeries[] {
  const { field, title } = METRICS[metric] ?? METRICS[0];
  const points = report.performance
    .filter((row) => row.kernel === kernel && row.workload === workload)
    .map((row) => ({
      x: row.cpus,
      y: row[field],
      ...(field === 'ops_per_second' && { low: row.min, high: row.max }),
      ...(title === 'p50 to p99' && { low: row.p50_ns, high: row.p99_ns }),
    }));
  return points.length > 0 ? [{ name, points }] : [];
}

/** The workload a row of the tab belongs to. */
export function workloadOfRow(key: string): string {
  return key.slice(0, key.lastIndexOf(' '));
}

function rowsOf(report: Report, cell: ReportCell): PerformanceRow[] {
  return report.performance.filter((row) => row.kernel === cell.kernel);
}

function performanceRow(
  report: Report,
  cell: ReportCell,
  row: PerformanceRow,
  locks: LocksOf,
): Row {
  return {
    key: `${row.workload} ${row.cpus}`,
    title: `${row.workload} on ${count(row.cpus, 'CPU')}`,
    cells: [
      seg(row.workload),
      seg(String(row.cpus)),
      seg(short(row.ops_per_second)),
      seg(spreadText(row)),
      seg(duration(row.p50_ns)),
      seg(duration(row.p99_ns)),
      seg(String(row.runs)),
      seg(short(row.min)),
      seg(short(row.max)),
    ],
    search: searchText(row.workload, `${row.cpus} cpus`),
    detail: () => [
      ...performanceDetail(report, cell, row),
      ...countLines(report, row),
      ...lockLines(locks(cell.kernel, row.workload), row.cpus),
      { label: 'basis', text: basisOf(report, 'performance').statement },
    ],
  };
}

/** A workload without figures: the word stands where the throughput would. */
function failureRow({ workload, outcome }: OutcomeRow): Row {
  return {
    key: `${workload} ${outcome.cpus}`,
    title: `${workload} on ${count(outcome.cpus, 'CPU')}`,
    cells: [
      seg(workload),
      seg(String(outcome.cpus)),
      seg(outcome.kind, 'bad'),
      ...Array.from({ length: 6 }, () => seg('')),
    ],
    search: searchText(workload, outcome.kind),
    detail: () => [{ label: outcome.kind, text: failureSentence(outcome), tone: 'bad' }],
  };
}

/** A single run has no spread; 0.0% would claim one. */
function spreadText({ spread, runs }: PerformanceRow): string {
  return runs < 2 ? '' : percent(spread);
}

function performanceDetail(report: Report, cell: ReportCell, row: PerformanceRow): DetailLine[] {
  const runs =
    row.runs < 2
      ? 'single run'
      : `median of ${row.runs} runs from ${short(row.min)} to ${short(row.max)}, spread ${percent(row.spread)}`;
  const against = report.comparisons.filter(
    ({ left, right, workload, cpus }) =>
      workload === row.workload &&
      cpus === row.cpus &&
      (left === cell.kernel || right === cell.kernel),
  );
  return [
    { label: 'throughput', text: `${short(row.ops_per_second)} ops/s, ${runs}` },
    { label: 'latency', text: `p50 ${duration(row.p50_ns)}, p99 ${duration(row.p99_ns)}` },
    ...against.map((comparison, index) => ({
      label: index === 0 ? 'compared' : '',
      text: comparisonText(comparison),
    })),
  ];
}

/** What the workload counted, in its first run at its first CPU count. */
function countLines(report: Report, { workload, kernel }: PerformanceRow): DetailLine[] {
  const found = report.workloads.find((row) => row.workload === workload && row.kernel === kernel);
  if (!found) return [];
  const text = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .map(([name, value]) => `${name} ${grouped(value)}`)
      .join(', ');
  return [
    { label: 'counters', text: text(found.counters) },
    { label: 'mmap_lock', text: text(found.mmap_lock) },
    { label: 'VMA write locks', text: grouped(found.vma_write_locks) },
  ];
}

function comparisonText({ axis, left, right, ratio, interval, verdict }: Comparison): string {
  const [low, high] = interval;
  const range = verdict === 'single run' ? '' : ` (${low.toFixed(2)} to ${high.toFixed(2)})`;
  return `${axis}: ${right} against ${left}: x${ratio.toFixed(2)}${range}, ${verdict}`;
}
