/** Figures of simulations, and what they hang on: every cost of their profiles changed, simulated in worker threads and kept. */
import {
  type Answer,
  type CostProfile,
  type Draw,
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
  readonly tasks: readonly Omit<CellTask, 'profile' | 'seed'>[];
  readonly profile: CostProfile;
  readonly seed: number;
  /** @param performances  of the tasks, in their order */
  readonly of: (performances: readonly Performance[]) => number;
}

/** How headlines are worked out. */
export interface HeadlineOptions {
  readonly jobs?: number | undefined;
  readonly cache?: MeasurementCache | undefined;
  readonly signal?: AbortSignal | undefined;
  /** So many simulations are done of those that may be needed; the fewer the headlines go by themselves, the fewer are. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** What the simulations of each headline gave, in the order of its tasks. */
export async function performancesOf(
  headlines: readonly Headline[],
  options: HeadlineOptions,
): Promise<readonly (readonly Performance[])[]> {
  const wanted = headlines.map(({ tasks, ...draw }) => tasks.map((task) => drawn(task, draw)));
  const results = await new Simulations(options).all(wanted.flat());
  let next = 0;
  return wanted.map((tasks) => tasks.map(() => (results[next++] as Result).performance));
}

/**
 * Each headline with each cost of its profile 30% less and more, and with all at once. All are asked side by side, so that a simulation
 * which several need is made once, and no thread waits for the last of one headline to begin with the next.
 *
 * @throws {RangeError} when a simulation does not complete
 */
export async function headlineSensitivities(
  headlines: readonly Headline[],
  options: HeadlineOptions = {},
): Promise<readonly Sensitivity[]> {
  const simulations = new Simulations(options);
  const asking = headlines.map(({ profile, seed }) => sensitivity(profile, seed));
  let steps = asking.map((one) => one.next());
  for (;;) {
    const rounds = steps.map((step) => (step.done ? { draws: [], later: 0 } : step.value));
    if (steps.every((step) => step.done)) break;
    const wanted = rounds.map(({ draws }, i) => {
      const { tasks } = headlines[i] as Headline;
      return draws.map((draw) => tasks.map((task) => drawn(task, draw)));
    });
    const later = rounds.map((round, i) => round.later * (headlines[i] as Headline).tasks.length);
    const results = await simulations.all(
      wanted.flat(2),
      later.reduce((a, b) => a + b, 0),
    );
    let next = 0;
    const answers = wanted.map((draws, i) =>
      draws.map((tasks): Answer => {
        const own = tasks.map(() => results[next++] as Result);
        return {
          headline: (headlines[i] as Headline).of(own.map((result) => result.performance)),
          run: own.map((result) => result.run).join(),
        };
      }),
    );
    steps = steps.map((step, i) =>
      step.done ? step : (asking[i] as (typeof asking)[number]).next(answers[i] ?? []),
    );
  }
  return steps.flatMap((step) => (step.done ? [step.value] : []));
}

function drawn(task: Headline['tasks'][number], { profile, seed }: Draw): CellTask {
  return { ...task, profile, seed };
}

/** What is kept of a simulation. */
interface Result {
  readonly performance: Performance;
  /** Of all that was measured. */
  readonly run: string;
}

/** Simulations of one command: each is made once, and none that an earlier command has made. */
class Simulations {
  readonly #options: HeadlineOptions;
  readonly #results = new Map<string, Result>();
  readonly #contents = new Map<string, string>();
  #wanted = 0;

  constructor(options: HeadlineOptions) {
    this.#options = options;
  }

  /** @param later  how many more there may be after these */
  async all(wanted: readonly CellTask[], later = 0): Promise<readonly Result[]> {
    const { jobs, cache, signal, onProgress } = this.#options;
    const keys = wanted.map((task) => this.#keyOf(task));
    const open = new Map<string, CellTask>();
    const before = this.#wanted;
    for (const [i, key] of keys.entries()) {
      if (this.#results.has(key) || open.has(key)) continue;
      this.#wanted++;
      const kept = cache?.get(key);
      if (kept) this.#results.set(key, resultOf(kept));
      else open.set(key, wanted[i] as CellTask);
    }
    const progress = () => onProgress?.(this.#results.size, this.#wanted + later);
    if (this.#wanted > before) progress();
    const entries = [...open];
    await simulateAll(
      entries.map(([, task]) => task),
      {
        ...(jobs !== undefined && { jobs }),
        ...(signal && { signal }),
        onMeasured: (index, measurement) => {
          const [key] = entries[index] as (typeof entries)[number];
          this.#results.set(key, resultOf(measurement));
          cache?.put(key, measurement);
          progress();
        },
      },
    );
    return keys.map((key) => this.#results.get(key) as Result);
  }

  #keyOf(task: CellTask): string {
    const { workload } = task;
    const content =
      this.#contents.get(workload) ?? workloadContent(kernelStage.loadWorkload(workload));
    this.#contents.set(workload, content);
    return cacheKey([buildId(), { ...task, workload: content }]);
  }
}

function resultOf(measurement: Measurement): Result {
  const [performance] = measurement.performance;
  const { workload, edition, outcome } = measurement;
  if (outcome.kind !== 'completed' || performance === undefined) {
    throw new RangeError(`${workload} on ${edition} did not complete`);
  }
  return { performance, run: cacheKey(measurement) };
}
