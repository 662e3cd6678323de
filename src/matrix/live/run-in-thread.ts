import { Worker } from 'node:worker_threads';
import { InputError } from '../../input/index.ts';
import type { Surface } from '../../kernel/index.ts';
import { YOUNG_MB } from '../pool.ts';
import { kernelKey } from '../same-kernels.ts';
import type { CellResult } from '../types.ts';
import type { RunEnd, RunEvent, RunRequest } from './request.ts';
import { STOP } from './serve-run.ts';

/** How a run in a thread is watched and stopped. */
export interface ThreadRunOptions {
  readonly onEvent: (event: RunEvent) => void;
  /** Stops the run; what was told of is told of, and what was measured is in the cache. */
  readonly signal?: AbortSignal;
  /** The module the thread runs, where it is not the one with the real kernel stage. */
  readonly thread?: URL;
}

/** Beside this module, with its own ending: TypeScript in the source tree, JavaScript when compiled. */
const RUN_WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './run.worker.ts' : './run.worker.js',
  import.meta.url,
);

/**
 * Run a matrix in a thread of its own, so that the one who asks stays free. Settles with whether the run
 * came to its end or was stopped; no thread is left running either way.
 *
 * @throws InputError for a matrix that cannot be run, and any error of the run itself.
 */
export async function runInThread(
  request: RunRequest,
  { onEvent, signal, thread = RUN_WORKER }: ThreadRunOptions,
): Promise<'done' | 'stopped'> {
  if (signal?.aborted) return 'stopped';
  const worker = new Worker(thread, {
    workerData: request,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const onAbort = (): void => worker.postMessage(STOP);
  signal?.addEventListener('abort', onAbort, { once: true });
  const whole = surfaceKeeper();
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (message: RunEvent | RunEnd) => {
        switch (message.type) {
          case 'done':
          case 'stopped':
            return resolve(message.type);
          case 'refused':
            return reject(new InputError(message.diagnostics));
          case 'failed':
            return reject(new Error(`running the matrix failed: ${message.failure}`));
          case 'cell':
            return onEvent({ ...message, cell: whole(message.cell) });
          default:
            return onEvent(message);
        }
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`the thread of a run ended early (${code})`)));
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

/** Gives every cell the surface of its kernel, which is sent once. */
function surfaceKeeper(): (cell: CellResult) => CellResult {
  const surfaces = new Map<string, Surface>();
  return (cell) => {
    if (cell.relevant === null) return cell;
    const key = kernelKey(cell.spec.edition, cell.relevant);
    if (cell.surface) surfaces.set(key, cell.surface);
    return { ...cell, surface: surfaces.get(key) ?? null };
  };
}
