import type { Report } from '../../../report/index.ts';
import type { Binding } from '../../keys/binding.ts';
import { reselect, selectedKey } from '../../state/cursor.ts';
import { replaceTop, type Screen, type State } from '../../state/model.ts';
import { countItems } from '../../state/row.ts';
import { isIndex } from '../../state/saved.ts';
import { workloadsOf } from '../cell-facts.ts';
import type { Counts, Saved, ScreenModule, ScreenWorld, Step } from '../module.ts';
import { MATRIX_SORTS, matrixTable } from './rows.ts';

/** A list of cells, to browse or to choose from. */
export interface CellsScreen extends Screen {
  /** Index of the sort order; 0 is the matrix's own. */
  readonly sort: number;
  readonly descending: boolean;
  /** Index of the workload whose throughput is shown. */
  readonly workload: number;
}

const some = ({ state, screen, world }: Parameters<NonNullable<Binding['when']>>[0]): boolean =>
  countItems(world.rows(state, screen)) > 0;

/** Keys of a list of cells. `open` is what Enter does there. */
export function cellBindings(open: {
  readonly label: string;
  readonly help: string;
}): readonly Binding<CellsScreen>[] {
  return [
    {
      command: 'open',
      keys: ['enter', 'right', 'l'],
      ...open,
      group: 'Open and leave',
      footer: 1,
      when: some,
    },
    {
      command: 'detail',
      keys: ['i'],
      label: 'why',
      help: 'every option of the cell and why',
      group: 'Open and leave',
      footer: 2,
      when: some,
    },
    {
      command: 'cells:sort',
      keys: ['s'],
      label: 'sort',
      help: 'sort by the next column',
      group: 'Find and sort',
      footer: 6,
    },
    {
      command: 'cells:reverse',
      keys: ['S'],
      label: 'reverse',
      help: 'reverse the order',
      group: 'Find and sort',
    },
    {
      command: 'cells:workload',
      keys: ['w'],
      label: 'workload',
      help: 'throughput of the next workload',
      group: 'Find and sort',
      footer: 8,
      when: ({ world }) => workloadsOf(world.report).length > 1,
    },
  ];
}

/** The order of a list as it was left; `null` if there is no such order or workload any more. */
export function restoredOrder(
  { sort, descending, workload }: Saved,
  report: Report,
): Pick<CellsScreen, 'sort' | 'descending' | 'workload'> | null {
  const workloads = Math.max(1, workloadsOf(report).length);
  if (!isIndex(sort, MATRIX_SORTS.length) || !isIndex(workload, workloads)) return null;
  return { sort, workload, descending: descending === true };
}

/** Steps of a list of cells. */
export const CELL_COMMANDS: Readonly<Record<string, Step<CellsScreen>>> = {
  'cells:sort': (state, world, screen) =>
    changed(state, world, {
      ...screen,
      sort: (screen.sort + 1) % MATRIX_SORTS.length,
      descending: false,
    }),
  'cells:reverse': (state, world, screen) =>
    changed(state, world, { ...screen, descending: !screen.descending }),
  'cells:workload': (state, world, screen) => {
    const count = Math.max(1, workloadsOf(world.report).length);
    return changed(state, world, { ...screen, workload: (screen.workload + 1) % count });
  },
};

/** What a list of cells shows, whatever it is there for. */
export const CELL_LIST: Pick<
  ScreenModule<CellsScreen>,
  'count' | 'status' | 'tableKey' | 'table' | 'more'
> = {
  count: cellCount,
  status: (_state, { workload, sort, descending }, { report, theme }) => {
    const { up, down } = theme.glyphs;
    const order =
      sort > 0 || descending ? [`by ${MATRIX_SORTS[sort]} ${descending ? down : up}`] : [];
    return [workloadsOf(report)[workload] ?? '', ...order];
  },
  tableKey: ({ marks }, { sort, descending, workload }) =>
    JSON.stringify([sort, descending, workload, marks]),
  table: ({ marks }, screen, { report, theme }) =>
    matrixTable(report, { ...screen, marks }, theme.glyphs),
  more: 'i shows all',
};

function cellCount(
  _state: State,
  _screen: CellsScreen,
  { report }: ScreenWorld,
  { shown, all }: Counts,
): string {
  const rejected = report.cells.filter(({ status }) => status === 'rejected').length;
  const rest = rejected > 0 && shown === all ? `, ${rejected} rejected` : '';
  const number = shown === all ? `${all}` : `${shown} of ${all}`;
  return `${number} ${all === 1 ? 'cell' : 'cells'}${rest}`;
}

/** Another order or column: the selection stays on its cell. */
function changed(state: State, world: ScreenWorld, screen: CellsScreen): State {
  return reselect(replaceTop(state, screen), world, selectedKey(state, world));
}
