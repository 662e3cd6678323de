import type { CellTask } from './cell-task.ts';
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
  measurement?: PricedMeasurement;
}
