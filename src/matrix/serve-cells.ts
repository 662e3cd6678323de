import { parentPort } from 'node:worker_threads';
import { InputError } from '../input/index.ts';
import { type CellTask, taskRunner } from './cell-task.ts';
import type { PoolReply } from './pool.ts';
import type { KernelStage, Runs, StageEdition, StageKernel } from './stage.ts';

/** More often nobody can see it move; some workloads end in a millisecond. */
const PROGRESS_INTERVAL_MS = 50;

/** The inside of a worker thread: simulate every task that arrives and send the measurement back. */
export function serveCells<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
): void {
  const port = parentPort;
  if (!port) throw new Error('serveCells runs in a worker thread only');
  const run = taskRunner(stage);
  const post = (reply: PoolReply): void => port.postMessage(reply);
  port.on('message', (task: CellTask) => {
    let reply: PoolReply;
    let told = performance.now();
    const onProgress = (runs: Runs): void => {
      if (performance.now() - told < PROGRESS_INTERVAL_MS) return;
      told = performance.now();
      post({ runs: { done: runs.done, total: runs.total } });
    };
    try {
      reply = { measurement: run(task, onProgress) };
    } catch (error) {
      // An Error crosses the thread boundary without its class and its own fields.
      reply =
        error instanceof InputError
          ? { diagnostics: error.diagnostics }
          : { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    post(reply);
  });
}
