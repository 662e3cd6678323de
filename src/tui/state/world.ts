import type { Screen, State } from './model.ts';
import type { Rows } from './row.ts';

/** What moving about in a list needs to know: which rows there are is the screens' business. */
export interface World {
  /** The rows of a screen after filter and sort. */
  rows(state: State, screen: Screen): Rows;
  /** How many lines the list of the screen on top has. */
  listHeight(state: State): number;
}
