/** Running torture cells in worker threads. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { TortureCell } from './cell.ts';
import type { TortureResult } from './run-cell.ts';

/** Beside this module, with its own ending: TypeScript in the source tree, JavaScript when compiled. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './torture.worker.ts' : './torture.worker.js',
  import.meta.url,
);

/**
 * Runs cells, as many at a time as there are processors. Results are in the order of the cells whatever order they come in. Rejects
 * with the signal's reason when aborted; no thread is left running.
 */
export async function runCells(
  cells: readonly TortureCell[],
  {
    jobs = availableParallelism(),
    signal,
    onResult,
  }: {
    readonly jobs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    readonly onResult?: ((index: number, result: TortureResult) => void) | undefined;
  } = {},
): Promise<TortureResult[]> {
  signal?.throwIfAborted();
  const results: TortureResult[] = [];
  const workers = new Set<Worker>();
  let next = 0;
  const work = (reject: (error: unknown) => void): Promise<void> =>
    new Promise((resolve) => {
      const worker = new Worker(WORKER);
      workers.add(worker);
      let current = -1;
      const give = (): void => {
        current = next++;
        if (current < cells.length) worker.postMessage(cells[current]);
        else {
          workers.delete(worker);
          void worker.terminate().then(() => resolve());
        }
      };
      worker.on('error', reject);
      worker.on('message', (result: TortureResult) => {
        results[current] = result;
        onResult?.(current, result);
        give();
      });
      give();
    });
  let onAbort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      const threads = Math.max(1, Math.min(jobs, cells.length));
      Promise.all(Array.from({ length: threads }, () => work(reject))).then(
        () => resolve(),
        reject,
      );
    });
  } finally {
    if (onAbort) signal?.removeEventListener('abort', onAbort);
    await Promise.all([...workers].map((worker) => worker.terminate()));
  }
  return results;
}
