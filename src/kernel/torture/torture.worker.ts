import { parentPort } from 'node:worker_threads';
import type { TortureCell } from './cell.ts';
import { runCell } from './run-cell.ts';

/** A worker thread: a cell comes in, its result goes out. */
parentPort?.on('message', (cell: TortureCell) => {
  parentPort?.postMessage(runCell(cell));
});
