/** The torture test of VMA lookups. */
export { type Bin, binsOf, fromZero } from './bins.ts';
export {
  ADVERSARIES,
  type Adversary,
  DEFAULT_LOOKUPS,
  DEFAULT_STEPS,
  DEFAULT_WRITERS,
  PLACES,
  type Place,
  SCHEDULERS,
  shardsOf,
  type TortureCell,
  type TortureScheduler,
  type TortureShard,
} from './cell.ts';
export {
  countedPieces,
  mergeShards,
  type Quantiles,
  runCell,
  type TortureResult,
  timeBins,
} from './run-cell.ts';
export { runCells, type ShardStore } from './run-cells.ts';
export type { ShardResult } from './run-shard.ts';
export { CONFIDENCE } from './tail.ts';
export { PATIENCE } from './torture-exec.ts';
