/** Matrix files: parsing, expansion, resolution by Kconfig, and running the cells. */
export type { CellWatch } from './board.ts';
export { buildId } from './build-id.ts';
export {
  cacheKey,
  folderCache,
  type MeasurementCache,
} from './cache.ts';
export type { DecidingOption } from './deciding.ts';
export {
  type Axis,
  type Combination,
  combinationCount,
  type Expansion,
  expand,
  type Values,
} from './expand.ts';
export {
  type Headline,
  type HeadlineOptions,
  headlineSensitivities,
  performancesOf,
} from './headline.ts';
export { type CellState, type LiveCell, LiveMatrix } from './live/live-matrix.ts';
export type { RunEvent, RunRequest } from './live/request.ts';
export { runInThreads, type ThreadRunOptions } from './live/run-in-threads.ts';
export {
  BASE_MODES,
  type Base,
  type BaseMode,
  type MatrixFile,
  parseMatrixFile,
  readMatrixFile,
} from './matrix-file.ts';
export {
  type EditionOptions,
  type OptionSource,
  shippedOptions,
  treeOptions,
} from './option-source.ts';
export { cellId, cellIdOn, type KnownNames, MAX_CELLS, type Plan, planMatrix } from './plan.ts';
export { reasonText } from './reason.ts';
export { type ResolvedCell, Resolver } from './resolve.ts';
export {
  type Progress,
  planFor,
  type RunOptions,
  RunStopped,
  runMatrixWith,
  runShardWith,
} from './run.ts';
export { planMatrixFile, runMatrix, runShard, shippedDeciding } from './run-matrix.ts';
export {
  mergeShards,
  type NamedShard,
  parseShard,
  parseShardFile,
  type Shard,
  type ShardFile,
} from './shard.ts';
export type { KernelStage, Runs } from './stage.ts';
export type {
  CellResult,
  CellSpec,
  CellStatus,
  LockVerdict,
  MatrixPlace,
  MatrixResult,
  OptionReason,
  PricedMeasurement,
  Refusal,
} from './types.ts';
