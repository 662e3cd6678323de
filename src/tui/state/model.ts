import type { Dialog } from '../dialogs/dialog.ts';
import type { Effect } from '../effects/effect.ts';

/** Where a list stands. */
export interface ListState {
  /** Selected row, counted in the filtered list. */
  readonly cursor: number;
  /** First row shown. */
  readonly offset: number;
  readonly filter: string;
}

/**
 * What every screen remembers. Each kind adds its own plain data; only its module (`screens/<kind>`)
 * knows of them.
 */
export interface Screen {
  /** Which module the screen belongs to. */
  readonly kind: string;
  readonly list: ListState;
}

/** Size of the terminal in characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Everything the terminal UI remembers. Plain data, changed only by the reducer. */
export interface State {
  readonly size: Size;
  /** Screens from the first to the one on top; never empty. */
  readonly stack: readonly Screen[];
  /** Marked cells, left side of a comparison first; at most two. */
  readonly marks: readonly string[];
  /** Whether keys go to the filter line of the screen on top. */
  readonly typing: boolean;
  /** What asks something, and gets the keys until it is answered. */
  readonly dialog: Dialog | null;
  /** Lines typed into prompts, by question, the last one first. */
  readonly history: Readonly<Record<string, readonly string[]>>;
  /** A remark on the last key, gone with the next. */
  readonly notice: string | null;
  /** Exit code once the user has left. */
  readonly exit: number | null;
  /** What the last key asked to be done in the world; the store takes them out and has them run. */
  readonly effects: readonly Effect[];
  /** Versions of the sessions last heard of: a session that moved on is thereby a new state. */
  readonly versions: Readonly<Record<string, number>>;
}

/** A list that has not been touched. */
export const FRESH_LIST: ListState = { cursor: 0, offset: 0, filter: '' };

/** The state the program starts in, on its first screen. */
export function initialState(size: Size, first: Screen): State {
  return {
    size,
    stack: [first],
    marks: [],
    typing: false,
    dialog: null,
    history: {},
    notice: null,
    exit: null,
    effects: [],
    versions: {},
  };
}

/** The screen on top. */
export function topOf(state: State): Screen {
  return state.stack.at(-1)!;
}

/** The screen with its list replaced. */
export function withList<S extends Screen>(screen: S, list: ListState): S {
  return { ...screen, list };
}

/** The state with a screen on top of the others. */
export function push(state: State, screen: Screen): State {
  return { ...state, stack: [...state.stack, screen], typing: false };
}

/** The state with the screen on top exchanged. */
export function replaceTop(state: State, screen: Screen): State {
  return { ...state, stack: [...state.stack.slice(0, -1), screen] };
}

/** The state with one more thing to be done once the step is over. */
export function asking<E extends Effect>(state: State, effect: E): State {
  return { ...state, effects: [...state.effects, effect] };
}
