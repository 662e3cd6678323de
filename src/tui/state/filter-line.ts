import { reselect, selectedKey } from './cursor.ts';
import { replaceTop, type State, topOf, withList } from './model.ts';
import type { World } from './world.ts';

/** The filter of the screen on top changed, the selection kept where its row is still there. */
export function setFilter(state: State, world: World, filter: string): State {
  const key = selectedKey(state, world);
  const screen = topOf(state);
  const list = { ...screen.list, filter, offset: 0 };
  return reselect(replaceTop(state, withList(screen, list)), world, key);
}

/** The filter of the screen on top edited. */
export function editFilter(state: State, world: World, edit: (text: string) => string): State {
  return setFilter(state, world, edit(topOf(state).list.filter));
}
