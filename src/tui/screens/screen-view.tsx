import { Box } from 'ink';
import type { ReactElement } from 'react';
import { type DialogLines, dialogLines } from '../dialogs/dialog-view.ts';
import { selectedRow } from '../state/cursor.ts';
import { LEAST } from '../state/layout.ts';
import { type State, topOf } from '../state/model.ts';
import { type Line, seg } from '../text/line.ts';
import { wrap } from '../text/wrap.ts';
import { DetailPane } from '../widgets/detail-pane.tsx';
import { blankLines, Lines } from '../widgets/lines.tsx';
import { List } from '../widgets/list.tsx';
import { StyledLine } from '../widgets/styled-line.tsx';
import { detailTitle, emptyText } from './chrome.ts';
import { bottomLine, tabLine, topLine } from './frame-lines.ts';
import type { ScreenWorld } from './module.ts';
import { ReaderView } from './reader-view.tsx';

/** The whole terminal for a state: every screen is the same frame around its own list. */
export function ScreenView({
  state,
  world,
}: {
  readonly state: State;
  readonly world: ScreenWorld;
}): ReactElement {
  if (world.theme.reader) return <ReaderView state={state} world={world} />;
  const { columns: width, rows: height } = state.size;
  const layout = world.layout(state);
  if (layout.panes === 'sentence') return <Sentence state={state} />;
  const dialog = state.dialog && dialogLines(state, world, state.dialog, state.size);
  if (dialog && height - dialog.lines.length < LEAST.rows) {
    return <DialogAlone state={state} world={world} dialog={dialog} />;
  }

  const screen = topOf(state);
  const { columns, rows: all } = world.table(state, screen);
  const row = selectedRow(state, world);
  const tabs = tabLine(state, world);
  const { title, remark } = detailTitle(state, world, row);
  return (
    <Box flexDirection="column" width={width} height={height}>
      <StyledLine line={topLine(state, world)} />
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
  return (
    <Box flexDirection="column" width={width} height={height}>
      <StyledLine line={topLine(state, world)} />
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

/** The lines a screen has between tabs and list, exactly `height` of them. */
function linesAbove(state: State, world: ScreenWorld, height: number): readonly Line[] {
  const screen = topOf(state);
  const { above } = world.module(screen.kind);
  if (!above || height === 0) return [];
  const lines = above.lines(state, screen, world, { columns: state.size.columns, rows: height });
  return [...lines.slice(0, height), ...blankLines(height - lines.length)];
}
