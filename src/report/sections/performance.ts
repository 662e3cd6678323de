import { type Block, code, heading, type Line, paragraph, table } from '../document.ts';
import { failureSentence } from '../failure-document.ts';
import type { Comparison, PerformanceRow, Report } from '../model.ts';
import { ratioText } from '../ratio-text.ts';
import { count, grouped, percent } from '../words.ts';

/** Throughput and latency per workload, and the comparisons along one axis that hold. */
export function performanceSection(report: Report): Block[] {
  const { performance, outcomes } = report;
  if (performance.length === 0 && outcomes.length === 0) return [];
  const workloads = [...new Set([...performance, ...outcomes].map((row) => row.workload))];
  return [
    ...outcomeBlocks(report),
    heading(2, 'Performance'),
    paragraph(
      { strong: 'Modelled, not measured.' },
      ` Simulated time, cost profile ${report.profile}, seed ${report.seed}. `,
      'Throughput is the median over the runs with its spread, (max - min) / median.',
    ),
    ...workloads.flatMap((workload) => workloadTables(report, workload)),
  ];
}

function workloadTables(report: Report, workload: string): Block[] {
  const rows = report.performance.filter((row) => row.workload === workload);
  const cpus = [...new Set(rows.map((row) => row.cpus))].sort((a, b) => a - b);
  const runs = [...new Set(rows.map((row) => row.runs))].sort((a, b) => a - b).join(', ');
  const unit = unitOf(rows);
  const failed = report.outcomes.filter((row) => row.workload === workload);
  if (rows.length === 0) {
    return [heading(3, 'Workload ', code(workload)), paragraph('No kernel completed it.')];
  }
  const figures = (text: (row: PerformanceRow) => string): Block =>
    table(
      [
        { title: 'Kernel' },
        ...cpus.map((n) => ({ title: count(n, 'CPU'), align: 'right' as const })),
      ],
      report.kernels.map(({ id }) => [
        [code(id)],
        ...cpus.map((n): Line => {
          const row = rows.find((found) => found.kernel === id && found.cpus === n);
          const word = failed.find((found) => found.kernel === id)?.outcome.kind;
          return [row ? text(row) : (word ?? '')];
        }),
      ]),
    );
  return [
    heading(3, 'Workload ', code(workload)),
    paragraph(`${unit.name} per second and spread; runs per figure: ${runs}.`),
    figures(
      (row) => `${grouped(Math.round(row.ops_per_second / unit.size))} ±${percent(row.spread)}`,
    ),
    paragraph('Latency of one operation in nanoseconds, p50 / p99.'),
    figures((row) => `${grouped(Math.round(row.p50_ns))} / ${grouped(Math.round(row.p99_ns))}`),
    ...comparisonTable(
      report.comparisons.filter((comparison) => comparison.workload === workload),
      cpus,
    ),
  ];
}

/** What happened to the workloads that have no figures on some kernel. */
function outcomeBlocks({ outcomes }: Report): Block[] {
  if (outcomes.length === 0) return [];
  return [
    heading(2, 'Workloads that did not complete'),
    table(
      [
        { title: 'Workload' },
        { title: 'Kernel' },
        { title: 'Outcome' },
        { title: 'What happened', prose: true },
      ],
      outcomes.map(({ workload, kernel, outcome }) => [
        [code(workload)],
        [code(kernel)],
        [outcome.kind],
        [failureSentence(outcome)],
      ]),
    ),
  ];
}

/** Thousands wherever that leaves three digits: the rest is below what the model can claim to know. */
function unitOf(rows: readonly PerformanceRow[]): { readonly name: string; readonly size: number } {
  return rows.every((row) => row.ops_per_second >= 100_000)
    ? { name: 'Thousands of operations', size: 1000 }
    : { name: 'Operations', size: 1 };
}

function comparisonTable(comparisons: readonly Comparison[], cpus: readonly number[]): Block[] {
  if (comparisons.length === 0) return [];
  const pairs = Map.groupBy(comparisons, ({ left, right }) => JSON.stringify([left, right]));
  const telling = [...pairs.values()].filter((own) => own.some(isDifference));
  const rest = pairs.size - telling.length;
  const silent = paragraph(
    `${count(rest, 'pair')} of neighbouring kernels show no difference beyond the spread.`,
  );
  if (telling.length === 0) return [silent];
  return [
    paragraph(
      'Throughput of the second kernel over the first, where they differ by one axis and by more ',
      'than the spread at some CPU count; in brackets the least and greatest ratio of the runs, ',
      'where they differ in the digits shown.',
    ),
    table(
      [
        { title: 'First -> second' },
        ...cpus.map((n) => ({ title: count(n, 'CPU'), align: 'right' as const })),
      ],
      telling.map((own) => [
        pairName(own[0]),
        ...cpus.map((n): Line => {
          const found = own.find((comparison) => comparison.cpus === n);
          return [found ? ratioText(found) : ''];
        }),
      ]),
    ),
    ...(rest > 0 ? [silent] : []),
  ];
}

function isDifference({ verdict }: Comparison): boolean {
  return verdict === 'faster' || verdict === 'slower';
}

/** The left kernel and what changes on the right: `v7.0:64BIT=y,SMP=y -> SMP=n`. */
function pairName(comparison: Comparison | undefined): Line {
  if (!comparison) return [];
  const { axis, left, right } = comparison;
  const value =
    axis === 'edition'
      ? right.slice(0, right.indexOf(':'))
      : right
          .slice(right.indexOf(':') + 1)
          .split(',')
          .find((part) => part.startsWith(`${axis}=`));
  return [code(left), ' -> ', code(value ?? right)];
}
