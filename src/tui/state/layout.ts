import type { Screen, Size } from './model.ts';
import { clamp } from './window.ts';

/** How many lines each part of a screen gets. The parts and the chrome add up to the terminal's rows. */
export interface Layout {
  /** `sentence`: too small for anything but one line. `one`: only the list. `two`: list and detail pane. */
  readonly panes: 'sentence' | 'one' | 'two';
  readonly tabs: number;
  readonly plot: number;
  readonly header: number;
  readonly list: number;
  /** Lines of the detail pane without the rule above it. */
  readonly detail: number;
}

/** Smallest terminal that shows a list at all. */
export const LEAST = { columns: 20, rows: 5 } as const;

/** Smallest terminal that shows list and detail together. */
export const TWO_PANES = { columns: 60, rows: 16 } as const;

/** Lines the detail pane has at least, and the list where there are more rows than fit. */
const MIN_DETAIL = 5;
const MIN_LIST = 3;
const MIN_PLOT = 7;
/** More lines do not make a plot easier to read. */
const MAX_PLOT = 20;

/** What a screen would like to show. */
export interface Wanted {
  readonly kind: Screen['kind'];
  /** Rows of the unfiltered list: the panes must not jump about while a filter is typed. */
  readonly rows: number;
  readonly tabs: boolean;
  readonly plot: boolean;
  readonly header: boolean;
}

/** Share out the terminal. */
export function layoutOf({ columns, rows }: Size, wanted: Wanted): Layout {
  if (columns < LEAST.columns || rows < LEAST.rows) {
    return { panes: 'sentence', tabs: 0, plot: 0, header: 0, list: 0, detail: 0 };
  }
  const tabs = wanted.tabs ? 1 : 0;
  const header = wanted.header && rows >= 8 ? 1 : 0;
  // Breadcrumb above, footer below.
  const room = rows - 2 - tabs - header;
  const twoPanes =
    columns >= TWO_PANES.columns &&
    rows >= TWO_PANES.rows &&
    wanted.kind !== 'detail' &&
    wanted.kind !== 'help';
  if (!twoPanes) return { panes: 'one', tabs, plot: 0, header, list: room, detail: 0 };

  const belowRule = room - 1;
  const forPlot = belowRule - MIN_DETAIL - clamp(wanted.rows, MIN_LIST, Math.floor(belowRule / 4));
  const plot = wanted.plot && forPlot >= MIN_PLOT ? Math.min(forPlot, MAX_PLOT) : 0;
  const list = clamp(wanted.rows, MIN_LIST, belowRule - plot - MIN_DETAIL);
  return { panes: 'two', tabs, plot, header, list, detail: belowRule - plot - list };
}
