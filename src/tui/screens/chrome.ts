import { type State, topOf } from '../state/model.ts';
import { countItems, type Row } from '../state/row.ts';
import type { ScreenWorld } from './module.ts';

/** Names of the screens from the first to the one on top. */
export function crumbsOf(state: State, world: ScreenWorld): string[] {
  return state.stack.map((screen) => world.module(screen.kind).crumb(screen, world));
}

/** What row 1 says at its right end: how many rows, which filter, and what the screen adds. */
export function statusOf(state: State, world: ScreenWorld): string {
  const screen = topOf(state);
  const module = world.module(screen.kind);
  const shown = countItems(world.rows(state, screen));
  const all = countItems(world.table(state, screen).rows);
  const { filter } = screen.list;
  return [
    module.count(state, screen, world, { shown, all }),
    filter === '' ? '' : `/${filter}`,
    ...(module.status?.(state, screen, world) ?? []),
  ]
    .filter((part) => part !== '')
    .join('  ');
}

/** What stands where a list has no rows. */
export function emptyText(state: State, world: ScreenWorld): string {
  const screen = topOf(state);
  const { filter } = screen.list;
  if (filter !== '') return `Nothing matches /${filter}. Esc clears the filter.`;
  return world.module(screen.kind).empty?.(screen, world) ?? 'Nothing here.';
}

/** Title and remark of the rule above the detail pane. */
export function detailTitle(
  state: State,
  world: ScreenWorld,
  row: Row | null,
): { readonly title: string; readonly remark: string } {
  const screen = topOf(state);
  const remark = world.module(screen.kind).remark?.(state, screen, world, row) ?? '';
  return { title: row ? (row.title ?? row.key) : '', remark };
}
