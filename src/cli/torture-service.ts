import { availableParallelism } from 'node:os';
import { defaultCacheDir } from '../input/index.ts';
import {
  loadProfile,
  type ShardResult,
  type ShardStore,
  type TortureCell,
  type TortureShard,
} from '../kernel/index.ts';
import { buildId, cacheKey, folderCache } from '../matrix/index.ts';
import type { TortureService } from '../tui/index.ts';
import type { Io } from './io.ts';
import { uiThreads } from './ui-threads.ts';

/** Torture runs of the terminal UI: a processor is left to the screen. */
export function tortureService(io: Io, noCache: boolean, jobs?: number): TortureService {
  return {
    jobs: jobs ?? uiThreads(availableParallelism() - 1),
    ...(!noCache && { store: shardStore(defaultCacheDir(io.env)) }),
  };
}

/** Keeps pieces among the user's caches. */
export function shardStore(dir: string): ShardStore {
  const cache = folderCache<ShardResult>(dir);
  // A cell has a hundred pieces, and reading a profile takes longer than reading a piece.
  const ofCells = new WeakMap<TortureCell, readonly unknown[]>();
  const partsOf = (cell: TortureCell): readonly unknown[] => {
    const known = ofCells.get(cell);
    if (known) return known;
    // Of the cell only what a piece depends on: more lookups of the same cell begin with the same pieces.
    const { lookups: _, steps: __, seed: first, ...same } = cell;
    const parts = ['torture', buildId(), loadProfile(cell.profile), same, first];
    ofCells.set(cell, parts);
    return parts;
  };
  const keyOf = (cell: TortureCell, shard: TortureShard) => cacheKey([...partsOf(cell), shard]);
  return {
    get: (cell, shard) => cache.get(keyOf(cell, shard)),
    put: (cell, shard, result) => cache.put(keyOf(cell, shard), result),
  };
}
