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
  /** Where the list stood before a search. */
  readonly before: ListState;
}

/** How menus are shown: the same for all menus of a configuration. */
export type ConfigView = Pick<ConfigScreen, 'all' | 'names'>;

/** A menu of a session. */
export function configScreen(
  session: string,
  menu: number,
  { all, names }: ConfigView = { all: false, names: false },
): ConfigScreen {
  const list = FRESH_LIST;
  return { kind: 'config', session, menu, all, names, flat: false, list, before: list };
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
