import type { Command } from '../keys/bindings.ts';
import type { KeyName } from '../keys/decode.ts';
import { moveCursor, replaceTop, reselect, selectedKey, selectedRow, setCursor } from './cursor.ts';
import { FRESH_LIST, listOf, type Screen, type State, topOf, withList } from './model.ts';
import type { World } from './world.ts';

/** `key` is the one that was pressed: the digits are one command. */
type Step = (state: State, world: World, key: KeyName) => State;

/** What every command does to the state. */
export const COMMANDS: Readonly<Record<Command, Step>> = {
  up: (state, world) => moveCursor(state, world, -1),
  down: (state, world) => moveCursor(state, world, 1),
  'page-up': (state, world) => moveCursor(state, world, -pageOf(state, world)),
  'page-down': (state, world) => moveCursor(state, world, pageOf(state, world)),
  'half-up': (state, world) => moveCursor(state, world, -half(state, world)),
  'half-down': (state, world) => moveCursor(state, world, half(state, world)),
  first: (state, world) => moveCursor(state, world, -Number.MAX_SAFE_INTEGER),
  last: (state, world) => moveCursor(state, world, Number.MAX_SAFE_INTEGER),

  open,
  back,
  detail: openDetail,
  'next-tab': (state, world) => stepTab(state, world, 1),
  'previous-tab': (state, world) => stepTab(state, world, -1),
  tab: (state, world, key) => goToTab(state, world, Number(key) - 1),
  'next-cell': (state, world) => stepCell(state, world, 1),
  'previous-cell': (state, world) => stepCell(state, world, -1),

  filter: (state) => ({ ...state, typing: true }),
  sort: (state, world) => reorder(state, world, 1),
  reverse: (state, world) => reorder(state, world, 0),
  workload: (state, world) => {
    const screen = topOf(state);
    if (!('workload' in screen)) return state;
    const workload = (screen.workload + 1) % Math.max(1, world.workloadCount);
    return reselect(replaceTop(state, { ...screen, workload }), world, selectedKey(state, world));
  },
  metric: (state, world) => {
    const screen = topOf(state);
    if (screen.kind !== 'report') return state;
    return replaceTop(state, { ...screen, metric: (screen.metric + 1) % world.metricCount });
  },

  mark,
  unmark: (state) => ({ ...state, marks: [] }),
  diff,
  swap: (state, world) => {
    const screen = topOf(state);
    if (screen.kind !== 'diff') return state;
    const swapped = { ...screen, left: screen.right, right: screen.left };
    return reselect(replaceTop(state, swapped), world, selectedKey(state, world));
  },
  'only-differences': (state, world) => {
    const screen = topOf(state);
    if (screen.kind !== 'diff') return state;
    const key = selectedKey(state, world);
    return reselect(replaceTop(state, { ...screen, only: !screen.only }), world, key);
  },
  'next-difference': (state, world) => stepDifference(state, world, 1),
  'previous-difference': (state, world) => stepDifference(state, world, -1),

  help: (state) => {
    const about = topOf(state).kind;
    return about === 'help' ? state : push(state, { kind: 'help', about, list: FRESH_LIST });
  },
  redraw: (state) => ({ ...state, redraws: state.redraws + 1 }),
  suspend: (state) => ({ ...state, suspends: state.suspends + 1 }),
  quit: (state) => ({ ...state, exit: 0 }),
  // 128 + SIGINT, as a shell reports a program that died of Ctrl-C.
  interrupt: (state) => ({ ...state, exit: 130 }),

  'filter-keep': (state) => ({ ...state, typing: false }),
  'filter-drop': (state, world) => ({ ...setFilter(state, world, ''), typing: false }),
  'filter-erase': (state, world) =>
    editFilter(state, world, (text) => [...text].slice(0, -1).join('')),
  'filter-erase-word': (state, world) =>
    editFilter(state, world, (text) => text.replace(/\S*\s*$/, '')),
  'filter-clear': (state, world) => editFilter(state, world, () => ''),
};

/** The state after a character typed into the filter line. */
export function typeCharacter(state: State, world: World, character: string): State {
  return editFilter(state, world, (text) => text + character);
}

function editFilter(state: State, world: World, edit: (text: string) => string): State {
  return setFilter(state, world, edit(listOf(topOf(state)).filter));
}

function setFilter(state: State, world: World, filter: string): State {
  const key = selectedKey(state, world);
  const screen = topOf(state);
  const list = { ...listOf(screen), filter, offset: 0 };
  return reselect(replaceTop(state, withList(screen, list)), world, key);
}

function push(state: State, screen: Screen): State {
  return { ...state, stack: [...state.stack, screen], typing: false };
}

function open(state: State, world: World): State {
  const screen = topOf(state);
  const row = selectedRow(state, world);
  if (!row) return state;
  if (screen.kind === 'matrix') return openReport(state, world, row.key);
  if (screen.kind !== 'pick') return openDetail(state, world);
  if (row.key === screen.left) {
    return { ...state, notice: 'That is the same cell: choose another one.' };
  }
  // The choice is made: going back from the comparison leads to where it was asked for.
  return openDiff({ ...state, stack: state.stack.slice(0, -1) }, screen.left, row.key);
}

