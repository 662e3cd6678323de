import { Box } from 'ink';
import type { ReactElement } from 'react';
import { footerBindings } from '../keys/match.ts';
import { selectedRow } from '../state/cursor.ts';
import { LEAST } from '../state/layout.ts';
import { listOf, type State, topOf } from '../state/model.ts';
import { scopeOf, situationOf } from '../state/reducer.ts';
import { fitLine, type Line, seg } from '../text/line.ts';
import { wrap } from '../text/wrap.ts';
import { breadcrumbLine } from '../widgets/breadcrumb.ts';
import { DetailPane } from '../widgets/detail-pane.tsx';
import { filterLine, footerLine } from '../widgets/footer.ts';
import { blankLines, Lines } from '../widgets/lines.tsx';
import { List } from '../widgets/list.tsx';
import { plot } from '../widgets/plot.ts';
import { StyledLine } from '../widgets/styled-line.tsx';
import { tabsLine } from '../widgets/tabs.ts';
import { cellOf } from './cell-facts.ts';
import { METRICS, performanceSeries, workloadOfRow } from './cell-report/performance-tab.ts';
import { REPORT_TABS } from './cell-report/tabs.ts';
import { crumbsOf, detailTitle, emptyText, statusOf } from './chrome.ts';
import { layerTabs } from './diff/table.ts';
import type { ScreenWorld } from './world.ts';

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
      <Lines lines={plotLines(state, world, layout.plot)} />
      <List
        rows={world.rows(state, screen)}
        all={all}
        columns={columns}
        list={listOf(screen)}
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
          more={
            screen.kind === 'matrix' || screen.kind === 'pick' ? 'i shows all' : 'Enter shows all'
          }
        />
      )}
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
  const bindings = footerBindings(scopeOf(state), situationOf(state, world));
  if (state.typing) return filterLine(listOf(topOf(state)).filter, bindings, width, theme);
  return footerLine(bindings, width, theme);
}

function tabsOf(state: State, world: ScreenWorld, width: number): Line | null {
  const screen = topOf(state);
  const { glyphs } = world.theme;
  if (screen.kind === 'report') return tabsLine(REPORT_TABS, screen.tab, width, glyphs);
  if (screen.kind !== 'diff') return null;
  const layer = selectedRow(state, world)?.layer ?? -1;
  return tabsLine(layerTabs(world.table(state, screen).rows), layer, width, glyphs);
}

/** The plot of the selected row's cell, its workload on top; lines of its exact height. */
function plotLines(state: State, world: ScreenWorld, height: number): readonly Line[] {
  const screen = topOf(state);
  if (screen.kind !== 'report' || height === 0) return [];
  const { report, theme } = world;
  const cell = cellOf(report, screen.cell);
  const series = cell ? performanceSeries(report, cell, screen.metric) : [];
  const workload = workloadOfRow(selectedRow(state, world)?.key ?? '');
  const lines = plot(series, {
    width: state.size.columns,
    height,
    ascii: theme.ascii,
    glyphs: theme.glyphs,
    xTitle: 'CPUs',
    yTitle: METRICS[screen.metric]!.title,
    yText: METRICS[screen.metric]!.text,
    emphasis: series.findIndex(({ name }) => name === workload),
  });
  return [...lines, ...blankLines(height - lines.length)];
}
