import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Diagnostic, InputError } from '../input/index.ts';
import type { Measurement } from '../kernel/index.ts';
import type { CellTask } from './cell-task.ts';

/** What a worker answers to a task. */
export type PoolReply =
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
}

/** Beside this module, with its own ending: TypeScript in the source tree, JavaScript when compiled. */
export const CELL_WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './cell.worker.ts' : './cell.worker.js',
  import.meta.url,
);

/**
 * Simulate all tasks in worker threads. Which thread takes which task depends on timing, so a result must
 * depend on its task alone. Rejects with the signal's reason when aborted and with the first error otherwise;
 * no thread is left running either way.
 */
export async function simulateAll(tasks: readonly CellTask[], options: PoolOptions): Promise<void> {
  const { signal, onMeasured } = options;
  signal?.throwIfAborted();
  if (tasks.length === 0) return;
  const jobs = Math.max(1, Math.min(options.jobs ?? availableParallelism(), tasks.length));
  const url = options.worker ?? CELL_WORKER;
  const workers: Worker[] = [];
  let onAbort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      let next = 0;
      let open = tasks.length;
      onAbort = () => reject(signal!.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      for (let i = 0; i < jobs; i++) {
        const worker = new Worker(url);
        workers.push(worker);
        let current = 0;
        const give = (): void => {
          if (next >= tasks.length) return;
          current = next++;
          worker.postMessage(tasks[current]);
        };
        worker.on('message', (reply: PoolReply) => {
          if (!('measurement' in reply)) {
            reject(errorOf(reply, tasks[current]!));
            return;
          }
          try {
            onMeasured(current, reply.measurement);
          } catch (error) {
            reject(error);
            return;
          }
          if (--open === 0) resolve();
          else give();
        });
        worker.on('error', reject);
        worker.on('exit', (code) => reject(new Error(`a worker thread ended early (${code})`)));
        give();
      }
    });
  } finally {
    if (onAbort) signal?.removeEventListener('abort', onAbort);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function errorOf(reply: Exclude<PoolReply, { measurement: Measurement }>, task: CellTask): Error {
  if ('diagnostics' in reply) return new InputError(reply.diagnostics);
  return new Error(`simulating ${task.workload} on ${task.edition} failed: ${reply.failure}`);
}