function openReport(state: State, world: World, cell: string): State {
  const screen = { kind: 'report', cell, tab: 0, lists: [FRESH_LIST], metric: 0 } as const;
  const lists = Array.from({ length: world.tabCount(screen) }, () => FRESH_LIST);
  return push(state, { ...screen, lists });
}

function openDetail(state: State, world: World): State {
  const row = selectedRow(state, world);
  const lines = row?.detail() ?? [];
  if (!row || lines.length === 0) return state;
  return push(state, { kind: 'detail', title: row.title ?? row.key, lines, list: FRESH_LIST });
}

function openDiff(state: State, left: string, right: string): State {
  return push(state, { kind: 'diff', left, right, only: true, list: FRESH_LIST });
}

function back(state: State, world: World): State {
  if (listOf(topOf(state)).filter !== '') return setFilter(state, world, '');
  return state.stack.length > 1 ? { ...state, stack: state.stack.slice(0, -1) } : state;
}

function stepTab(state: State, world: World, by: number): State {
  const screen = topOf(state);
  const count = world.tabCount(screen);
  if (count === 0) return state;
  const tab = screen.kind === 'report' ? screen.tab : (selectedRow(state, world)?.layer ?? -by);
  return goToTab(state, world, (tab + by + count) % count, by < 0 ? -1 : 1);
}

/** In a report a tab; in a comparison the first row of a layer, or of the next one that has rows. */
function goToTab(state: State, world: World, tab: number, direction: 1 | -1 = 1): State {
  const screen = topOf(state);
  const count = world.tabCount(screen);
  if (tab >= count) return state;
  if (screen.kind === 'report') return replaceTop(state, { ...screen, tab });
  const rows = world.rows(state, screen);
  for (let tried = 0; tried < count; tried++) {
    const layer = (tab + direction * tried + count) % count;
    const index = rows.findIndex((row) => row.layer === layer && !row.heading);
    if (index < 0) continue;
    // The layer's heading goes to the top: what follows is what was asked for.
    const list = { ...listOf(screen), cursor: index, offset: rows.length };
    return replaceTop(state, withList(screen, list));
  }
  return state;
}

/** The next cell in the order and under the filter of the list the report was opened from. */
function stepCell(state: State, world: World, by: 1 | -1): State {
  const screen = topOf(state);
  const below = state.stack.at(-2);
  if (screen.kind !== 'report' || below?.kind !== 'matrix') return state;
  const cells = world.rows(state, below);
  const index = cells.findIndex((row) => row.key === screen.cell) + by;
  const next = cells[index];
  if (!next)
    return { ...state, notice: by > 0 ? 'This is the last cell.' : 'This is the first cell.' };
  // The list follows, so that going back lands on the cell last looked at.
  const followed = withList(below, { ...below.list, cursor: index });
  const moved = { ...screen, cell: next.key };
  return { ...state, stack: [...state.stack.slice(0, -2), followed, moved] };
}

function reorder(state: State, world: World, by: 0 | 1): State {
  const screen = topOf(state);
  if (!('sort' in screen)) return state;
  const sort = (screen.sort + by) % world.sortNames.length;
  const descending = by === 0 ? !screen.descending : false;
  const key = selectedKey(state, world);
  return reselect(replaceTop(state, { ...screen, sort, descending }), world, key);
}

function mark(state: State, world: World): State {
  const cell = selectedKey(state, world);
  if (cell === null) return state;
  if (state.marks.includes(cell)) {
    return moveCursor({ ...state, marks: state.marks.filter((id) => id !== cell) }, world, 1);
  }
  const marks = [...state.marks, cell];
  // A comparison has two sides: the older mark makes room, and says so.
  const notice = marks.length > 2 ? `Unmarked ${marks[0]}: two cells can be marked.` : null;
  return moveCursor({ ...state, marks: marks.slice(-2), notice }, world, 1);
}

function diff(state: State, world: World): State {
  const screen = topOf(state);
  const current = screen.kind === 'report' ? screen.cell : selectedKey(state, world);
  if (current === null) return state;
  const [first, second] = state.marks;
  if (first !== undefined && second !== undefined) return openDiff(state, first, second);
  if (first !== undefined && first !== current) return openDiff(state, first, current);
  const from = state.stack.find((below) => below.kind === 'matrix');
  if (from?.kind !== 'matrix') return state;
  const chooser: Screen = {
    ...from,
    kind: 'pick',
    left: current,
    list: { ...from.list, filter: '' },
  };
  return reselect(push(state, chooser), world, current);
}

function stepDifference(state: State, world: World, by: 1 | -1): State {
  const screen = topOf(state);
  const rows = world.rows(state, screen);
  let index = listOf(screen).cursor + by;
  while (rows[index] && !rows[index]!.differs) index += by;
  if (rows[index]) return setCursor(state, index);
  return {
    ...state,
    notice: by > 0 ? 'No difference below this one.' : 'No difference above this one.',
  };
}

function pageOf(state: State, world: World): number {
  // One row stays in view, so that the eye finds its place again.
  return Math.max(1, world.listHeight(state) - 1);
}

function half(state: State, world: World): number {
  return Math.max(1, Math.floor(world.listHeight(state) / 2));
}
