import { Worker } from 'node:worker_threads';
import { InputError } from '../../input/index.ts';
import type { Surface } from '../../kernel/index.ts';
import { Board } from '../board.ts';
import { YOUNG_MB } from '../pool.ts';
import { kernelKey } from '../same-kernels.ts';
import { Tasks } from '../tasks.ts';
import type { CellResult } from '../types.ts';
import { cacheFor } from './cache-for.ts';
import type { LeftCell, ResolvingEnd, RunEvent, RunRequest } from './request.ts';
import { STOP } from './serve-resolving.ts';

/** How a run in threads is watched and stopped. */
export interface ThreadRunOptions {
  readonly onEvent: (event: RunEvent) => void;
  /** Stops the run; what was told of is told of, and what was measured is in the cache. */
  readonly signal?: AbortSignal;
  /** The modules the threads run, where they are not those with the real kernel stage. */
  readonly resolving?: URL;
  readonly worker?: URL;
}

/** Beside this module, with its own ending: TypeScript in the source tree, JavaScript when compiled. */
const RESOLVING_WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './resolving.worker.ts' : './resolving.worker.js',
  import.meta.url,
);

/**
 * Run a matrix in threads, so that the one who asks stays free: one resolves it and has ended, with all it read, before others
 * begin to simulate. Settles with whether the run came to its end or was stopped; no thread is left running either way.
 *
 * @throws InputError for a matrix that cannot be run, and any error of the run itself.
 */
export async function runInThreads(
  request: RunRequest,
  options: ThreadRunOptions,
): Promise<'done' | 'stopped'> {
  const { onEvent, signal } = options;
  if (signal?.aborted) return 'stopped';
  const cells = new Map<string, CellResult>();
  const left = await resolveInThread(request, {
    ...options,
    onEvent: (event) => {
      if (event.type === 'cell') cells.set(event.cell.spec.id, event.cell);
      onEvent(event);
    },
  });
  if (left === 'stopped') return left;
  try {
    await simulateLeft(request, left, cells, options);
    return 'done';
  } catch (error) {
    if (signal?.aborted) return 'stopped';
    throw error;
  }
}

async function resolveInThread(
  request: RunRequest,
  { onEvent, signal, resolving = RESOLVING_WORKER }: ThreadRunOptions,
): Promise<readonly LeftCell[] | 'stopped'> {
  const worker = new Worker(resolving, {
    workerData: request,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const onAbort = (): void => worker.postMessage(STOP);
  signal?.addEventListener('abort', onAbort, { once: true });
  const whole = surfaceKeeper();
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (message: RunEvent | ResolvingEnd) => {
        switch (message.type) {
          case 'resolved':
            return resolve(message.cells);
          case 'stopped':
            return resolve('stopped');
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

async function simulateLeft(
  request: RunRequest,
  left: readonly LeftCell[],
  cells: ReadonlyMap<string, CellResult>,
  { onEvent, signal, worker }: ThreadRunOptions,
): Promise<void> {
  const board = new Board(left.length, {
    onCell: (cell, runs) => onEvent({ type: 'cell', cell, runs }),
    onRuns: (id, runs) => onEvent({ type: 'runs', id, runs }),
  });
  for (const { id, tasks, costs } of left) board.resume({ result: cells.get(id)!, tasks, costs });
  const tasks = new Tasks();
  new Set(left.flatMap((cell) => [...cell.tasks, ...cell.costs])).forEach((task) => {
    tasks.take(task);
  });
  const cache = cacheFor(request);
  await tasks.simulate({
    ...(request.jobs !== undefined && { jobs: request.jobs }),
    ...(cache && { cache }),
    ...(worker && { worker }),
    ...(signal && { signal }),
    onMeasured: (task) => board.measured(task),
    onRuns: (task) => board.advanced(task),
  });
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
