import type { Size } from './model.ts';
import { clamp } from './window.ts';

/** How many lines each part of a screen gets. The parts and the chrome add up to the terminal's rows. */
export interface Layout {
  /** `sentence`: too small for anything but one line. `one`: only the list. `two`: list and detail pane. */
  readonly panes: 'sentence' | 'one' | 'two';
  readonly tabs: number;
  /** Lines between tabs and list. */
  readonly above: number;
  readonly header: number;
  readonly list: number;
  /** Lines of the detail pane without the rule above it. */
  readonly detail: number;
}

/** Smallest terminal that shows a list at all. */
export const LEAST = { columns: 20, rows: 5 } as const;

/** Smallest terminal that shows list and detail together. */
export const TWO_PANES = { columns: 80, rows: 24 } as const;

/** Lines the detail pane has at least, and the list where there are more rows than fit. */
const MIN_DETAIL = 5;
const MIN_LIST = 3;

/** What a screen would like to show. */
export interface Wanted {
  /** Rows of the unfiltered list: the panes must not jump about while a filter is typed. */
  readonly rows: number;
  readonly tabs: boolean;
  /** Lines between tabs and list; `null` for none. */
  readonly above: { readonly least: number; readonly most: number } | null;
  readonly header: boolean;
  /** Whether there is a detail pane where the terminal has room for it. */
  readonly details: boolean;
  /** Lines it should have at least where that leaves as many to the list; a few if not given. */
  readonly detail?: number;
}

/** Share out the terminal. */
export function layoutOf({ columns, rows }: Size, wanted: Wanted): Layout {
  if (columns < LEAST.columns || rows < LEAST.rows) {
    return { panes: 'sentence', tabs: 0, above: 0, header: 0, list: 0, detail: 0 };
  }
  const tabs = wanted.tabs ? 1 : 0;
  const header = wanted.header && rows >= 8 ? 1 : 0;
  // Breadcrumb above, footer below.
  const room = rows - 2 - tabs - header;
  const twoPanes = columns >= TWO_PANES.columns && rows >= TWO_PANES.rows && wanted.details;
  if (!twoPanes) return { panes: 'one', tabs, above: 0, header, list: room, detail: 0 };

  const belowRule = room - 1;
  const spare = belowRule - MIN_DETAIL - clamp(wanted.rows, MIN_LIST, Math.floor(belowRule / 4));
  const { least, most } = wanted.above ?? { least: Number.POSITIVE_INFINITY, most: 0 };
  const above = spare >= least ? Math.min(spare, most) : 0;
  const half = Math.floor((belowRule - above) / 2);
  const leastDetail = Math.max(MIN_DETAIL, Math.min(wanted.detail ?? 0, half));
  const list = clamp(wanted.rows, MIN_LIST, belowRule - above - leastDetail);
  return { panes: 'two', tabs, above, header, list, detail: belowRule - above - list };
}
