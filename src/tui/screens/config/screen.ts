import type { MenuNode } from 'kconfiglib-js';
import type { ConfigSession } from '../../sessions/config/index.ts';
import { FRESH_LIST, type ListState, type Screen } from '../../state/model.ts';
import type { ScreenWorld } from '../module.ts';

/** One menu of a configuration. */
export interface ConfigScreen extends Screen {
  readonly kind: 'config';
  /** Id of the session. */
  readonly session: string;
  /** Number of the entry whose menu it is. */
  readonly menu: number;
  /** Also what is hidden. */
  readonly all: boolean;
  /** Also what is in the menus below. */
  readonly flat: boolean;
  /** With the names of symbols. */
  readonly names: boolean;
  /** How much there is of the pane with the reason and the help of the selected option. */
  readonly pane: Pane;
  /** Where the list stood before a search. */
  readonly before: ListState;
}

/** A few lines, half of the terminal, or nothing. */
export type Pane = 'few' | 'half' | 'none';

/** How menus are shown: the same for all menus of a configuration. */
export type ConfigView = Pick<ConfigScreen, 'all' | 'names' | 'pane'>;

/** A menu of a session. */
export function configScreen(
  session: string,
  menu: number,
  { all, names, pane }: ConfigView = { all: false, names: false, pane: 'few' },
): ConfigScreen {
  const list = FRESH_LIST;
  return { kind: 'config', session, menu, all, names, pane, flat: false, list, before: list };
}

/** The session of a screen that names one. */
export function sessionOf(
  world: ScreenWorld,
  { session }: { readonly session: string },
): ConfigSession {
  const found = world.sessions.get<ConfigSession>(session);
  if (!found) throw new Error(`no configuration ${session} is open`);
  return found;
}

/** The entry whose menu a screen shows. */
export function menuOf(world: ScreenWorld, screen: ConfigScreen): MenuNode {
  return sessionOf(world, screen).node(screen.menu);
}
