/** The torture test of VMA lookups. */
export {
  ADVERSARIES,
  type Adversary,
  DEFAULT_LOOKUPS,
  DEFAULT_STEPS,
  PLACES,
  type Place,
  SCHEDULERS,
  type TortureCell,
  type TortureScheduler,
} from './cell.ts';
export { type Quantiles, runCell, type TortureResult } from './run-cell.ts';
export { runCells } from './run-cells.ts';
export { CONFIDENCE } from './tail.ts';
export { PATIENCE } from './torture-exec.ts';
