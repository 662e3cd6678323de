import type { ScreenWorld } from '../screens/module.ts';
import type { Screen, State } from '../state/model.ts';
import type { KeyName } from './decode.ts';

/** Groups of the help screen, in order. */
export const HELP_GROUPS = [
  'Move',
  'Open and leave',
  'Change',
  'Find and sort',
  'Compare',
  'Run and save',
  'In a dialog',
  'Program',
] as const;

/** One line of the key table: the footer, the help screen and the manual are made from it. */
export interface Binding<S extends Screen = Screen> {
  /** Name of the step: of the screen's module (`kind:verb`) or of those all screens share. */
  readonly command: string;
  /** The first key is the one the footer shows. */
  readonly keys: readonly KeyName[];
  /** One or two words for the footer. */
  readonly label: string;
  /** A sentence for the help screen. */
  readonly help: string;
  readonly group: (typeof HELP_GROUPS)[number];
  /** Place in the footer, least first; bindings without one are only on the help screen. */
  readonly footer?: number;
  /** Whether it does anything now; a key that does not stays out of the footer. */
  when?(now: Now<S>): boolean;
}

/** What a binding may ask before it counts as valid now. */
export interface Now<S extends Screen = Screen> {
  readonly state: State;
  /** The screen on top. */
  readonly screen: S;
  readonly world: ScreenWorld;
}
