import { askConfirm } from '../dialogs/ask.ts';
import type { Asked } from '../dialogs/dialog.ts';
import type { ExitEffect } from '../effects/program.ts';
import { detailScreen } from '../screens/detail/screen.ts';
import { exportList } from '../screens/export/screen.ts';
import { helpScreen } from '../screens/help/screen.ts';
import type { ScreenWorld, Step } from '../screens/module.ts';
import { choiceOf, DEFAULT_EDITION, tortureScreen } from '../screens/torture/screen.ts';
import { verdictsScreen } from '../screens/verdicts/screen.ts';
import { verdictGroups } from '../sessions/verdicts.ts';
import { moveCursor, selectedRow } from './cursor.ts';
import { editFilter, setFilter } from './filter-line.ts';
import { asking, push, type State, topOf } from './model.ts';
import { openPalette } from './palette.ts';

/** Whom answers are for that no screen asked for. */
export const PROGRAM = 'program';

/** What the commands all screens share do to the state. A module may have its own in their place. */
export const COMMANDS: Readonly<Record<string, Step>> = {
  up: (state, world) => moveCursor(state, world, -1),
  down: (state, world) => moveCursor(state, world, 1),
  'page-up': (state, world) => moveCursor(state, world, -pageOf(state, world)),
  'page-down': (state, world) => moveCursor(state, world, pageOf(state, world)),
  'half-up': (state, world) => moveCursor(state, world, -half(state, world)),
  'half-down': (state, world) => moveCursor(state, world, half(state, world)),
  first: (state, world) => moveCursor(state, world, -Number.MAX_SAFE_INTEGER),
  last: (state, world) => moveCursor(state, world, Number.MAX_SAFE_INTEGER),

  open: openDetail,
  detail: openDetail,
  back,
  'next-tab': (state, world) => stepTab(state, world, 1),
  'previous-tab': (state, world) => stepTab(state, world, -1),
  tab: (state, world, _screen, key) => goToTab(state, world, Number(key) - 1, 1),

  export: exportList,
  verdicts: openVerdicts,
  torture: openTorture,
  help: (state, _world, screen) => push(state, helpScreen(screen.kind)),
  palette: (state, world) => openPalette(state, world, PALETTE),
  redraw: (state) => asking(state, { kind: 'redraw' }),
  mouse: (state) => asking(state, { kind: 'mouse' }),
  suspend: (state) => asking(state, { kind: 'suspend' }),
  quit,
  // 128 + SIGINT, as a shell reports a program that died of Ctrl-C.
  interrupt: (state) => leave(state, 130),

  filter: (state) => ({ ...state, typing: true }),
  'filter-keep': (state) => ({ ...state, typing: false }),
  'filter-drop': (state, world) => ({ ...setFilter(state, world, ''), typing: false }),
  'filter-erase': (state, world) =>
    editFilter(state, world, (text) => [...text].slice(0, -1).join('')),
  'filter-erase-word': (state, world) =>
    editFilter(state, world, (text) => text.replace(/\S*\s*$/, '')),
  'filter-clear': (state, world) => editFilter(state, world, () => ''),
};

/** What the list of commands is called in its answer. */
export const PALETTE = 'palette';

/** What the question before leaving is called in its answer. */
export const QUIT: Asked = { to: PROGRAM, name: 'quit' };

/** Leave, having asked if something would be lost. */
function quit(state: State, world: ScreenWorld): State {
  const unsaved = world.sessions.unsaved();
  if (unsaved.length === 0) return leave(state, 0);
  return askConfirm(state, {
    ...QUIT,
    title: 'Quit',
    text: `Not saved: ${unsaved.join('; ')}. Quit without saving?`,
    options: [
      { value: 'stay', letter: 'n', label: 'no, stay' },
      { value: 'quit', letter: 'y', label: 'yes, quit' },
      { value: 'keep', letter: 'q', label: 'quit, offer it next time' },
    ],
  });
}

/** Leave the program with an exit code: no key after this one does anything. */
export function leave(state: State, code: number): State {
  return asking<ExitEffect>({ ...state, exit: code }, { kind: 'exit', code });
}

/** All there is to say about the selected row, on a screen of its own. */
export function openDetail(state: State, world: ScreenWorld): State {
  const row = selectedRow(state, world);
  const lines = row?.detail() ?? [];
  if (!row || lines.length === 0) return state;
  return push(state, detailScreen(row.title ?? row.key, lines));
}

function openVerdicts(state: State, { sessions }: ScreenWorld): State {
  if (verdictGroups(sessions, 'report').length > 0) return push(state, verdictsScreen('report'));
  return { ...state, notice: 'The model checker was not asked: kmatrix run --verify.' };
}

function openTorture(state: State, { services }: ScreenWorld): State {
  if (!services.torture) return { ...state, notice: 'Here is nothing to run it with.' };
  const screen = tortureScreen(DEFAULT_EDITION);
  return asking(push(state, screen), { kind: 'torture:look', choice: choiceOf(screen) } as const);
}

/** Clear the filter; without one leave the screen. */
export function back(state: State, world: ScreenWorld): State {
  if (topOf(state).list.filter !== '') return setFilter(state, world, '');
  return state.stack.length > 1 ? { ...state, stack: state.stack.slice(0, -1) } : state;
}

function stepTab(state: State, world: ScreenWorld, by: 1 | -1): State {
  const screen = topOf(state);
  const { tabs } = world.module(screen.kind);
  const count = tabs?.list(state, screen, world).length ?? 0;
  if (!tabs || count === 0) return state;
  const open = tabs.open(state, screen, world);
  const from = open < 0 ? -by : open;
  return tabs.go(state, screen, world, (from + by + count) % count, by);
}

/** Open the tab with an index, if there is one. */
export function goToTab(state: State, world: ScreenWorld, tab: number, direction: 1 | -1): State {
  const screen = topOf(state);
  const { tabs } = world.module(screen.kind);
  if (!tabs || tab >= tabs.list(state, screen, world).length) return state;
  return tabs.go(state, screen, world, tab, direction);
}

function pageOf(state: State, world: ScreenWorld): number {
  // One row stays in view, so that the eye finds its place again.
  return Math.max(1, world.listHeight(state) - 1);
}

function half(state: State, world: ScreenWorld): number {
  return Math.max(1, Math.floor(world.listHeight(state) / 2));
}
