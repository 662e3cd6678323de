import type { Report } from '../../report/index.ts';
import { filterRows } from '../state/filter.ts';
import { type Layout, layoutOf } from '../state/layout.ts';
import { listOf, type Screen, type State, topOf } from '../state/model.ts';
import { NO_DETAIL, type Row } from '../state/row.ts';
import type { World } from '../state/world.ts';
import { lineText } from '../text/line.ts';
import type { Theme } from '../theme.ts';
import { detailLines } from '../widgets/detail-lines.ts';
import { cellOf, workloadsOf } from './cell-facts.ts';
import { MATRIX_SORTS, matrixTable } from './cell-list/rows.ts';
import { METRICS } from './cell-report/performance-tab.ts';
import { REPORT_TABS } from './cell-report/tabs.ts';
import { LAYERS } from './diff/layers.ts';
import { diffTable } from './diff/table.ts';
import { helpTable } from './help/table.ts';
import type { ScreenTable } from './table.ts';

/** A report as the screens show it: what the reducer may ask, and what the components draw. */
export interface ScreenWorld extends World {
  readonly report: Report;
  readonly theme: Theme;
  readonly workloads: readonly string[];
  table(state: State, screen: Screen): ScreenTable;
  layout(state: State): Layout;
}

/** How many tables are kept; going back to a screen or a tab must not build its table again. */
const KEPT_TABLES = 32;

/** A world of a report. Tables are built once per view of the report and kept. */
export function createWorld(report: Report, theme: Theme): ScreenWorld {
  const tables = new Map<string, ScreenTable>();
  const filtered = new WeakMap<ScreenTable, { filter: string; rows: readonly Row[] }>();
  const details = new WeakMap<object, { width: number; table: ScreenTable }>();
  const workloads = workloadsOf(report);

  const table = (state: State, screen: Screen): ScreenTable => {
    if (screen.kind === 'detail') {
      const width = state.size.columns;
      let found = details.get(screen.lines);
      if (found?.width !== width) {
        found = { width, table: detailTable(screen.lines, width, theme) };
        details.set(screen.lines, found);
      }
      return found.table;
    }
    const key = tableKey(screen, state.marks);
    let found = tables.get(key);
    if (!found) {
      if (tables.size >= KEPT_TABLES) tables.delete(tables.keys().next().value!);
      found = buildTable(report, theme, screen, state.marks);
      tables.set(key, found);
    }
    return found;
  };

  const rows = (state: State, screen: Screen): readonly Row[] => {
    const source = table(state, screen);
    const { filter } = listOf(screen);
    let found = filtered.get(source);
    if (found?.filter !== filter) {
      found = { filter, rows: filterRows(source.rows, filter) };
      filtered.set(source, found);
    }
    return found.rows;
  };

  const layout = (state: State): Layout => {
    const screen = topOf(state);
    return layoutOf(state.size, {
      kind: screen.kind,
      rows: table(state, screen).rows.length,
      tabs: tabCount(screen) > 0,
      plot: screen.kind === 'report' && REPORT_TABS[screen.tab]!.plot,
      header: screen.kind !== 'detail' && screen.kind !== 'help',
    });
  };

  return {
    report,
    theme,
    workloads,
    table,
    rows,
    layout,
    listHeight: (state) => layout(state).list,
    tabCount,
    hasPlot: (screen) => screen.kind === 'report' && REPORT_TABS[screen.tab]!.plot,
    sortNames: MATRIX_SORTS,
    metricCount: METRICS.length,
    workloadCount: workloads.length,
  };
}

function tabCount(screen: Screen): number {
  if (screen.kind === 'report') return REPORT_TABS.length;
  return screen.kind === 'diff' ? LAYERS.length : 0;
}

type TabledScreen = Exclude<Screen, { kind: 'detail' }>;

function tableKey(screen: TabledScreen, marks: readonly string[]): string {
  switch (screen.kind) {
    case 'matrix':
    case 'pick':
      return JSON.stringify(['cells', screen.sort, screen.descending, screen.workload, marks]);
    case 'report':
      return JSON.stringify(['report', screen.cell, screen.tab]);
    case 'diff':
      return JSON.stringify(['diff', screen.left, screen.right, screen.only]);
    case 'help':
      return JSON.stringify(['help', screen.about]);
  }
}

function buildTable(
  report: Report,
  { glyphs, ascii }: Theme,
  screen: TabledScreen,
  marks: readonly string[],
): ScreenTable {
  switch (screen.kind) {
    case 'matrix':
    case 'pick':
      return matrixTable(report, { ...screen, marks }, glyphs);
    case 'report': {
      const cell = cellOf(report, screen.cell);
      return cell
        ? REPORT_TABS[screen.tab]!.table(report, cell, glyphs)
        : { columns: [], rows: [] };
    }
    case 'diff':
      return diffTable(report, screen.left, screen.right, screen.only, glyphs);
    case 'help':
      return helpTable(screen.about, ascii);
  }
}

/** The lines of a detail screen are rows like any others, so that they scroll by the same keys. */
function detailTable(
  lines: Parameters<typeof detailLines>[0],
  width: number,
  { glyphs }: Theme,
): ScreenTable {
  const rows = detailLines(lines, width - 2, glyphs.ellipsis).map(
    (line, index): Row => ({
      key: String(index),
      span: true,
      cells: line,
      search: lineText(line),
      detail: NO_DETAIL,
    }),
  );
  return { columns: [{ title: '' }], rows };
}
