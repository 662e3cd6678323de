import type { MeasurementCache } from './cache.ts';
import type { CellTask } from './cell-task.ts';
import type { Task } from './open-cell.ts';
import { type PoolOptions, simulateAll } from './pool.ts';
import type { Runs } from './stage.ts';

/** How the tasks of a run are simulated. */
export interface SimulateOptions extends Omit<PoolOptions, 'onMeasured' | 'onRuns'> {
  /** Where measurements are kept for later runs. Default: nowhere. */
  readonly cache?: MeasurementCache;
  /** A task has its measurement. */
  readonly onMeasured: (task: Task) => void;
  /** The simulation of a task has gone on. */
  readonly onRuns?: (task: Task) => void;
}

/** The tasks of a run, and how far they are. Cells of one kernel share them. */
export class Tasks {
  readonly #all: Task[] = [];
  readonly #runs = { done: 0, total: 0 };

  /** A task that is none of these yet. */
  add(task: CellTask): Task {
    const added: Task = { task, runs: { done: 0, total: task.cpus.length * task.runs } };
    this.take(added);
    return added;
  }

  /** A task that comes from the tasks of another thread. */
  take(task: Task): void {
    this.#all.push(task);
    this.#runs.done += task.runs.done;
    this.#runs.total += task.runs.total;
  }

  /** Simulated runs of all of them. */
  get runs(): Runs {
    return { ...this.#runs };
  }

  [Symbol.iterator](): Iterator<Task> {
    return this.#all.values();
  }

  settle(task: Task, measurement: NonNullable<Task['measurement']>): void {
    task.measurement = measurement;
    this.#count(task, { done: task.runs.total, total: task.runs.total });
  }

  /** Simulate what has no measurement yet. Ends as {@link simulateAll} does. */
  async simulate({ cache, onMeasured, onRuns, ...pool }: SimulateOptions): Promise<void> {
    const open = this.#all.filter(({ measurement }) => !measurement);
    await simulateAll(
      open.map(({ task }) => task),
      {
        ...pool,
        onMeasured: (index, measurement) => {
          const task = open[index]!;
          this.settle(task, measurement);
          // Places in a workload are no part of the key, and how it failed tells places.
          const whole = measurement.outcome.kind === 'completed';
          if (whole && task.key !== undefined) cache?.put(task.key, measurement);
          onMeasured(task);
        },
        onRuns: (index, runs) => {
          const task = open[index]!;
          this.#count(task, runs);
          onRuns?.(task);
        },
      },
    );
  }

  #count(task: Task, runs: Runs): void {
    this.#runs.done += runs.done - task.runs.done;
    this.#runs.total += runs.total - task.runs.total;
    task.runs = runs;
  }
}
