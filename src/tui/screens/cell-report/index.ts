import { lockPresence } from '../../../report/index.ts';
import { type VerdictRef, verdictAt, verdictOfKey } from '../../sessions/verdicts.ts';
import { rowAt, selectedKey } from '../../state/cursor.ts';
import { push, replaceTop, type State, withList } from '../../state/model.ts';
import { findRow } from '../../state/row.ts';
import { isIndex } from '../../state/saved.ts';
import { basisOf, cellOf, stateSegment, workloadsOf } from '../cell-facts.ts';
import { listCells, stillOpen } from '../cell-list/listed.ts';
import { isMatrix } from '../cells/screen.ts';
import { compareCell } from '../diff/compare.ts';
import { fileName, openExport } from '../export/screen.ts';
import type { ScreenModule, ScreenWorld } from '../module.ts';
import { traceScreen } from '../trace/screen.ts';
import { locksOf } from './evidence.ts';
import { METRICS } from './performance-tab.ts';
import { performanceLines, performanceSentence } from './plot-lines.ts';
import { type ReportScreen, reportScreen, restoredLists, withTab } from './screen.ts';
import { REPORT_TABS } from './tabs.ts';

const NO_KERNEL = 'No kernel: Kconfig does not accept this option set. Tab 1 says why.';

const NOT_ASKED = 'The model checker was not asked: v on the list of cells asks it.';

/** More lines do not make a plot easier to read. */
const PLOT_LINES = { least: 7, most: 20 };

