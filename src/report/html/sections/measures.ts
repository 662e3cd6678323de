import type { PerformanceRow } from '../../model.ts';
import { count } from '../../words.ts';
import type { LinePlot, Point } from '../plot/lines.ts';

/** What plots of a workload show of its figures. */
export interface Measure {
  readonly name: string;
  readonly says: string;
  readonly against: string;
  readonly unit: string;
  readonly xTitle: string;
  readonly xScale?: LinePlot['xScale'];
  /** A place of the x axis in words, behind a figure. */
  readonly xText: (x: number) => string;
  /** Whether the y axis goes by the logarithm. */
  readonly logarithmic?: boolean;
  /** Whether only the figure at a kernel's greatest number of CPUs is shown. */
  readonly widest?: boolean;
  readonly points: (row: PerformanceRow) => readonly Point[];
}

const AGAINST_CPUS = {
  against: 'against CPUs',
  xTitle: 'CPUs',
  xText: (cpus: number) => `on ${count(cpus, 'CPU')}`,
};

/** A share as it is written: 0.999 is `99.9%`. */
function shareText(share: number): string {
  return `${Number((share * 100).toFixed(3))}%`;
}

/** The plots of a workload, one after the other. */
export const MEASURES: readonly Measure[] = [
  {
    ...AGAINST_CPUS,
    name: 'Throughput',
    says: 'operations per second against CPUs, the median with a band from the least to the greatest run.',
    unit: 'ops/s',
    points: ({ cpus, ops_per_second, min, max }) => [
      { x: cpus, y: ops_per_second, low: min, high: max },
    ],
  },
  {
    ...AGAINST_CPUS,
    name: 'Latency',
    says: 'nanoseconds of one operation against CPUs, half of them within the line (p50) and all but 1% within its band (p99).',
    unit: 'ns',
    points: ({ cpus, p50_ns, p99_ns }) => [{ x: cpus, y: p50_ns, low: p50_ns, high: p99_ns }],
  },
  {
    name: 'Latency distribution',
    says:
      'so large a share of operations took no longer, at the greatest number of CPUs of each kernel: the median with a band from the ' +
      'least to the greatest run. Both axes stretch what is rare.',
    against: 'by share of operations',
    unit: 'ns',
    xTitle: 'share of operations that took no longer',
    xScale: { place: (share) => -Math.log10(1 - share), label: shareText },
    xText: (share) => `or less for ${shareText(share)}`,
    logarithmic: true,
    widest: true,
    points: ({ latency = [] }) =>
      latency.map(({ share, ns, min, max }) => ({ x: share, y: ns, low: min, high: max })),
  },
];
