/** The model beside what was measured and published. */
export { type ContentionRow, compareContention } from './compare-contention.ts';
export {
  comparedKernel,
  comparePublished,
  type PublishedComparison,
  publishedComparison,
} from './compare-published.ts';
export { publishedTable, sensitivityTable } from './fidelity-tables.ts';
export { emulationOf, type MeasuredRun, measuredRuns } from './measured-contention.ts';
export { improvement, NOT_MODELLED, PUBLISHED, type PublishedFigure } from './published.ts';
export { type Sensitivity, type Swing, sensitivity } from './sensitivity.ts';
export { type LockCost, uniprocessorCost } from './uniprocessor-cost.ts';
