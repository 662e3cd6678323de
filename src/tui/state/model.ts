import type { DetailLine } from './row.ts';

/** Where a list stands. */
export interface ListState {
  /** Selected row, counted in the filtered list. */
  readonly cursor: number;
  /** First row shown. */
  readonly offset: number;
  readonly filter: string;
}

/** The list of cells, to browse or to choose the other side of a comparison from. */
export interface MatrixScreen {
  readonly kind: 'matrix' | 'pick';
  /** The cell to compare with, when choosing; empty otherwise. */
  readonly left: string;
  readonly list: ListState;
  /** Index of the sort order; 0 is the matrix's own. */
  readonly sort: number;
  readonly descending: boolean;
  /** Index of the workload whose throughput is shown. */
  readonly workload: number;
}

/** One cell's report. */
export interface ReportScreen {
  readonly kind: 'report';
  readonly cell: string;
  readonly tab: number;
  /** One per tab, so that a tab is found again as it was left. */
  readonly lists: readonly ListState[];
  /** Index of the figure that is plotted. */
  readonly metric: number;
}

/** Two cells compared. */
export interface DiffScreen {
  readonly kind: 'diff';
  readonly left: string;
  readonly right: string;
  /** Leave out rows that are the same on both sides. */
  readonly only: boolean;
  readonly list: ListState;
}

/** All there is to say about one row. */
export interface DetailScreen {
  readonly kind: 'detail';
  readonly title: string;
  readonly lines: readonly DetailLine[];
  readonly list: ListState;
}

/** The keys of the screen below. */
export interface HelpScreen {
  readonly kind: 'help';
  readonly about: Exclude<Screen['kind'], 'help'>;
  readonly list: ListState;
}

export type Screen = MatrixScreen | ReportScreen | DiffScreen | DetailScreen | HelpScreen;

/** Size of the terminal in characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Everything the terminal UI remembers. Plain data, changed only by the reducer. */
export interface State {
  readonly size: Size;
  /** Screens from the matrix to the one on top; never empty. */
  readonly stack: readonly Screen[];
  /** Marked cells, left side of a comparison first; at most two. */
  readonly marks: readonly string[];
  /** Whether keys go to the filter line of the screen on top. */
  readonly typing: boolean;
  /** A remark on the last key, gone with the next. */
  readonly notice: string | null;
  /** Exit code once the user has left. */
  readonly exit: number | null;
  /** How often the user has asked to suspend; the application acts when it grows. */
  readonly suspends: number;
  /** How often the user has asked to draw the screen anew. */
  readonly redraws: number;
}

/** A list that has not been touched. */
export const FRESH_LIST: ListState = { cursor: 0, offset: 0, filter: '' };

/** The state the program starts in. */
export function initialState(size: Size): State {
  return {
    size,
    stack: [
      { kind: 'matrix', left: '', list: FRESH_LIST, sort: 0, descending: false, workload: 0 },
    ],
    marks: [],
    typing: false,
    notice: null,
    exit: null,
    suspends: 0,
    redraws: 0,
  };
}

/** The screen on top. */
export function topOf(state: State): Screen {
  return state.stack.at(-1)!;
}

/** The list of a screen. */
export function listOf(screen: Screen): ListState {
  return screen.kind === 'report' ? screen.lists[screen.tab]! : screen.list;
}

/** The screen with its list replaced. */
export function withList<S extends Screen>(screen: S, list: ListState): S {
  if (screen.kind !== 'report') return { ...screen, list };
  return { ...screen, lists: screen.lists.map((old, tab) => (tab === screen.tab ? list : old)) };
}
