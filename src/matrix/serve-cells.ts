import { parentPort } from 'node:worker_threads';
import { InputError } from '../input/index.ts';
import { type CellTask, taskRunner } from './cell-task.ts';
import type { PoolReply } from './pool.ts';
import type { KernelStage, StageEdition, StageKernel } from './stage.ts';

/** The inside of a worker thread: simulate every task that arrives and send the measurement back. */
export function serveCells<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
): void {
  const port = parentPort;
  if (!port) throw new Error('serveCells runs in a worker thread only');
  const run = taskRunner(stage);
  port.on('message', (task: CellTask) => {
    let reply: PoolReply;
    try {
      reply = { measurement: run(task) };
    } catch (error) {
      // An Error crosses the thread boundary without its class and its own fields.
      reply =
        error instanceof InputError
          ? { diagnostics: error.diagnostics }
          : { failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    port.postMessage(reply);
  });
}
