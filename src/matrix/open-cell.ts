import type { CellTask } from './cell-task.ts';
import type { Runs } from './stage.ts';
import type { CellResult, PricedMeasurement } from './types.ts';

/** A cell on its way: everything but its measurements, and the tasks these come from. */
export interface OpenCell {
  readonly result: Omit<CellResult, 'measurements' | 'costs'>;
  readonly tasks: readonly Task[];
  /** Those of single operations that are priced. */
  readonly costs: readonly Task[];
}

/** A task and, once it is done, its measurement. */
export interface Task {
  readonly task: CellTask;
  /** Of its measurement in the cache; missing where there is none. */
  key?: string;
  /** How far its simulation is; how many runs it takes is an estimate until it has begun. */
  runs: Runs;
  measurement?: PricedMeasurement;
}
