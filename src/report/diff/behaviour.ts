import type { FallbackEntry, PerformanceRow, WorkloadRow } from '../model.ts';
import { compareFigures } from '../ratio.ts';
import type { CountDiff, FallbackDiff, HitDiff, OutcomeDiff, PerformanceDiff } from './model.ts';
import type { SideKernel } from './side.ts';
import { union } from './union.ts';

/** Fallback sites whose state or hits differ. */
export function diffFallbacks(left: SideKernel, right: SideKernel): FallbackDiff[] {
  const rows = union(left.report.fallbacks, right.report.fallbacks, (row) => row.site);
  return rows.flatMap(({ key: site, left: x, right: y }) => {
    const before = x?.kernels[left.id] ?? null;
    const after = y?.kernels[right.id] ?? null;
    const hits = hitDiffs(before, after);
    if (before?.taken === after?.taken && hits.length === 0) return [];
    const caller = (after ?? before)?.caller ?? '';
    return [{ site, caller, left: before?.taken ?? null, right: after?.taken ?? null, hits }];
  });
}

/** A site one side lacks was hit never there; a workload one side did not run is no difference. */
function hitDiffs(left: FallbackEntry | null, right: FallbackEntry | null): HitDiff[] {
  const a = Object.entries(left?.hits ?? {});
  const b = Object.entries(right?.hits ?? {});
  return union(a, b, ([workload]) => workload).flatMap(({ key: workload, left: x, right: y }) => {
    const notRun = (left && !x) || (right && !y);
    if (notRun || (x?.[1] ?? 0) === (y?.[1] ?? 0)) return [];
    return [{ workload, left: x?.[1] ?? null, right: y?.[1] ?? null }];
  });
}

/** Counts that differ in workloads both kernels ran. */
export function diffCounts(left: SideKernel, right: SideKernel): CountDiff[] {
  return sharedRows(left, right).flatMap(([a, b]) =>
    union(countsOf(a), countsOf(b), ({ group, name }) => `${group} ${name}`).flatMap(
      ({ left: x, right: y }) => {
        const own = x ?? y;
        if (!own || x?.value === y?.value) return [];
        const { group, name } = own;
        const values = { left: x?.value ?? null, right: y?.value ?? null };
        return [{ workload: a.workload, group, name, ...values }];
      },
    ),
  );
}

/** Workloads that failed on either side, where both ends are not the same. */
export function diffOutcomes(left: SideKernel, right: SideKernel): OutcomeDiff[] {
  const rows = union([...endsOf(left)], [...endsOf(right)], ([workload]) => workload);
  return rows.flatMap(({ key: workload, left: x, right: y }) => {
    const a = x?.[1] ?? null;
    const b = y?.[1] ?? null;
    const bothRan = (a ?? 'completed') === 'completed' && (b ?? 'completed') === 'completed';
    return a === b || bothRan ? [] : [{ workload, left: a, right: b }];
  });
}

function endsOf({ report, id }: SideKernel): Map<string, NonNullable<OutcomeDiff['left']>> {
  const completed = report.workloads.filter((row) => row.kernel === id);
  const failed = report.outcomes.filter((row) => row.kernel === id);
  return new Map([
    ...completed.map((row) => [row.workload, 'completed'] as const),
    ...failed.map((row) => [row.workload, row.outcome.kind] as const),
  ]);
}

/** Throughput that differs by more than the spread, in workloads and CPU counts both kernels ran. */
export function diffPerformance(left: SideKernel, right: SideKernel): PerformanceDiff[] {
  const rows = right.report.performance.filter((row) => row.kernel === right.id);
  return left.report.performance.flatMap((a) => {
    if (a.kernel !== left.id) return [];
    const b = rows.find((row) => row.workload === a.workload && row.cpus === a.cpus);
    const ratio = b && compareFigures(a, b);
    if (!ratio || (ratio.verdict !== 'faster' && ratio.verdict !== 'slower')) return [];
    return [
      { workload: a.workload, cpus: a.cpus, left: figureOf(a), right: figureOf(b), ...ratio },
    ];
  });
}

/** Rows of the workloads that ran on both kernels. */
export function sharedRows(left: SideKernel, right: SideKernel): [WorkloadRow, WorkloadRow][] {
  const rows = workloadRowsOf(right);
  return workloadRowsOf(left).flatMap((a) => {
    const b = rows.find((row) => row.workload === a.workload);
    return b ? [[a, b] as [WorkloadRow, WorkloadRow]] : [];
  });
}

/** Rows of the workloads that ran on a kernel. */
export function workloadRowsOf({ report, id }: SideKernel): WorkloadRow[] {
  return report.workloads.filter((row) => row.kernel === id);
}

interface Count {
  readonly group: CountDiff['group'];
  readonly name: string;
  readonly value: number;
}

function countsOf(row: WorkloadRow): Count[] {
  const named = (group: Count['group'], counts: Readonly<Record<string, number>>): Count[] =>
    Object.entries(counts).map(([name, value]) => ({ group, name, value }));
  return [
    ...named('vmstat', row.counters),
    ...named('mmap_lock', row.mmap_lock),
    { group: 'vma_lock', name: 'vma_write_locks', value: row.vma_write_locks },
  ];
}

function figureOf(row: PerformanceRow): PerformanceDiff['left'] {
  const { ops_per_second, p50_ns, p99_ns, spread, runs, min, max } = row;
  return { ops_per_second, p50_ns, p99_ns, spread, runs, min, max };
}
