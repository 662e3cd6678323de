import { Box } from 'ink';
import type { ReactElement } from 'react';
import { type DialogLines, dialogLines } from '../dialogs/dialog-view.ts';
import { footerBindings } from '../keys/key-table.ts';
import { selectedRow } from '../state/cursor.ts';
import { LEAST } from '../state/layout.ts';
import { type State, topOf } from '../state/model.ts';
import { nowOf, scopeOf } from '../state/reducer.ts';
import { fitLine, type Line, seg } from '../text/line.ts';
import { wrap } from '../text/wrap.ts';
import { breadcrumbLine } from '../widgets/breadcrumb.ts';
import { DetailPane } from '../widgets/detail-pane.tsx';
import { filterLine, footerLine } from '../widgets/footer.ts';
import { blankLines, Lines } from '../widgets/lines.tsx';
import { List } from '../widgets/list.tsx';
import { StyledLine } from '../widgets/styled-line.tsx';
import { tabsLine } from '../widgets/tabs.ts';
import { crumbsOf, detailTitle, emptyText, statusOf } from './chrome.ts';
import type { ScreenWorld } from './module.ts';

/** The whole terminal for a state: every screen is the same frame around its own list. */
export function ScreenView({
  state,
  world,
}: {
  readonly state: State;
  readonly world: ScreenWorld;
}): ReactElement {
  const { columns: width, rows: height } = state.size;
  const { theme } = world;
  const { glyphs } = theme;
  const layout = world.layout(state);
  if (layout.panes === 'sentence') return <Sentence state={state} />;
  const dialog = state.dialog && dialogLines(state, world, state.dialog, state.size);
  if (dialog && height - dialog.lines.length < LEAST.rows) {
    return <DialogAlone state={state} world={world} dialog={dialog} />;
  }

  const screen = topOf(state);
  const { columns, rows: all } = world.table(state, screen);
  const row = selectedRow(state, world);
  const tabs = tabsOf(state, world, width);
  const { title, remark } = detailTitle(state, world, row);
  return (
    <Box flexDirection="column" width={width} height={height}>
      <StyledLine
        line={breadcrumbLine(crumbsOf(state, world), statusOf(state, world), width, glyphs)}
      />
      {tabs && <StyledLine line={tabs} />}
      <Lines lines={linesAbove(state, world, layout.above)} />
      <List
        rows={world.rows(state, screen)}
        all={all}
        columns={columns}
        list={screen.list}
        width={width}
        height={layout.list}
        header={layout.header > 0}
        empty={emptyText(state, world)}
      />
      {layout.panes === 'two' && (
        <DetailPane
          title={title}
          remark={remark}
          details={row?.detail() ?? []}
          width={width}
          height={layout.detail}
          more={world.module(screen.kind).more ?? 'Enter shows all'}
        />
      )}
      {dialog && <Lines {...dialog} />}
      <StyledLine line={bottomLine(state, world)} />
    </Box>
  );
}

/** A dialog on a terminal too low for anything beside it. */
function DialogAlone({
  state,
  world,
  dialog,
}: {
  readonly state: State;
  readonly world: ScreenWorld;
  readonly dialog: DialogLines;
}): ReactElement {
  const { columns: width, rows: height } = state.size;
  const crumbs = breadcrumbLine(crumbsOf(state, world), '', width, world.theme.glyphs);
  return (
    <Box flexDirection="column" width={width} height={height}>
      <StyledLine line={crumbs} />
      <Lines {...dialog} />
      <Lines lines={blankLines(height - 2 - dialog.lines.length)} />
      <StyledLine line={bottomLine(state, world)} />
    </Box>
  );
}

/** Below the least size: one sentence, over as many lines as there are. */
function Sentence({ state: { size } }: { readonly state: State }): ReactElement {
  const text = `Too small: ${LEAST.columns}x${LEAST.rows} needed. q quits.`;
  const lines = wrap(text, size.columns).slice(0, Math.max(1, size.rows));
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows}>
      <Lines lines={lines.map((line) => [seg(line)])} />
    </Box>
  );
}

/** The footer; a remark on the last key or the filter being typed stands in its place. */
function bottomLine(state: State, world: ScreenWorld): Line {
  const { theme } = world;
  const width = state.size.columns;
  if (state.notice !== null) {
    return fitLine([seg(` ${state.notice}`, 'warn')], width, theme.glyphs.ellipsis);
  }
  const bindings = footerBindings(world.keys, scopeOf(state), nowOf(state, world));
  if (state.typing) return filterLine(topOf(state).list.filter, bindings, width, theme);
  return footerLine(bindings, width, theme);
}

function tabsOf(state: State, world: ScreenWorld, width: number): Line | null {
  const screen = topOf(state);
  const { tabs } = world.module(screen.kind);
  if (!tabs) return null;
  const open = tabs.open(state, screen, world);
  return tabsLine(tabs.list(state, screen, world), open, width, world.theme.glyphs);
}

/** The lines a screen has between tabs and list, exactly `height` of them. */
function linesAbove(state: State, world: ScreenWorld, height: number): readonly Line[] {
  const screen = topOf(state);
  const { above } = world.module(screen.kind);
  if (!above || height === 0) return [];
  const lines = above.lines(state, screen, world, { columns: state.size.columns, rows: height });
  return [...lines.slice(0, height), ...blankLines(height - lines.length)];
}
