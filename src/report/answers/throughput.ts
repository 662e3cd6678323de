import type { Comparison, PerformanceRow, Report } from '../model.ts';
import { compareFigures } from '../ratio.ts';
import { ratioText } from '../ratio-text.ts';
import { axesLabel, count } from '../words.ts';
import type { Pair } from './pairs.ts';

/** Throughput with the series over that without, for each workload, configuration and number of CPUs both were run at. */
export function seriesComparisons(
  { performance }: Report,
  pairs: readonly Pair[],
): Omit<Comparison, 'axis'>[] {
  const byKernel = Map.groupBy(performance, ({ kernel }) => kernel);
  return pairs.flatMap((pair) =>
    (byKernel.get(pair.without.kernel) ?? []).flatMap((a) => {
      const b = byKernel.get(pair.with.kernel)?.find((row) => isSame(row, a));
      const ratio = b && compareFigures(a, b);
      if (!ratio) return [];
      const { workload, cpus } = a;
      return [{ left: pair.without.kernel, right: pair.with.kernel, workload, cpus, ...ratio }];
    }),
  );
}

function isSame(a: PerformanceRow, b: PerformanceRow): boolean {
  return a.workload === b.workload && a.cpus === b.cpus;
}

/** Per workload: in how many places it is faster or slower beyond the spread, and the extremes. */
export function throughputSentences(comparisons: readonly Omit<Comparison, 'axis'>[]): string[] {
  return [...Map.groupBy(comparisons, ({ workload }) => workload)].map(([workload, own]) => {
    const sorted = own.toSorted((a, b) => a.ratio - b.ratio);
    const [least, most] = [sorted[0], sorted.at(-1)];
    const n = (verdict: Comparison['verdict']): number =>
      own.filter((found) => found.verdict === verdict).length;
    const extremes =
      least && most && least !== most
        ? `; from ${placed(least)} to ${placed(most)}`
        : least
          ? `; ${placed(least)}`
          : '';
    return `Throughput of ${workload}, with the series over without: of ${count(own.length, 'comparison')}, ${n('faster')} faster, ${n('slower')} slower, ${n('within spread')} within the spread${n('single run') > 0 ? `, ${n('single run')} of single runs` : ''}${extremes}.`;
  });
}

/** The difference nearest to none: by how much the runs would have to move for it to be none. */
export function throughputThresholds(comparisons: readonly Omit<Comparison, 'axis'>[]): string[] {
  return [...Map.groupBy(comparisons, ({ workload }) => workload)].flatMap(([workload, own]) => {
    const differ = own
      .filter(({ verdict }) => verdict === 'faster' || verdict === 'slower')
      .map((comparison) => ({ comparison, margin: marginOf(comparison) }))
      .sort((a, b) => a.margin - b.margin);
    const [nearest] = differ;
    if (!nearest) return [];
    return [
      `Throughput, ${workload}: the difference nearest to none is ${placed(nearest.comparison)}; it is none any more when one side moves by ${(nearest.margin * 100).toFixed(1)}%.`,
    ];
  });
}

/** How far the nearer end of the interval is from one. */
function marginOf({ interval: [least, most] }: Omit<Comparison, 'axis'>): number {
  return Math.max(0, least > 1 ? least - 1 : 1 - most);
}

function placed(comparison: Omit<Comparison, 'axis'>): string {
  return `${ratioText({ ...comparison, verdict: 'faster' })} on ${axesLabel(comparison.right)} with ${count(comparison.cpus, 'CPU')}`;
}
