import { type Block, bullets, code, heading, type Inline, type Line } from '../document.ts';
import type { Report } from '../model.ts';

/** What was asked: the matrix, its axes and what ran. */
export function askedSection(report: Report): Block[] {
  const workloads = [...new Set(report.workloads.map((row) => row.workload))];
  const cpus = [...new Set(report.performance.map((row) => row.cpus))].sort((a, b) => a - b);
  const sources = [...new Set(report.cells.map((cell) => cell.kconfig))];
  const items: Line[] = [
    ['Matrix: ', code(report.matrixFile)],
    ...report.axes.map((axis): Line => ['Axis ', code(axis), ': ', ...valuesOf(report, axis)]),
    ['Kconfig: ', ...codes(sources)],
    ['Workloads: ', ...(workloads.length > 0 ? codes(workloads) : ['none'])],
    ['CPUs: ', cpus.length > 0 ? cpus.join(', ') : 'none'],
    [
      'Cost profile: ',
      report.profile === '' ? 'none' : code(report.profile),
      `; seed ${report.seed}; ${runsText(report)}`,
    ],
  ];
  return [heading(2, 'What was asked'), bullets(items)];
}

function valuesOf({ cells }: Report, axis: string): Inline[] {
  const values = cells.map((cell) => (axis === 'edition' ? cell.edition : cell.axes[axis]));
  return codes([...new Set(values)].map((value) => value ?? '(not given)'));
}

function codes(texts: readonly string[]): Inline[] {
  return texts.flatMap((text, i) => [i > 0 ? ', ' : '', code(text)]);
}

function runsText({ performance }: Report): string {
  const runs = [...new Set(performance.map((row) => row.runs))].sort((a, b) => a - b);
  return runs.length === 0 ? 'nothing was run' : `runs per figure: ${runs.join(', ')}`;
}
