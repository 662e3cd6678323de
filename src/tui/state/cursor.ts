import { replaceTop, type State, topOf, withList } from './model.ts';
import { indexOfKey, type Row, type Rows } from './row.ts';
import { clamp, windowOf } from './window.ts';
import type { World } from './world.ts';

/** The nearest row to `from` that can be selected, looking first in `direction`; -1 if there is none. */
export function selectable(rows: Rows, from: number, direction: 1 | -1): number {
  const start = clamp(from, 0, rows.length - 1);
  for (const step of [direction, -direction]) {
    for (let index = start; index >= 0 && index < rows.length; index += step) {
      if (!rows.at(index)!.heading) return index;
    }
  }
  return -1;
}

/** The cursor after moving by `rows` rows, headings not counted as a stop. */
export function moveCursor(state: State, world: World, by: number): State {
  const rows = world.rows(state, topOf(state));
  const { cursor } = topOf(state).list;
  const target = selectable(rows, cursor + by, by < 0 ? -1 : 1);
  return setCursor(state, target);
}

/** The selection put on a row by its index. */
export function setCursor(state: State, cursor: number): State {
  const screen = topOf(state);
  return replaceTop(state, withList(screen, { ...screen.list, cursor }));
}

/** Key of the selected row. */
export function selectedKey(state: State, world: World): string | null {
  return selectedRow(state, world)?.key ?? null;
}

/** The selected row. */
export function selectedRow(state: State, world: World): Row | null {
  const screen = topOf(state);
  const row = rowAt(world.rows(state, screen), screen.list.cursor);
  return row && !row.heading ? row : null;
}

/** The selection put back on the row it was on, wherever a new filter or order has moved that row. */
export function reselect(state: State, world: World, key: string | null): State {
  const index = indexOfKey(world.rows(state, topOf(state)), key);
  return setCursor(state, index < 0 ? 0 : index);
}

/** Bring cursor and scroll offset of the screen on top back within its rows and its height. */
export function settle(state: State, world: World): State {
  const screen = topOf(state);
  const rows = world.rows(state, screen);
  const { list } = screen;
  const cursor = Math.max(0, selectable(rows, list.cursor, 1));
  const { other } = rowAt(rows, cursor) ?? {};
  let lead = other === 'above' ? cursor - 1 : cursor;
  while (lead > 0 && rows.at(lead - 1)!.heading) lead--;
  const height = world.listHeight(state);
  const tail = other === 'below' ? cursor + 1 : cursor;
  const at = { count: rows.length, height, cursor, offset: list.offset };
  const { start } = windowOf({ ...at, lead, tail });
  if (cursor === list.cursor && start === list.offset) return state;
  return replaceTop(state, withList(screen, { ...list, cursor, offset: start }));
}

/** The row with an index; `undefined` beyond either end. */
export function rowAt(rows: Rows, index: number): Row | undefined {
  return index < 0 || index >= rows.length ? undefined : rows.at(index);
}
