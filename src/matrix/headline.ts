/** A figure of simulations, and what it hangs on: every cost of its profile changed, simulated in worker threads and kept. */
import {
  type CostProfile,
  type Measurement,
  type Performance,
  type Sensitivity,
  sensitivity,
} from '../kernel/index.ts';
import { buildId } from './build-id.ts';
import { cacheKey, type MeasurementCache } from './cache.ts';
import type { CellTask } from './cell-task.ts';
import { kernelStage } from './kernel-stage.ts';
import { simulateAll } from './pool.ts';
import { workloadContent } from './workload-content.ts';

/** A figure made of what simulations give at their one CPU count. */
export interface Headline {
  readonly tasks: readonly Omit<CellTask, 'profile'>[];
  readonly profile: CostProfile;
  /** @param performances  of the tasks, in their order */
  readonly of: (performances: readonly Performance[]) => number;
}

/** How headlines are worked out. */
export interface HeadlineOptions {
  readonly jobs?: number | undefined;
  readonly cache?: MeasurementCache | undefined;
  readonly signal?: AbortSignal | undefined;
  /** So many simulations are done of those that are planned now; more are planned when some are done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What the simulations of a headline gave, in the order of its tasks. */
export async function performancesOf(
  headline: Headline,
  options: HeadlineOptions,
): Promise<readonly Performance[]> {
  const [performances = []] = await simulated(headline, [headline.profile], options);
  return performances;
}

/**
 * The headline with each cost of its profile 30% less and more, and with all at once.
 *
 * @throws {RangeError} when a simulation does not complete
 */
export function headlineSensitivity(
  headline: Headline,
  options: HeadlineOptions = {},
): Promise<Sensitivity> {
  let done = 0;
  return sensitivity(headline.profile, async (profiles) => {
    const all = await simulated(headline, profiles, {
      ...options,
      onProgress: (now, total) => options.onProgress?.(done + now, done + total),
    });
    done += profiles.length * headline.tasks.length;
    return all.map(headline.of);
  });
}

/** What the tasks of a headline give under each profile. */
async function simulated(
  { tasks }: Headline,
  profiles: readonly CostProfile[],
  { jobs, cache, signal, onProgress }: HeadlineOptions,
): Promise<readonly (readonly Performance[])[]> {
  const wanted = profiles.flatMap((profile) =>
    tasks.map((task): CellTask => ({ ...task, profile })),
  );
  const contents = new Map(
    tasks.map(({ workload }) => [workload, workloadContent(kernelStage.loadWorkload(workload))]),
  );
  const found = new Map<CellTask, Measurement>();
  const keyOf = (task: CellTask) =>
    cacheKey([buildId(), { ...task, workload: contents.get(task.workload) }]);
  for (const task of cache ? wanted : []) {
    const kept = cache?.get(keyOf(task));
    if (kept) found.set(task, kept);
  }
  const open = wanted.filter((task) => !found.has(task));
  onProgress?.(found.size, wanted.length);
  await simulateAll(open, {
    ...(jobs !== undefined && { jobs }),
    ...(signal && { signal }),
    onMeasured: (index, measurement) => {
      const task = open[index] as CellTask;
      found.set(task, measurement);
      if (measurement.outcome.kind === 'completed') cache?.put(keyOf(task), measurement);
      onProgress?.(found.size, wanted.length);
    },
  });
  const performanceOf = (task: CellTask): Performance => {
    const [performance] = found.get(task)?.performance ?? [];
    if (performance !== undefined) return performance;
    throw new RangeError(`${task.workload} on ${task.edition} did not complete`);
  };
  return profiles.map((_, i) =>
    wanted.slice(i * tasks.length, (i + 1) * tasks.length).map(performanceOf),
  );
}
