import {
  type FallbackDiff,
  type OutcomeDiff,
  type PerformanceDiff,
  type Report,
  takenText,
} from '../../../report/index.ts';
import type { DetailLine } from '../../state/row.ts';
import { count, duration, grouped, short } from '../../text/number.ts';
import type { Entry } from './entry.ts';
import type { Comparison } from './table.ts';

/** Callers that fall back to mmap_lock in either kernel. */
export function fallbackEntries({ report, diff, left, right, glyphs }: Comparison): Entry[] {
  const differing = diff.fallbacks.map(
    (change): Entry => ({
      key: change.site,
      name: change.site,
      left: takenText(change.left),
      right: takenText(change.right),
      remark: change.hits
        .map(
          (hit) => `${hit.workload} ${numberText(hit.left)}${glyphs.arrow}${numberText(hit.right)}`,
        )
        .join(', '),
      differs: true,
      tone: change.right === 'always' ? 'bad' : change.right === 'sometimes' ? 'warn' : 'good',
      detail: () => fallbackDetail(report, change, right ?? left, glyphs.arrow),
    }),
  );
  const named = new Set(diff.fallbacks.map(({ site }) => site));
  if (report === null || left === null || right === null) return differing;
  const same = report.fallbacks.flatMap(({ site, kernels }): Entry[] => {
    const entry = kernels[left];
    if (named.has(site) || !entry) return [];
    return [
      {
        key: site,
        name: site,
        left: takenText(entry.taken),
        right: takenText(entry.taken),
        remark: '',
        differs: false,
        detail: () => [
          { label: site, text: `${takenText(entry.taken)} on both sides` },
          { label: 'tries', text: entry.tries },
          { label: 'falls back', text: entry.trigger },
          { label: 'then', text: entry.fallback },
        ],
      },
    ];
  });
  return [...differing, ...same];
}

function fallbackDetail(
  report: Report | null,
  change: FallbackDiff,
  kernel: string | null,
  arrow: string,
): DetailLine[] {
  const row = report?.fallbacks.find(({ site }) => site === change.site);
  const entry = (kernel && row?.kernels[kernel]) || Object.values(row?.kernels ?? {}).find(Boolean);
  return [
    {
      label: 'fallback',
      text: `${takenText(change.left)} ${arrow} ${takenText(change.right)}`,
      tone: 'strong',
    },
    { label: 'caller', text: entry ? `${entry.caller} in ${entry.file}` : change.caller },
    ...(entry
      ? [
          { label: 'tries', text: entry.tries },
          { label: 'falls back', text: entry.trigger },
          { label: 'then', text: entry.fallback },
        ]
      : []),
    ...change.hits.map((hit, index) => ({
      label: index === 0 ? 'hits' : '',
      text: `${hit.workload}: ${numberText(hit.left)} ${arrow} ${numberText(hit.right)}`,
    })),
  ];
}

/** Counts of shared workloads that differ; equal ones are found in the report of either cell. */
export function counterEntries({ diff, glyphs }: Comparison): Entry[] {
  return diff.counters.map(({ workload, group, name, left, right }) => ({
    key: `${workload} ${group} ${name}`,
    name: `${group === 'mmap_lock' ? 'mmap_lock ' : ''}${name} (${workload})`,
    left: numberText(left),
    right: numberText(right),
    remark: '',
    differs: true,
    detail: () => [
      {
        label: name,
        text: `${numberText(left)} ${glyphs.arrow} ${numberText(right)}`,
        tone: 'strong',
      },
      { label: 'workload', text: workload },
      { label: 'counted by', text: GROUPS[group] },
    ],
  }));
}

const GROUPS = {
  vmstat: '/proc/vmstat',
  mmap_lock: 'mmap_lock, as taken in the model',
  vma_lock: 'VMA write locks, as taken in the model',
} as const;

/** Throughput of shared workloads; only a difference beyond the spread is called one. */
export function performanceEntries({ report, diff, left, right, glyphs }: Comparison): Entry[] {
  const differing = diff.performance.map(
    (change): Entry => ({
      key: `${change.workload} ${change.cpus}`,
      name: `${change.workload} on ${count(change.cpus, 'CPU')}`,
      left: short(change.left.ops_per_second),
      right: `${short(change.right.ops_per_second)}  x${change.ratio.toFixed(2)} ${change.verdict}`,
      remark: `x${change.interval[0].toFixed(2)} to x${change.interval[1].toFixed(2)}`,
      differs: true,
      tone: change.verdict === 'faster' ? 'good' : 'bad',
      detail: () => performanceDetail(change, glyphs.arrow),
    }),
  );
  const ends = diff.outcomes.map(outcomeEntry);
  const named = new Set(differing.map(({ key }) => key));
  if (report === null || left === null || left === right) return [...ends, ...differing];
  const same = report.performance.flatMap((row): Entry[] => {
    const key = `${row.workload} ${row.cpus}`;
    const other = report.performance.find(
      (candidate) =>
        candidate.kernel === right && `${candidate.workload} ${candidate.cpus}` === key,
    );
    if (row.kernel !== left || named.has(key) || !other) return [];
    const single = row.runs < 2 || other.runs < 2;
    const remark = single ? 'single run' : 'within spread';
    return [
      {
        key,
        name: `${row.workload} on ${count(row.cpus, 'CPU')}`,
        left: short(row.ops_per_second),
        right: `${short(other.ops_per_second)}  ${remark}`,
        remark: '',
        differs: false,
        detail: () => [
          { label: 'left', text: `${short(row.min)} to ${short(row.max)} ops/s` },
          { label: 'right', text: `${short(other.min)} to ${short(other.max)} ops/s` },
          { label: 'verdict', text: `${remark}: not called a difference` },
        ],
      },
    ];
  });
  return [...ends, ...differing, ...same];
}

/** A workload that did not complete on some side. */
function outcomeEntry({ workload, left, right }: OutcomeDiff): Entry {
  const text = { left: left ?? 'not run', right: right ?? 'not run' };
  return {
    key: `${workload} outcome`,
    name: workload,
    ...text,
    remark: '',
    differs: true,
    tone: right === 'completed' ? 'good' : 'bad',
    detail: () => [
      { label: 'left', text: text.left },
      { label: 'right', text: text.right },
    ],
  };
}

function performanceDetail(change: PerformanceDiff, arrow: string): DetailLine[] {
  const { workload, cpus, left, right, ratio, interval, verdict } = change;
  return [
    {
      label: 'throughput',
      text: `${short(left.ops_per_second)} ${arrow} ${short(right.ops_per_second)} ops/s: ${verdict}, x${ratio.toFixed(2)} (${interval[0].toFixed(2)} to ${interval[1].toFixed(2)})`,
      tone: 'strong',
    },
    { label: 'workload', text: `${workload} on ${count(cpus, 'CPU')}` },
    { label: 'left', text: `${short(left.min)} to ${short(left.max)} ops/s in ${left.runs} runs` },
    {
      label: 'right',
      text: `${short(right.min)} to ${short(right.max)} ops/s in ${right.runs} runs`,
    },
    { label: 'p50', text: `${duration(left.p50_ns)} ${arrow} ${duration(right.p50_ns)}` },
    { label: 'p99', text: `${duration(left.p99_ns)} ${arrow} ${duration(right.p99_ns)}` },
  ];
}

function numberText(value: number | null): string {
  return value === null ? 'not counted' : grouped(value);
}
