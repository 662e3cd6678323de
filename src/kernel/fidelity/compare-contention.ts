/** Failure rates of the lock attempt, measured and modelled side by side. */
import type { Kernel } from '../model/index.ts';
import { type Emulation, runExperiment, WRITER_KINDS } from './contention.ts';
import type { MeasuredRun } from './measured-contention.ts';

/** Faults of each thread in the model of an experiment: rates, not sums, are compared. */
const MODELLED_FAULTS = 8192;

/** Experiments that differ in their number of runs only, together. */
export interface ContentionRow {
  readonly kind: string;
  readonly region: string;
  readonly faulters: number;
  readonly writers: number;
  readonly spin: number;
  /** Measured faults and runs, and the least and greatest of their rates. */
  readonly faults: number;
  readonly runs: number;
  readonly least: number;
  readonly greatest: number;
  /** Failures for each fault over all measured runs, and in the model. */
  readonly measured: number;
  readonly modelled: number;
}

/** One row for each experiment that was measured, modelled once. */
export function compareContention(
  kernel: Kernel,
  measured: readonly MeasuredRun[],
  emulation: Emulation,
): ContentionRow[] {
  const groups = Map.groupBy(
    measured.filter((r) => WRITER_KINDS.includes(r.kind)),
    (r) => [r.kind, r.region, r.faulters, r.writers, r.spin].join(' '),
  );
  return [...groups.values()].map((runs) => {
    const first = runs[0] as MeasuredRun;
    const { kind, region, faulters, writers, spin } = first;
    const faults = runs.reduce((n, r) => n + r.faults, 0);
    const rates = runs.map((r) => (r.failed + r.missed) / r.faults);
    const shorter = { ...first, faults: Math.min(first.faults, MODELLED_FAULTS * faulters) };
    const model = runExperiment(kernel, shorter, emulation);
    return {
      kind,
      region,
      faulters,
      writers,
      spin,
      faults,
      runs: runs.length,
      least: Math.min(...rates),
      greatest: Math.max(...rates),
      measured: runs.reduce((n, r) => n + r.failed + r.missed, 0) / faults,
      modelled: model.failed / model.faults,
    };
  });
}