/** The report of a cell, in tabs. */
export const reportModule: ScreenModule<ReportScreen> = {
  kind: 'report',
  crumb: ({ cell }) => cell,
  count: (_state, screen, { report, theme }, { shown, all }) => {
    const cell = cellOf(report, screen.cell);
    const lock = cell
      ? `VMA lock ${stateSegment(lockPresence(report, cell), theme.glyphs).text}  `
      : '';
    const number = shown === all ? `${all}` : `${shown} of ${all}`;
    return `${lock}${number} ${all === 1 ? 'row' : 'rows'}`;
  },
  tableKey: (_state, { cell, tab }) => JSON.stringify([cell, tab]),
  table: (_state, screen, world) => {
    const { report, theme } = world;
    const cell = cellOf(report, screen.cell);
    if (!cell) return { columns: [], rows: [] };
    return REPORT_TABS[screen.tab]!.table(report, cell, theme.glyphs, (kernel, workload) =>
      locksOf(world, kernel, workload),
    );
  },
  tabs: {
    list: () => REPORT_TABS,
    open: (_state, { tab }) => tab,
    go: (state, screen, _world, tab) => replaceTop(state, withTab(screen, tab)),
  },
  above: {
    wanted: ({ tab }) => (REPORT_TABS[tab]!.plot ? PLOT_LINES : null),
    lines: performanceLines,
    sentence: performanceSentence,
  },
  restore: ({ cell, tab, metric, lists, list }, world) => {
    if (typeof cell !== 'string' || !listCells(world).some(({ id }) => id === cell)) return null;
    if (!isIndex(tab, REPORT_TABS.length) || !isIndex(metric, METRICS.length)) return null;
    return { ...reportScreen(cell), tab, metric, list, lists: restoredLists(lists) };
  },
  empty: ({ cell, tab }, world) => {
    const { report } = world;
    const open = stillOpen(world, cell);
    if (open !== null) return open;
    if (cellOf(report, cell)?.kernel === null) return NO_KERNEL;
    const { section, plot } = REPORT_TABS[tab]!;
    if (section === null) return NOT_ASKED;
    return plot ? 'Nothing is measured yet.' : 'Nothing here.';
  },
  remark: (_state, { tab, metric }, { report }, row) => {
    if (!row) return '';
    const { section, plot } = REPORT_TABS[tab]!;
    if (section === null) return 'of the edition, modelled';
    const { word } = basisOf(report, section);
    const plotted = plot ? `plot: ${METRICS[metric]!.title}  ` : '';
    // A modelled figure must never be taken for a measured one.
    return plotted + (word === 'modelled' ? 'modelled, not measured' : word);
  },
  bindings: [
    {
      command: 'tab',
      keys: ['1', '2', '3', '4', '5', '6'],
      label: 'tab',
      help: 'the tab with this number',
      group: 'Open and leave',
    },
    {
      command: 'report:next-cell',
      keys: [']'],
      label: 'next cell',
      help: 'same tab of the next cell',
      group: 'Open and leave',
      footer: 5,
    },
    {
      command: 'report:previous-cell',
      keys: ['['],
      label: 'previous cell',
      help: 'same tab of the previous cell',
      group: 'Open and leave',
    },
    {
      command: 'report:metric',
      keys: ['m'],
      label: 'metric',
      help: 'plot throughput, median, 99th percentile, or the span',
      group: 'Find and sort',
      footer: 3,
      when: ({ screen }) => REPORT_TABS[screen.tab]!.plot,
    },
    {
      command: 'report:workload',
      keys: ['w'],
      label: 'workload',
      help: 'plot all workloads, or one of this cell and the marked ones',
      group: 'Find and sort',
      footer: 4,
      when: ({ screen, world }) =>
        REPORT_TABS[screen.tab]!.plot && workloadsOf(world.report).length > 0,
    },
    {
      command: 'report:trace',
      keys: ['t'],
      label: 'trace',
      help: 'step through the schedule the model checker found',
      group: 'Open and leave',
      footer: 2,
      when: ({ state, world, screen }) => shownBy(state, world, screen) !== null,
    },
    {
      command: 'diff',
      keys: ['d'],
      label: 'diff',
      help: 'compare marked cells, this with the marked one, or choose',
      group: 'Compare',
      footer: 4,
    },
  ],
  commands: {
    export: (state, world, { cell }) =>
      openExport(state, world, [
        {
          title: `the report of ${cell}`,
          short: 'cell',
          name: fileName(`${world.report.name}-${cell}`),
          scope: { kind: 'report', cells: [cell] },
        },
      ]),
    'report:next-cell': (state, world, screen) => stepCell(state, world, screen, 1),
    'report:previous-cell': (state, world, screen) => stepCell(state, world, screen, -1),
    'report:metric': (state, _world, screen) =>
      replaceTop(state, {
        ...screen,
        metric: (screen.metric + 1) % METRICS.length,
      } as ReportScreen),
    'report:workload': (state, world, screen) => {
      const ring = [null, ...workloadsOf(world.report)];
      const next = ring[(ring.indexOf(screen.workload) + 1) % ring.length] ?? null;
      return replaceTop(state, { ...screen, workload: next } as ReportScreen);
    },
    'report:trace': (state, world, screen) => {
      const verdict = shownBy(state, world, screen);
      return verdict ? push(state, traceScreen(verdict)) : state;
    },
    diff: (state, world, { cell }) => compareCell(state, world, cell),
  },
};

/** The selected verdict, if there is a schedule that shows it. */
function shownBy(state: State, world: ScreenWorld, { tab }: ReportScreen): VerdictRef | null {
  if (REPORT_TABS[tab]!.section !== null) return null;
  const verdict = verdictOfKey(selectedKey(state, world), 'report');
  return verdict && verdictAt(world.sessions, verdict)?.trace ? verdict : null;
}

/** The next cell in the order and under the filter of the list the report was opened from. */
function stepCell(state: State, world: ScreenWorld, screen: ReportScreen, by: 1 | -1): State {
  const below = state.stack.at(-2);
  if (!isMatrix(below)) return state;
  const cells = world.rows(state, below);
  const index = findRow(cells, (row) => row.key === screen.cell) + by;
  const next = rowAt(cells, index);
  if (!next)
    return { ...state, notice: by > 0 ? 'This is the last cell.' : 'This is the first cell.' };
  // The list follows, so that going back lands on the cell last looked at.
  const followed = withList(below, { ...below.list, cursor: index });
  const moved: ReportScreen = { ...screen, cell: next.key };
  return { ...state, stack: [...state.stack.slice(0, -2), followed, moved] };
}
