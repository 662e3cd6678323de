import { type Diagnostic, InputError, inThreads } from '../input/index.ts';
import type { Measurement } from '../kernel/index.ts';
import type { CellTask } from './cell-task.ts';
import type { Runs } from './stage.ts';

/** What a worker says of a task: how far it is, and in the end the answer. */
export type PoolReply =
  | { readonly runs: Runs }
  | { readonly measurement: Measurement }
  | { readonly diagnostics: readonly Diagnostic[] }
  | { readonly failure: string };

/** How tasks are spread over threads. */
export interface PoolOptions {
  /** Worker threads at most. Default: the CPUs this process may use. */
  readonly jobs?: number;
  /** The module a worker runs. Default: the one with the real kernel stage. */
  readonly worker?: URL;
  readonly signal?: AbortSignal;
  /** Called for each task when its measurement is there, in the order they finish. */
  readonly onMeasured: (index: number, measurement: Measurement) => void;
  /** Called now and then while a task is simulated. */
  readonly onRuns?: (index: number, runs: Runs) => void;
}

/** Beside this module, with its own ending: TypeScript in the source tree, JavaScript when compiled. */
export const CELL_WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './cell.worker.ts' : './cell.worker.js',
  import.meta.url,
);

/** MiB for new objects of a thread that runs or simulates: most die at once, and it takes no longer than with all V8 allows. */
export const YOUNG_MB = 6;

/**
 * Simulate all tasks in worker threads. Rejects with the signal's reason when aborted and with the first error
 * otherwise; no thread is left running either way.
 */
export function simulateAll(tasks: readonly CellTask[], options: PoolOptions): Promise<void> {
  const { jobs, signal, worker = CELL_WORKER, onMeasured, onRuns } = options;
  return inThreads<CellTask, PoolReply>(worker, tasks, {
    jobs,
    youngMb: YOUNG_MB,
    signal,
    isAnswer: (reply) => !('runs' in reply),
    onReply: (index, reply) => {
      if ('runs' in reply) return onRuns?.(index, reply.runs);
      if (!('measurement' in reply)) throw errorOf(reply, tasks[index]!);
      onMeasured(index, reply.measurement);
    },
  });
}

function errorOf(
  reply: Exclude<PoolReply, { measurement: Measurement } | { runs: Runs }>,
  task: CellTask,
): Error {
  if ('diagnostics' in reply) return new InputError(reply.diagnostics);
  return new Error(`simulating ${task.workload} on ${task.edition} failed: ${reply.failure}`);
}
