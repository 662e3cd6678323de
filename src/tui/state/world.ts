import type { Screen, State } from './model.ts';
import type { Row } from './row.ts';

/**
 * What the reducer may ask about the report. It never sees the report itself: which rows a screen has
 * is the screens' business.
 */
export interface World {
  /** The rows of a screen after filter and sort. */
  rows(state: State, screen: Screen): readonly Row[];
  /** How many lines the list of the screen on top has. */
  listHeight(state: State): number;
  /** How many tabs or layers a screen has. */
  tabCount(screen: Screen): number;
  /** Whether a screen plots figures. */
  hasPlot(screen: Screen): boolean;
  readonly sortNames: readonly string[];
  readonly metricCount: number;
  readonly workloadCount: number;
}
