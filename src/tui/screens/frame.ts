import { type DialogLines, dialogLines } from '../dialogs/dialog-view.ts';
import type { Frame } from '../paint/painter.ts';
import { selectedRow } from '../state/cursor.ts';
import { LEAST } from '../state/layout.ts';
import { type State, topOf } from '../state/model.ts';
import { fitLine, type Line, seg } from '../text/line.ts';
import { wrap } from '../text/wrap.ts';
import { blankLines } from '../widgets/blank-lines.ts';
import { detailPane } from '../widgets/detail-pane.ts';
import { listLines, type SelectedLines } from '../widgets/list-lines.ts';
import { detailTitle, emptyText } from './chrome.ts';
import { bottomLine, tabLine, topLine } from './frame-lines.ts';
import type { ScreenWorld } from './module.ts';

/** The whole terminal for a state: every screen is the same frame around its own list. */
export function frameOf(state: State, world: ScreenWorld): Frame {
  const layout = world.layout(state);
  if (layout.panes === 'sentence') return stacked(state, [sentence(state)]);
  const top = [topLine(state, world)];
  const bottom = [bottomLine(state, world)];
  const dialog = state.dialog && dialogLines(state, world, state.dialog, state.size);
  if (dialog && state.size.rows - dialog.lines.length < LEAST.rows) {
    return stacked(state, [top, ...aloneBelow(state, dialog), bottom]);
  }

  const { columns: width } = state.size;
  const { glyphs } = world.theme;
  const screen = topOf(state);
  const { columns, rows: all } = world.table(state, screen);
  const tabs = tabLine(state, world);
  const list = listLines(
    {
      rows: world.rows(state, screen),
      all,
      columns,
      list: screen.list,
      width,
      height: layout.list,
      header: layout.header > 0,
      empty: emptyText(state, world),
    },
    glyphs,
  );
  return stacked(state, [
    top,
    tabs ? [tabs] : [],
    linesAbove(state, world, layout.above),
    list,
    layout.panes === 'two' ? detailsOf(state, world, layout.detail) : [],
    dialog ?? [],
    bottom,
  ]);
}

/** Parts of a screen below each other, from its first line on. */
function stacked(
  { size }: State,
  parts: readonly (readonly Line[] | SelectedLines | DialogLines)[],
): Frame {
  const lines: Line[] = [];
  const selected: number[] = [];
  for (const part of parts) {
    const { lines: own, selected: index } = 'lines' in part ? part : { lines: part, selected: -1 };
    if (index >= 0) selected.push(lines.length + index);
    lines.push(...own);
  }
  return { ...size, lines: lines.slice(0, size.rows), selected };
}

/** A dialog on a terminal too low for anything beside it. */
function aloneBelow({ size }: State, dialog: DialogLines): [DialogLines, Line[]] {
  return [dialog, blankLines(size.rows - 2 - dialog.lines.length)];
}

/** Below the least size: one sentence, over as many lines as there are. */
function sentence({ size }: State): Line[] {
  const text = `Too small: ${LEAST.columns}x${LEAST.rows} needed. q quits.`;
  const lines = wrap(text, size.columns).slice(0, Math.max(1, size.rows));
  return lines.map((line) => [seg(line)]);
}

/** The lines a screen has between tabs and list, exactly `height` of them. */
function linesAbove(state: State, world: ScreenWorld, height: number): readonly Line[] {
  const screen = topOf(state);
  const { above } = world.module(screen.kind);
  if (!above || height === 0) return [];
  const { columns } = state.size;
  const lines = above.lines(state, screen, world, { columns, rows: height });
  const { ellipsis } = world.theme.glyphs;
  return [
    ...lines.slice(0, height).map((line) => fitLine(line, columns, ellipsis)),
    ...blankLines(height - lines.length),
  ];
}

function detailsOf(state: State, world: ScreenWorld, height: number): Line[] {
  const row = selectedRow(state, world);
  const view = {
    ...detailTitle(state, world, row),
    details: row?.detail() ?? [],
    width: state.size.columns,
    height,
    more: world.module(topOf(state).kind).more ?? 'Enter shows all',
  };
  return detailPane(view, world.theme.glyphs);
}
