import { groupAxes } from '../../../report/index.ts';
import type { Binding } from '../../keys/binding.ts';
import { reselect, selectedKey } from '../../state/cursor.ts';
import { replaceTop, type Screen, type State } from '../../state/model.ts';
import { countItems } from '../../state/row.ts';
import { isIndex } from '../../state/saved.ts';
import { workloadsOf } from '../cell-facts.ts';
import type { Counts, Saved, ScreenModule, ScreenWorld, Step } from '../module.ts';
import { groupKey, groupOfKey } from './group-rows.ts';
import { listCells, runSession } from './listed.ts';
import { matrixTable, sortNames } from './rows.ts';

/** A list of cells, to browse or to choose from. */
export interface CellsScreen extends Screen {
  /** Title of the column it is sorted by; empty for the matrix's own order. */
  readonly sort: string;
  readonly descending: boolean;
  /** Index of the workload whose throughput is shown. */
  readonly workload: number;
  /** What cells are grouped by; empty for nothing. */
  readonly by: string;
  /** Values of the groups that are closed. */
  readonly closed: readonly string[];
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
      command: 'cells:group',
      keys: ['b'],
      label: 'group by',
      help: 'group by edition, each option of the matrix, the lock, or not',
      group: 'Find and sort',
      footer: 7,
    },
    {
      command: 'cells:fold',
      keys: ['-'],
      label: 'close all',
      help: 'close all groups, or open them if they are',
      group: 'Find and sort',
      when: ({ screen }) => screen.by !== '',
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
export function restoredOrder({
  sort,
  descending,
  workload,
  by,
  closed,
}: Saved): Omit<CellsScreen, 'kind' | 'list'> | null {
  if (typeof sort !== 'string' || typeof by !== 'string' || !isIndex(workload)) return null;
  const values = Array.isArray(closed) ? closed : [];
  return {
    sort,
    by,
    workload,
    descending: descending === true,
    closed: values.filter((value) => typeof value === 'string'),
  };
}

/** Steps of a list of cells. */
export const CELL_COMMANDS: Readonly<Record<string, Step<CellsScreen>>> = {
  'cells:sort': (state, world, screen) =>
    changed(state, world, {
      ...screen,
      sort: after(sortNames(world), screen.sort),
      descending: false,
    }),
  'cells:reverse': (state, world, screen) =>
    changed(state, world, { ...screen, descending: !screen.descending }),
  'cells:group': (state, world, screen) =>
    changed(state, world, {
      ...screen,
      by: after(['', ...groupAxes(world.report)], screen.by),
      closed: [],
    }),
  'cells:fold': (state, world, screen) => {
    const row = selectedKey(state, world);
    const cell = world.report.cells.find(({ id }) => id === row);
    const closed = screen.closed.length > 0 ? [] : groupValues(state, world, screen);
    const next = replaceTop(state, { ...screen, closed } as CellsScreen);
    const own = closed.length > 0 && cell ? groupOf(state, world, screen, cell.id) : row;
    return reselect(next, world, own);
  },
  'cells:workload': (state, world, screen) => {
    const count = Math.max(1, workloadsOf(world.report).length);
    return changed(state, world, { ...screen, workload: (screen.workload + 1) % count });
  },
};

/** The state with the selected group opened or closed; `null` if no group is selected. */
export function toggledGroup(state: State, world: ScreenWorld, screen: CellsScreen): State | null {
  const value = groupOfKey(selectedKey(state, world));
  if (value === null) return null;
  const closed = screen.closed.includes(value)
    ? screen.closed.filter((one) => one !== value)
    : [...screen.closed, value];
  return changed(state, world, { ...screen, closed });
}

/** Ids of the cells of the selected row: of one, or of a whole group. */
export function selectedCells(state: State, world: ScreenWorld, screen: CellsScreen): string[] {
  const key = selectedKey(state, world);
  const value = groupOfKey(key);
  if (key === null) return [];
  if (value === null) return [key];
  const open = { ...screen, closed: [] };
  const rows = world.table(replaceTop(state, open), open).rows;
  const ids: string[] = [];
  let inside = false;
  for (let index = 0; index < rows.length; index++) {
    const row = rows.at(index)!;
    if (groupOfKey(row.key) !== null) inside = row.key === key;
    else if (inside) ids.push(row.key);
  }
  return ids;
}

/** What a list of cells shows, whatever it is there for. */
export const CELL_LIST: Pick<
  ScreenModule<CellsScreen>,
  'count' | 'status' | 'tableKey' | 'table' | 'more'
> = {
  count: cellCount,
  status: (_state, { workload, sort, descending, by }, { report, theme }) => {
    const { up, down } = theme.glyphs;
    const order =
      sort !== '' || descending ? [`by ${sort || 'matrix'} ${descending ? down : up}`] : [];
    return [workloadsOf(report)[workload] ?? '', ...(by === '' ? [] : [`per ${by}`]), ...order];
  },
  tableKey: ({ marks }, { sort, descending, workload, by, closed }, world) =>
    JSON.stringify([
      sort,
      descending,
      workload,
      by,
      closed,
      marks,
      runSession(world)?.version ?? 0,
    ]),
  table: ({ marks }, screen, world) => matrixTable(world, { ...screen, marks }),
  more: 'i shows all',
};

function cellCount(state: State, screen: CellsScreen, world: ScreenWorld, _counts: Counts): string {
  const progress = runSession(world)?.progress();
  if (progress?.activity === 'running') {
    return `${progress.done} of ${progress.total} cells done`;
  }
  const cells = listCells(world);
  const all = cells.length;
  const rejected = cells.filter((cell) => cell.state === 'rejected').length;
  const shown = screen.list.filter === '' ? all : matching(state, screen, world);
  const rest = rejected > 0 && shown === all ? `, ${rejected} rejected` : '';
  const number = shown === all ? `${all}` : `${shown} of ${all}`;
  return `${number} ${all === 1 ? 'cell' : 'cells'}${rest}`;
}

/** Cells the filter leaves, those in closed groups not among them. */
function matching(state: State, screen: CellsScreen, world: ScreenWorld): number {
  const rows = world.rows(state, screen);
  let count = 0;
  for (let index = 0; index < rows.length; index++) {
    if (groupOfKey(rows.at(index)!.key) === null) count++;
  }
  return count;
}

function groupValues(state: State, world: ScreenWorld, screen: CellsScreen): string[] {
  const { rows } = world.table(state, screen);
  return Array.from({ length: rows.length }, (_, index) => groupOfKey(rows.at(index)!.key)).filter(
    (value) => value !== null,
  );
}

/** Key of the group a cell is in. */
function groupOf(state: State, world: ScreenWorld, screen: CellsScreen, id: string): string | null {
  const { rows } = world.table(state, screen);
  let value: string | null = null;
  for (let index = 0; index < rows.length; index++) {
    const { key } = rows.at(index)!;
    value = groupOfKey(key) ?? value;
    if (key === id) return value === null ? null : groupKey(value);
  }
  return null;
}

/** The one after another in a ring. */
function after(ring: readonly string[], one: string): string {
  return ring[(ring.indexOf(one) + 1) % ring.length] ?? '';
}

/** Another order or column: the selection stays on its cell. */
function changed(state: State, world: ScreenWorld, screen: CellsScreen): State {
  return reselect(replaceTop(state, screen), world, selectedKey(state, world));
}
