import { allBut, completed, type KernelCell } from './kernels.ts';
import type { Comparison, OutcomeRow, PerformanceRow, ReportCell, WorkloadRow } from './model.ts';
import { compareFigures } from './ratio.ts';

/** Counts of each workload on each kernel. */
export function workloadRows(kernels: readonly KernelCell[]): WorkloadRow[] {
  return kernels.flatMap(({ kernel, cell }) =>
    cell.measurements.filter(completed).map((measurement) => ({
      workload: measurement.workload,
      kernel: kernel.id,
      profile: measurement.profile,
      seed: measurement.seed,
      counters: { ...measurement.counters },
      mmap_lock: {
        read_acquired: measurement.mmap_lock.read_acquired,
        write_acquired: measurement.mmap_lock.write_acquired,
        read_failed: measurement.mmap_lock.read_failed,
        write_failed: measurement.mmap_lock.write_failed,
      },
      vma_write_locks: measurement.vma_write_locks,
    })),
  );
}

/** Workloads that did not complete, and how they ended. */
export function outcomeRows(kernels: readonly KernelCell[]): OutcomeRow[] {
  return kernels.flatMap(({ kernel, cell }) =>
    cell.measurements.flatMap(({ workload, outcome }) =>
      outcome.kind === 'completed' ? [] : [{ workload, kernel: kernel.id, outcome }],
    ),
  );
}

/** One row per workload, kernel and CPU count. */
export function performanceRows(kernels: readonly KernelCell[]): PerformanceRow[] {
  return kernels.flatMap(({ kernel, cell }) =>
    cell.measurements.flatMap(({ workload, performance }) =>
      performance.map((figure) => ({
        workload,
        kernel: kernel.id,
        cpus: figure.cpus,
        ops_per_second: figure.ops_per_second,
        p50_ns: figure.p50_ns,
        p99_ns: figure.p99_ns,
        spread: figure.spread,
        runs: figure.runs,
        min: figure.min,
        max: figure.max,
        ...(figure.latency && { latency: figure.latency }),
      })),
    ),
  );
}

/**
 * Compare cells that differ by exactly one axis and stand next to each other on it.
 *
 * One axis at a time is what lets a difference be put down to an option; comparing every cell with
 * every other would bury that under pairs nobody asks about.
 */
export function comparisons(
  axes: readonly string[],
  cells: readonly ReportCell[],
  rows: readonly PerformanceRow[],
): Comparison[] {
  const found = new Map<string, Comparison>();
  const byKernel = Map.groupBy(rows, ({ kernel }) => kernel);
  for (const { axis, left, right } of neighbours(axes, cells)) {
    for (const a of byKernel.get(left) ?? []) {
      const b = byKernel
        .get(right)
        ?.find((row) => row.workload === a.workload && row.cpus === a.cpus);
      const ratio = b && compareFigures(a, b);
      if (!ratio) continue;
      const key = JSON.stringify([left, right, a.workload, a.cpus]);
      if (found.has(key)) continue;
      found.set(key, { axis, left, right, workload: a.workload, cpus: a.cpus, ...ratio });
    }
  }
  return [...found.values()];
}

interface Pair {
  readonly axis: string;
  readonly left: string;
  readonly right: string;
}

function* neighbours(axes: readonly string[], cells: readonly ReportCell[]): Generator<Pair> {
  for (const axis of axes) {
    const order = [...new Set(cells.map((cell) => valueOn(cell, axis)))];
    const after = new Map(order.map((value, i) => [value, order[i + 1]]));
    const byRest = Map.groupBy(cells, (cell) => allBut(axis, cell));
    for (const cell of cells) {
      const next = after.get(valueOn(cell, axis));
      if (next === undefined || !cell.kernel) continue;
      const other = byRest
        .get(allBut(axis, cell))
        ?.find((candidate) => valueOn(candidate, axis) === next);
      if (!other?.kernel) continue;
      if (cell.kernel !== other.kernel) yield { axis, left: cell.kernel, right: other.kernel };
    }
  }
}

function valueOn(cell: ReportCell, axis: string): string | undefined {
  return axis === 'edition' ? cell.edition : cell.set[axis];
}
