import { parentPort, workerData } from 'node:worker_threads';
import { InputError } from '../../input/index.ts';
import { shippedOptions, treeOptions } from '../option-source.ts';
import { startRun } from '../run.ts';
import { kernelKey } from '../same-kernels.ts';
import type { KernelStage, StageEdition, StageKernel } from '../stage.ts';
import { cacheFor } from './cache-for.ts';
import type { ResolvingEnd, RunEvent, RunRequest } from './request.ts';

/** What the one who waits may say to a thread that resolves a matrix. */
export const STOP = 'stop';

/**
 * The inside of a thread that resolves one matrix: reading Kconfig and instantiating kernels take long enough
 * to be felt by whoever types meanwhile. It ends with what is left to simulate.
 */
export async function serveResolving<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('serveResolving runs in a worker thread only');
  const post = (message: RunEvent | ResolvingEnd): void => port.postMessage(message);
  const stop = new AbortController();
  port.on('message', (message) => {
    if (message === STOP) stop.abort();
  });
  const request = workerData as RunRequest;
  const { matrix, profile, seed, tree, toolchain } = request;
  const only = request.only && new Set(request.only);
  const cache = cacheFor(request);
  const sent = new Set<string>();
  try {
    const { board, open } = startRun(stage, matrix, {
      source: tree === undefined ? shippedOptions() : treeOptions(tree, toolchain),
      signal: stop.signal,
      ...(profile !== undefined && { profile }),
      ...(seed !== undefined && { seed }),
      ...(cache && { cache }),
      ...(only && { only: ({ id }) => only.has(id) }),
      onPlan: (plan) => post({ type: 'planned', plan, seed: seed ?? matrix.seed }),
      onWarning: (warning) => post({ type: 'warning', warning }),
      watch: {
        onCell: (cell, runs) => {
          // Cells of one kernel share one surface; a message would hold a copy of it for each.
          const key = cell.relevant && kernelKey(cell.spec.edition, cell.relevant);
          const known = key !== null && sent.has(key);
          if (key !== null) sent.add(key);
          post({ type: 'cell', cell: known ? { ...cell, surface: null } : cell, runs });
        },
      },
    });
    await open();
    // One message, so that tasks are shared there as they are here.
    const cells = board
      .open()
      .map(({ result, tasks, costs }) => ({ id: result.spec.id, tasks, costs }));
    post({ type: 'resolved', cells });
  } catch (error) {
    post(stop.signal.aborted ? { type: 'stopped' } : endOf(error));
  } finally {
    port.close();
  }
}

/** An Error crosses the thread boundary without its class and its own fields. */
function endOf(error: unknown): ResolvingEnd {
  if (error instanceof InputError) return { type: 'refused', diagnostics: error.diagnostics };
  const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { type: 'failed', failure };
}
