import type { Listing, Report } from '../../report/index.ts';
import type { Answer } from '../effects/effect.ts';
import type { Binding } from '../keys/binding.ts';
import type { KeyName } from '../keys/decode.ts';
import type { KeyTable } from '../keys/key-table.ts';
import type { Services } from '../services.ts';
import type { Sessions } from '../sessions/session.ts';
import type { Layout } from '../state/layout.ts';
import type { ListState, Screen, Size, State } from '../state/model.ts';
import type { Row } from '../state/row.ts';
import type { World } from '../state/world.ts';
import type { Line } from '../text/line.ts';
import type { Theme } from '../theme.ts';
import type { Tab } from '../widgets/tabs.ts';
import type { ScreenTable } from './table.ts';

/**
 * What a command does. Pure; `key` is the one that was pressed, for the digits are one command.
 * Written as a method, so that a module of one kind of screen is a module.
 */
export type Step<S extends Screen = Screen> = {
  step(state: State, world: ScreenWorld, screen: S, key: KeyName): State;
}['step'];

/** The tabs, layers or panes of a screen; Tab, the digits and the mouse go from one to another. */
export interface Tabs<S extends Screen> {
  list(state: State, screen: S, world: ScreenWorld): readonly Tab[];
  /** Index of the open one; -1 if none is. */
  open(state: State, screen: S, world: ScreenWorld): number;
  /** Open one, or the next after it in `direction` that can be opened. */
  go(state: State, screen: S, world: ScreenWorld, tab: number, direction: 1 | -1): State;
}

/** Lines between tabs and list, such as a plot. */
export interface Above<S extends Screen> {
  /** How many lines are wanted; `null` for none now. Fewer than `least` are not given. */
  wanted(screen: S, world: ScreenWorld): { readonly least: number; readonly most: number } | null;
  /** The lines, `height` of them. */
  lines(state: State, screen: S, world: ScreenWorld, size: Size): readonly Line[];
  /** The same in words, for a screen reader. */
  sentence?(state: State, screen: S, world: ScreenWorld): string;
}

/**
 * A kind of screen: all that is known of it. The frame (`screen-view.tsx`), the reducer, the key table,
 * help, footer and palette are the same for every kind and ask its module. Methods are pure: what
 * touches the world is asked for as an effect.
 */
export interface ScreenModule<S extends Screen = Screen> {
  readonly kind: S['kind'];
  /** Its name in the breadcrumb. */
  crumb(screen: S, world: ScreenWorld): string;
  /** What there is, e.g. `13 cells`, of `shown` rows out of `all`. */
  count(state: State, screen: S, world: ScreenWorld, rows: Counts): string;
  /** What else row 1 tells, e.g. the order. */
  status?(state: State, screen: S, world: ScreenWorld): readonly string[];
  /** Tables with the same key are the same table and built once. */
  tableKey(state: State, screen: S, world: ScreenWorld): string;
  table(state: State, screen: S, world: ScreenWorld): ScreenTable;
  /** Whether the list has a line of column titles; yes if not given. */
  readonly header?: boolean;
  /** Whether there is a detail pane below the list; yes if not given. */
  readonly details?: boolean;
  /** Lines the detail pane should have where the list is longer than the terminal; a few if not given. */
  readonly detailLines?: number;
  /** The detail pane, for kinds of screen whose user says how much of it there is. */
  pane?(screen: S): { readonly shown: boolean; readonly lines?: number };
  readonly tabs?: Tabs<S>;
  readonly above?: Above<S>;
  /** What stands where the list has no rows without a filter. */
  empty?(screen: S, world: ScreenWorld): string;
  /** Remark at the right end of the rule above the detail pane. */
  remark?(state: State, screen: S, world: ScreenWorld, row: Row | null): string;
  /** How to see the rest of a detail that does not fit; `Enter shows all` if not given. */
  readonly more?: string;
  /** What of it is exported as a list, where that is not its rows. */
  listing?(state: State, screen: S, world: ScreenWorld): Omit<Listing, 'title'>;
  /**
   * A screen as it was left in an earlier run; `null` if it does not fit what is there now. Nothing of
   * `saved` but its list is sure to be what its type says. Kinds without it are not remembered.
   */
  restore?(saved: Saved, world: ScreenWorld): S | null;
  /** How it is opened from anywhere, for a screen that can be. */
  readonly entry?: ScreenEntry;
  /** Its lines of the key table; they come before those all screens share. */
  readonly bindings: readonly Binding<S>[];
  /** Shared commands this screen does not have. */
  readonly omits?: readonly string[];
  /** Steps by command; one with the name of a shared command takes its place here. */
  readonly commands: Readonly<Record<string, Step<S>>>;
  /** What keys of the filter line are called here, by command, where it is no filter. */
  readonly typing?: Readonly<Record<string, string>>;
  /**
   * What there is against a line being typed for this kind of screen (`to` and `name` are those of the
   * prompt, `value` is the line); `null` for nothing.
   */
  check?(state: State, answer: Answer, world: ScreenWorld): string | null;
  /** Take an answer that was asked for from this kind of screen; it need not be on top any more. */
  answer?(state: State, answer: Answer, world: ScreenWorld): State;
}

/** A screen in the list of commands. */
export interface ScreenEntry {
  /** What is chosen, e.g. `explore schedules (torture)`. */
  readonly label: string;
  open(state: State, world: ScreenWorld): State;
  /** Whether it can be opened now. */
  when?(state: State, world: ScreenWorld): boolean;
}

/** A screen read from a file: the list is checked, the rest is not. */
export type Saved = Readonly<Record<string, unknown>> & { readonly list: ListState };

/** Rows of a list without its headings. */
export interface Counts {
  readonly shown: number;
  readonly all: number;
}

/** What modules may ask, and what the components draw. */
export interface ScreenWorld extends World {
  /** The report being browsed. Throws where the program was started on something else. */
  readonly report: Report;
  readonly theme: Theme;
  readonly sessions: Sessions;
  readonly services: Services;
  readonly keys: KeyTable;
  readonly modules: readonly ScreenModule[];
  /** The module of a kind of screen. */
  module(kind: string): ScreenModule;
  /** Whether something can be marked, i.e. is there. */
  markable(mark: string): boolean;
  /** The state after an answer is given to whom it is for. */
  answer(state: State, answer: Answer): State;
  /** What whom a line is typed for has against it; `null` for nothing. */
  objection(state: State, answer: Answer): string | null;
  table(state: State, screen: Screen): ScreenTable;
  layout(state: State): Layout;
}
