import { parentPort, workerData } from 'node:worker_threads';
import { collectGarbage, InputError } from '../../input/index.ts';
import { folderCache, type MeasurementCache } from '../cache.ts';
import { shippedOptions, treeOptions } from '../option-source.ts';
import { RunStopped, runMatrixWith } from '../run.ts';
import { kernelKey } from '../same-kernels.ts';
import type { KernelStage, StageEdition, StageKernel } from '../stage.ts';
import type { RunEnd, RunEvent, RunRequest } from './request.ts';

/** What the one who waits may say to a thread that runs a matrix. */
export const STOP = 'stop';

/**
 * The inside of a thread that runs one matrix: reading Kconfig and instantiating kernels take long enough
 * to be felt by whoever types meanwhile. Simulations go to threads of their own, the module `cellWorker`.
 */
export async function serveRun<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
  cellWorker?: URL,
): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('serveRun runs in a worker thread only');
  const post = (message: RunEvent | RunEnd): void => port.postMessage(message);
  const stop = new AbortController();
  port.on('message', (message) => {
    if (message === STOP) stop.abort();
  });
  const request = workerData as RunRequest;
  const { matrix, profile, seed, jobs } = request;
  const only = request.only && new Set(request.only);
  const cache = cacheOf(request);
  const sent = new Set<string>();
  let forgotten = false;
  try {
    const source =
      request.tree === undefined ? shippedOptions() : treeOptions(request.tree, request.toolchain);
    await runMatrixWith(stage, matrix, {
      source,
      signal: stop.signal,
      ...(profile !== undefined && { profile }),
      ...(seed !== undefined && { seed }),
      ...(jobs !== undefined && { jobs }),
      ...(cache && { cache }),
      ...(only && { only: ({ id }) => only.has(id) }),
      ...(cellWorker && { worker: cellWorker }),
      onPlan: (plan) => post({ type: 'planned', plan, seed: seed ?? matrix.seed }),
      onWarning: (warning) => post({ type: 'warning', warning }),
      // The trees are by far the most of what is held here, and all cells have their options by then.
      onProgress: ({ step }) => {
        if (step !== 'simulating' || forgotten) return;
        forgotten = true;
        source.forget();
        setImmediate(collectGarbage);
      },
      watch: {
        onCell: (cell, runs) => {
          // Cells of one kernel share one surface; a message would hold a copy of it for each.
          const key = cell.relevant && kernelKey(cell.spec.edition, cell.relevant);
          const known = key !== null && sent.has(key);
          if (key !== null) sent.add(key);
          post({ type: 'cell', cell: known ? { ...cell, surface: null } : cell, runs });
        },
        onRuns: (id, runs) => post({ type: 'runs', id, runs }),
      },
    });
    post({ type: 'done' });
  } catch (error) {
    post(endOf(error));
  } finally {
    port.close();
  }
}

function cacheOf({ cacheDir, afresh }: RunRequest): MeasurementCache | undefined {
  if (cacheDir === undefined) return undefined;
  const cache = folderCache(cacheDir);
  return afresh ? { get: () => undefined, put: cache.put } : cache;
}

/** An Error crosses the thread boundary without its class and its own fields. */
function endOf(error: unknown): RunEnd {
  if (error instanceof RunStopped) return { type: 'stopped' };
  if (error instanceof InputError) return { type: 'refused', diagnostics: error.diagnostics };
  const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { type: 'failed', failure };
}
