/** The model beside what was measured and published. */
export { type ContentionRow, compareContention } from './compare-contention.ts';
export {
  comparedKernel,
  type PublishedComparison,
  publishedComparison,
} from './compare-published.ts';
export type { Draw } from './draws.ts';
export {
  lockCostTable,
  MOST_COSTS,
  nearFactor,
  publishedTable,
  sensitivityTable,
  turningText,
} from './fidelity-tables.ts';
export { emulationOf, type MeasuredRun, measuredRuns } from './measured-contention.ts';
export {
  type ComparedKernel,
  improvement,
  NOT_MODELLED,
  PUBLISHED,
  type PublishedFigure,
} from './published.ts';
export {
  type Answer,
  type Round,
  type Sensitivity,
  type Swing,
  sensitivity,
  turning,
} from './sensitivity.ts';
export {
  LOCK_OPERATIONS,
  type LockCost,
  operationCost,
  structureCosts,
  UNIPROCESSOR_KERNELS,
} from './uniprocessor-cost.ts';
