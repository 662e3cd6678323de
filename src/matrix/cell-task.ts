import type { CostProfile, EditionParts } from '../kernel/index.ts';
import type { KernelStage, Runs, StageEdition, StageKernel } from './stage.ts';
import type { PricedMeasurement } from './types.ts';

/** One kernel, one workload: what is simulated as a unit, kept in the cache, and handed to a worker. */
export interface CellTask {
  readonly edition: string;
  /** What the kernel has otherwise than its edition. */
  readonly parts?: Partial<EditionParts>;
  /** The options the kernel looked at; the same kernel can be instantiated from these alone. */
  readonly relevant: Readonly<Record<string, string>>;
  /** Name of a shipped workload or a path. */
  readonly workload: string;
  readonly cpus: readonly number[];
  readonly runs: number;
  readonly seed: number;
  /** Name or path of a cost profile, or one made up. */
  readonly profile?: string | CostProfile;
  /** Also say what prices one operation pays. */
  readonly pays?: boolean;
}

/** A function that simulates tasks; kernels and workloads are made once each. */
export function taskRunner<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
): (task: CellTask, onProgress?: (runs: Runs) => void) => PricedMeasurement {
  const workloads = new Map<string, W>();
  // One kernel is enough: tasks come ordered by kernel, and a kernel is large.
  let last: { key: string; kernel: K } | undefined;
  return (task, onProgress) => {
    const key = JSON.stringify([task.edition, task.parts, task.relevant]);
    if (last?.key !== key) {
      const edition = stage.editions.find((e) => e.name === task.edition);
      if (!edition) throw new Error(`the kernel stage has no edition ${task.edition}`);
      const config = { get: (name: string) => task.relevant[name] ?? '' };
      last = { key, kernel: stage.instantiate(edition, config, task.parts) };
    }
    let workload = workloads.get(task.workload);
    if (workload === undefined) {
      workload = stage.loadWorkload(task.workload);
      workloads.set(task.workload, workload);
    }
    const { cpus, runs, seed, profile, pays } = task;
    return stage.simulate(last.kernel, workload, {
      cpus,
      runs,
      seed,
      ...(profile !== undefined && { profile }),
      ...(pays && { pays }),
      ...(onProgress && { onProgress }),
    });
  };
}
