import { footerBindings } from '../keys/key-table.ts';
import { type State, topOf } from '../state/model.ts';
import { nowOf, scopeOf } from '../state/scope.ts';
import { fitLine, type Line, seg } from '../text/line.ts';
import { breadcrumbLine } from '../widgets/breadcrumb.ts';
import { filterLine, footerLine } from '../widgets/footer.ts';
import { tabsLine } from '../widgets/tabs.ts';
import { crumbsOf, statusOf } from './chrome.ts';
import type { ScreenWorld } from './module.ts';

/** The first line: where we are, and what there is. */
export function topLine(state: State, world: ScreenWorld): Line {
  const { columns } = state.size;
  return breadcrumbLine(
    crumbsOf(state, world),
    statusOf(state, world),
    columns,
    world.theme.glyphs,
  );
}

/** The line of tabs; `null` where the screen has none. */
export function tabLine(state: State, world: ScreenWorld): Line | null {
  const screen = topOf(state);
  const { tabs } = world.module(screen.kind);
  if (!tabs) return null;
  const open = tabs.open(state, screen, world);
  return tabsLine(tabs.list(state, screen, world), open, state.size.columns, world.theme.glyphs);
}

/** The footer; a remark on the last key or the filter being typed stands in its place. */
export function bottomLine(state: State, world: ScreenWorld): Line {
  const { theme } = world;
  const width = state.size.columns;
  if (state.notice !== null) {
    return fitLine([seg(` ${state.notice}`, 'warn')], width, theme.glyphs.ellipsis);
  }
  const bindings = footerBindings(world.keys, scopeOf(state), nowOf(state, world));
  if (scopeOf(state) !== 'filter') return footerLine(bindings, width, theme);
  const { kind, list } = topOf(state);
  const words = world.module(kind).typing ?? {};
  const named = bindings.map((one) => ({ ...one, label: words[one.command] ?? one.label }));
  return filterLine(list.filter, named, width, theme);
}
