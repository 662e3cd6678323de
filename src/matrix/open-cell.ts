import type { Measurement } from '../kernel/index.ts';
import type { CellTask } from './cell-task.ts';
import type { CellResult } from './types.ts';

/** A cell on its way: everything but its measurements, and the tasks these come from. */
export interface OpenCell {
  readonly result: Omit<CellResult, 'measurements'>;
  readonly tasks: readonly Task[];
}

/** A task and, once it is done, its measurement. */
export interface Task {
  readonly task: CellTask;
  measurement?: Measurement;
}
