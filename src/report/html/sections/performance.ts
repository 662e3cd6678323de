import { failureSentence } from '../../failure-document.ts';
import type { PerformanceRow, Report } from '../../model.ts';
import { ratioText } from '../../ratio-text.ts';
import { axesLabel, count, grouped, percent } from '../../words.ts';
import type { Context } from '../context.ts';
import { el, type Html } from '../html.ts';
import { lineLegend, linePlot, type Series } from '../plot/lines.ts';
import { KINDS } from '../plot/marks.ts';
import { basisNote, fold, section } from '../section.ts';
import { htmlTable } from '../table.ts';
import { MEASURES, type Measure } from './measures.ts';

/** Throughput against CPUs per workload as plots, every figure as a table, and the comparisons that hold. */
export function performanceHtml(context: Context, report: Report): Html[] {
  const { performance, outcomes } = report;
  if (performance.length === 0 && outcomes.length === 0) return [];
  const workloads = [...new Set(performance.map(({ workload }) => workload))];
  return [
    section(
      context,
      'Performance',
      basisNote(report, 'performance'),
      outcomes.length > 0 && outcomeTable(report),
      workloads.map((workload) => workloadHtml(context, report, workload)),
    ),
  ];
}

function outcomeTable({ outcomes }: Report): Html {
  return htmlTable({
    caption: 'Workloads that did not complete',
    columns: [
      { title: 'Workload' },
      { title: 'Kernel' },
      { title: 'Outcome' },
      { title: 'What happened' },
    ],
    rows: outcomes.map(({ workload, kernel, outcome }) => ({
      cells: [
        el('code', {}, workload),
        el('code', {}, kernel),
        outcome.kind,
        failureSentence(outcome),
      ],
    })),
  });
}

function workloadHtml(context: Context, report: Report, workload: string): Html {
  const rows = report.performance.filter((row) => row.workload === workload);
  const runs = [...new Set(rows.map((row) => row.runs))].sort((a, b) => a - b);
  const id = context.ids.of('part', workload);
  return el(
    'section',
    { id, 'aria-labelledby': `${id}:h` },
    el('h3', { id: `${id}:h` }, 'Workload ', el('code', {}, workload)),
    el(
      'p',
      {},
      'One plot per edition, those of a row with the same scale. ' +
        `Runs per figure: ${runs.join(', ')}; cost profile ${report.profile}, seed ${report.seed}.`,
    ),
    MEASURES.filter((measure) => rows.some((row) => measure.points(row).length > 0)).map(
      (measure) => [
        el('p', {}, el('strong', {}, measure.name), `: ${measure.says}`),
        plotsHtml(context, report, rows, measure),
      ],
    ),
    fold(`Every figure of ${workload} as a table`, figureTable(rows, workload)),
    comparisonHtml(report, workload),
  );
}

function plotsHtml(
  { ids }: Context,
  { kernels }: Report,
  rows: readonly PerformanceRow[],
  measure: Measure,
): Html {
  const workload = rows[0]?.workload ?? '';
  const points = rows.flatMap(measure.points);
  const xs = [...new Set(points.map(({ x }) => x))].sort((a, b) => a - b);
  return el(
    'div',
    { class: 'plots' },
    [...Map.groupBy(kernels, ({ edition }) => edition)].map(([edition, own]) => {
      const series = own.flatMap(({ id }) => seriesOf(rows, id, measure));
      const shown = series.slice(0, KINDS);
      if (shown.length === 0) return undefined;
      return el(
        'figure',
        {},
        el(
          'figcaption',
          {},
          measure.name,
          ' of ',
          el('code', {}, workload),
          ' on ',
          el('code', {}, edition),
        ),
        linePlot({
          id: ids.of('plot', workload, edition, measure.name),
          title: `${measure.name} of ${workload} ${measure.against} on ${edition}`,
          description: shown.map((line) => seriesText(line, measure)).join('; '),
          xTitle: measure.xTitle,
          yTitle: measure.unit,
          xs,
          ...(measure.xScale && { xScale: measure.xScale }),
          greatest: Math.max(...points.map(({ high }) => high)),
          ...(measure.logarithmic && { least: Math.min(...points.map(({ low }) => low)) }),
          series: shown,
        }),
        lineLegend(shown),
        series.length > KINDS &&
          el('p', {}, `${series.length - KINDS} further kernels are in the table alone.`),
      );
    }),
  );
}

/** The line of a kernel, if it has one. */
function seriesOf(rows: readonly PerformanceRow[], kernel: string, measure: Measure): Series[] {
  const own = rows.filter((row) => row.kernel === kernel).sort((a, b) => a.cpus - b.cpus);
  const shown = measure.widest ? own.slice(-1) : own;
  const points = shown.flatMap(measure.points);
  const at = measure.widest && shown[0] ? `, ${count(shown[0].cpus, 'CPU')}` : '';
  return points.length === 0 ? [] : [{ name: `${axesLabel(kernel)}${at}`, points }];
}

function seriesText({ name, points }: Series, { unit, xText }: Measure): string {
  return `${name}: ${points.map(({ x, y }) => `${grouped(Math.round(y))} ${unit} ${xText(x)}`).join(', ')}`;
}

function figureTable(rows: readonly PerformanceRow[], workload: string): Html {
  const whole = (value: number): string => grouped(Math.round(value));
  return htmlTable({
    caption: `${workload}: throughput and latency`,
    columns: [
      { title: 'Kernel' },
      { title: 'CPUs', numeric: true },
      { title: 'Median (ops/s)', numeric: true },
      { title: 'Least (ops/s)', numeric: true },
      { title: 'Greatest (ops/s)', numeric: true },
      { title: 'Spread', numeric: true },
      { title: 'Runs', numeric: true },
      { title: 'p50 (ns)', numeric: true },
      { title: 'p99 (ns)', numeric: true },
    ],
    rows: rows.map((row) => ({
      cells: [
        el('code', {}, row.kernel),
        row.cpus,
        whole(row.ops_per_second),
        whole(row.min),
        whole(row.max),
        `±${percent(row.spread)}`,
        row.runs,
        whole(row.p50_ns),
        whole(row.p99_ns),
      ],
    })),
  });
}

function comparisonHtml({ comparisons }: Report, workload: string): Html[] {
  const own = comparisons.filter((comparison) => comparison.workload === workload);
  const differ = own.filter(({ verdict }) => verdict === 'faster' || verdict === 'slower');
  if (own.length === 0) return [];
  const sentence = el(
    'p',
    {},
    `${count(differ.length, 'difference')} beyond the spread among ${count(own.length, 'comparison')} of kernels that differ by one axis.`,
  );
  if (differ.length === 0) return [sentence];
  return [
    sentence,
    fold(
      `Differences of ${workload} beyond the spread`,
      htmlTable({
        caption: `${workload}: throughput of the second kernel over the first, with the least and greatest ratio of the runs`,
        columns: [
          { title: 'First' },
          { title: 'Second' },
          { title: 'Axis' },
          { title: 'CPUs', numeric: true },
          { title: 'Ratio', numeric: true },
          { title: 'Verdict' },
        ],
        rows: differ.map((comparison) => ({
          cells: [
            el('code', {}, comparison.left),
            el('code', {}, comparison.right),
            comparison.axis,
            comparison.cpus,
            ratioText(comparison),
            comparison.verdict,
          ],
        })),
      }),
    ),
  ];
}
