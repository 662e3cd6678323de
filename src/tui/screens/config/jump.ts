import type { MenuNode } from 'kconfiglib-js';
import { menusTo } from '../../sessions/config/index.ts';
import { reselect } from '../../state/cursor.ts';
import { type Screen, type State, withList } from '../../state/model.ts';
import type { ScreenWorld } from '../module.ts';
import { type ConfigScreen, configScreen, sessionOf } from './screen.ts';

/** What jumping needs of the screen it is asked from. */
interface From {
  readonly session: string;
  readonly all?: boolean;
  readonly names?: boolean;
}

/**
 * The menus to an entry in place of those now open, the entry selected. What is hidden is shown from then on if it has
 * to be, and that is said.
 */
export function jumpTo(state: State, world: ScreenWorld, from: From, node: MenuNode): State {
  const session = sessionOf(world, from);
  const menus = menusTo(node);
  const path = [...menus.slice(1), node];
  const listed = (all: boolean): boolean =>
    menus.every((menu, at) =>
      session.entries(menu, { all, flat: false }).some((entry) => entry.node === path[at]),
    );
  const wanted = from.all ?? openView(state, from.session)?.all ?? false;
  const all = wanted || !listed(false);
  const names = from.names ?? openView(state, from.session)?.names ?? false;
  const pane = openView(state, from.session)?.pane ?? 'few';
  const screens = menus.map((menu, at): Screen => {
    const screen = configScreen(from.session, session.remember(menu), { all, names, pane });
    const entries = session.entries(menu, { all, flat: false });
    const cursor = entries.findIndex((entry) => entry.node === path[at]);
    return withList(screen, { ...screen.list, cursor: Math.max(0, cursor) });
  });
  const at = state.stack.findIndex((screen) => isOf(screen, from.session));
  const below = at < 0 ? state.stack : state.stack.slice(0, at);
  const notice = all && !wanted ? 'This is hidden: all is shown now, z hides it again.' : null;
  const jumped = { ...state, stack: [...below, ...screens], typing: false, notice };
  return reselect(jumped, world, String(node.index));
}

/** The menu of a session that is open last, for how it is shown. */
function openView(state: State, session: string): ConfigScreen | undefined {
  return state.stack.findLast((screen): screen is ConfigScreen => isOf(screen, session));
}

function isOf(screen: Screen, session: string): screen is ConfigScreen {
  return screen.kind === 'config' && (screen as ConfigScreen).session === session;
}
