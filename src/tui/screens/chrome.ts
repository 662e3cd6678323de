import { listOf, type Screen, type State, topOf } from '../state/model.ts';
import type { Row } from '../state/row.ts';
import { count } from '../text/number.ts';
import { basisOf, cellOf, lockState, stateSegment } from './cell-facts.ts';
import { METRICS } from './cell-report/performance-tab.ts';
import { REPORT_TABS } from './cell-report/tabs.ts';
import type { ScreenWorld } from './world.ts';

/** Names of the screens from the first to the one on top. */
export function crumbsOf(state: State, world: ScreenWorld): string[] {
  return state.stack.map((screen) => crumbOf(screen, world));
}

function crumbOf(screen: Screen, { report, theme }: ScreenWorld): string {
  switch (screen.kind) {
    case 'matrix':
      return report.name;
    case 'pick':
      return `compare ${screen.left} with`;
    case 'report':
      return screen.cell;
    case 'diff':
      return `${screen.left} ${theme.glyphs.arrow} ${screen.right}`;
    case 'detail':
      return screen.title;
    case 'help':
      return 'keys';
  }
}

/** What row 1 says at its right end: how many rows, which filter, which order. */
export function statusOf(state: State, world: ScreenWorld): string {
  const screen = topOf(state);
  const parts = [countText(state, screen, world)];
  const { filter } = listOf(screen);
  if (filter !== '') parts.push(`/${filter}`);
  if (screen.kind === 'matrix' || screen.kind === 'pick') {
    const workload = world.workloads[screen.workload];
    if (workload) parts.push(workload);
    const { up, down } = world.theme.glyphs;
    if (screen.sort > 0 || screen.descending) {
      parts.push(`by ${world.sortNames[screen.sort]} ${screen.descending ? down : up}`);
    }
  }
  return parts.filter((part) => part !== '').join('  ');
}

function countText(state: State, screen: Screen, world: ScreenWorld): string {
  const shown = world.rows(state, screen).filter(isItem).length;
  const all = world.table(state, screen).rows.filter(isItem).length;
  const number = shown === all ? `${all}` : `${shown} of ${all}`;
  switch (screen.kind) {
    case 'matrix':
    case 'pick': {
      const rejected = world.report.cells.filter(({ status }) => status === 'rejected').length;
      const rest = rejected > 0 && shown === all ? `, ${rejected} rejected` : '';
      return `${number} ${all === 1 ? 'cell' : 'cells'}${rest}`;
    }
    case 'diff': {
      const rows = world.table(state, screen).rows;
      const differing = rows.filter(({ differs }) => differs).length;
      const scope = shown === all ? '' : `, ${number} rows`;
      return `${count(differing, 'difference')}${scope}`;
    }
    case 'report': {
      const cell = cellOf(world.report, screen.cell);
      const lock = cell
        ? `VMA lock ${stateSegment(lockState(world.report, cell), world.theme.glyphs).text}  `
        : '';
      return `${lock}${number} ${all === 1 ? 'row' : 'rows'}`;
    }
    case 'detail':
      return '';
    case 'help':
      return `${number} keys`;
  }
}

function isItem(row: Row): boolean {
  return row.heading !== true;
}

const NO_KERNEL = 'No kernel: Kconfig does not accept this option set. Tab 1 says why.';

/** What stands where a list has no rows. */
export function emptyText(state: State, { report }: ScreenWorld): string {
  const screen = topOf(state);
  const { filter } = listOf(screen);
  if (filter !== '') return `Nothing matches /${filter}. Esc clears the filter.`;
  if (screen.kind === 'report' && cellOf(report, screen.cell)?.kernel === null) return NO_KERNEL;
  return screen.kind === 'diff' ? 'No difference.' : 'Nothing here.';
}

/** Title and remark of the rule above the detail pane. */
export function detailTitle(
  state: State,
  world: ScreenWorld,
  row: Row | null,
): { readonly title: string; readonly remark: string } {
  const screen = topOf(state);
  const title = row ? (row.title ?? row.key) : '';
  if (screen.kind === 'report') {
    if (!row) return { title, remark: '' };
    const { word } = basisOf(world.report, REPORT_TABS[screen.tab]!.section);
    const metric = world.hasPlot(screen) ? `plot: ${METRICS[screen.metric]!.title}  ` : '';
    // A modelled figure must never be taken for a measured one.
    return { title, remark: metric + (word === 'modelled' ? 'modelled, not measured' : word) };
  }
  const marks = screen.kind === 'matrix' ? state.marks : [];
  const remark = marks.map((id, index) => `${index + 1}: ${id}`).join('  ');
  return { title, remark: cellOf(world.report, title) ? remark : '' };
}
