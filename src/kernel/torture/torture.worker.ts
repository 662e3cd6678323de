import { parentPort } from 'node:worker_threads';
import type { TortureCell, TortureShard } from './cell.ts';
import { runShard } from './run-shard.ts';

/** A worker thread: a piece of a cell comes in, its result goes out. */
parentPort?.on('message', ({ cell, shard }: { cell: TortureCell; shard: TortureShard }) => {
  parentPort?.postMessage(runShard(cell, shard));
});
