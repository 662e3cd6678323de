/** The simulated x86 mm layer: editions, instantiation, workloads and their timed execution. */
export {
  type Calibration,
  calibrate,
  loadMeasurements,
  type Payment,
  payments,
  type Residual,
  residualTable,
  shippedMeasurements,
} from './calibrate/index.ts';
export * from './check/index.ts';
export { editionNamed, editions } from './editions/index.ts';
export {
  type ContentionRow,
  compareContention,
  comparedKernel,
  comparePublished,
  emulationOf,
  improvement,
  type LockCost,
  type MeasuredRun,
  measuredRuns,
  NOT_MODELLED,
  PUBLISHED,
  type PublishedComparison,
  type PublishedFigure,
  publishedComparison,
  publishedTable,
  type Sensitivity,
  type Swing,
  sensitivity,
  sensitivityTable,
  uniprocessorCost,
} from './fidelity/index.ts';
export type { LockStatistics, LocksAt } from './lock-statistics.ts';
export { LOOKUPS, type Lookup } from './lookup-variants.ts';
export type {
  FallbackHits,
  LatencyPoint,
  Measurement,
  MmapLockCounts,
  Performance,
} from './measurement.ts';
export {
  type Edition,
  type EditionParts,
  type FallbackSite,
  type FunctionState,
  instantiate,
  type Kernel,
  KernelBug,
  type KernelConfig,
  type LockState,
  PoolExhaustedError,
  type Surface,
  type SurfaceCounter,
  type SurfaceField,
  type SurfaceFunction,
  type SurfaceStruct,
} from './model/index.ts';
export type {
  CodePlace,
  Failure,
  HungOutcome,
  OopsOutcome,
  Outcome,
  OutcomeThread,
  RefusedOutcome,
  StoppedThread,
  WaitFor,
} from './outcome.ts';
export { routineLabels } from './routine-labels.ts';
export {
  type Counts,
  countOnly,
  type SimulateOptions,
  type SimulationProgress,
  simulate,
} from './simulate.ts';
export { type CostProfile, loadProfile, shippedProfiles } from './timed/index.ts';
export {
  ADVERSARIES,
  type Adversary,
  type Bin,
  binsOf,
  countedPieces,
  DEFAULT_LOOKUPS,
  DEFAULT_STEPS,
  DEFAULT_WRITERS,
  fromZero,
  mergeShards,
  PATIENCE,
  PLACES,
  type Quantiles,
  runCells,
  SCHEDULERS,
  type ShardResult,
  type ShardStore,
  shardsOf,
  type TortureCell,
  type TortureResult,
  type TortureScheduler,
  type TortureShard,
  timeBins,
} from './torture/index.ts';
export {
  loadWorkload,
  namesList,
  operationsTable,
  shippedWorkloads,
  type Workload,
} from './workloads/index.ts';
