import type { RemoveCellEffect, RunEffect } from '../../effects/run.ts';
import type { Binding } from '../../keys/binding.ts';
import type { Added } from '../../sessions/run/run-session.ts';
import { back } from '../../state/commands.ts';
import { selectedKey } from '../../state/cursor.ts';
import { asking, push, type State } from '../../state/model.ts';
import { countItems } from '../../state/row.ts';
import { cellOf } from '../cell-facts.ts';
import { groupOfKey } from '../cell-list/group-rows.ts';
import { runSession } from '../cell-list/listed.ts';
import {
  CELL_COMMANDS,
  CELL_LIST,
  cellBindings,
  restoredOrder,
  selectedCells,
  toggledGroup,
} from '../cell-list/screen.ts';
import { reportScreen } from '../cell-report/screen.ts';
import { CELL_CONFIG_BINDING, openCellConfig } from '../config/open-cell.ts';
import { compareCell } from '../diff/compare.ts';
import { askFiles } from '../diff/index.ts';
import { askEditions } from '../editions/screen.ts';
import { fileName, openExport } from '../export/screen.ts';
import type { ScreenModule, ScreenWorld } from '../module.ts';
import { added } from './added.ts';
import { mark, markShown } from './marks.ts';
import { runLine } from './run-line.ts';
import { type MatrixScreen, matrixScreen } from './screen.ts';

type When = NonNullable<Binding<MatrixScreen>['when']>;

const some: When = ({ state, screen, world }) => countItems(world.rows(state, screen)) > 0;
const idle: When = ({ world }) => runSession(world)?.activity === 'idle';
const busy: When = ({ world }) => !idleIn(world);

/** The cells of the matrix: what each is, why, and what it costs. */
export const matrixModule: ScreenModule<MatrixScreen> = {
  kind: 'matrix',
  ...CELL_LIST,
  crumb: (_screen, { report }) => report.name,
  remark: ({ marks }, _screen, { report }, row) => {
    if (row === null || marks.length === 0 || !cellOf(report, row.key)) return '';
    if (marks.length > 2) return `${marks.length} marked`;
    return marks.map((id, index) => `${index + 1}: ${id}`).join('  ');
  },
  restore: (saved) => {
    const order = restoredOrder(saved);
    return order && { ...matrixScreen(), ...order, list: saved.list };
  },
  above: {
    wanted: (_screen, world) => (runSession(world) ? { least: 1, most: 1 } : null),
    lines: (_state, _screen, world, { columns }) => [
      runLine(runSession(world)!, world.theme, columns),
    ],
  },
  bindings: [
    ...cellBindings({ label: 'report', help: 'the report of the cell; opens or closes a group' }),
    {
      command: 'matrix:mark',
      keys: ['space'],
      label: 'mark',
      help: 'mark the cell or the group, or unmark it',
      group: 'Compare',
      footer: 3,
      when: some,
    },
    {
      command: 'matrix:mark-shown',
      keys: ['a'],
      label: 'mark all',
      help: 'mark all cells that are shown',
      group: 'Compare',
      when: some,
    },
    {
      command: 'matrix:unmark',
      keys: ['u'],
      label: 'unmark',
      help: 'unmark all cells',
      group: 'Compare',
      when: ({ state }) => state.marks.length > 0,
    },
    CELL_CONFIG_BINDING,
    {
      command: 'diff',
      keys: ['d'],
      label: 'diff',
      help: 'compare two marked cells, this one with the marked, or choose',
      group: 'Compare',
      footer: 4,
      when: some,
    },
    {
      command: 'matrix:editions',
      keys: ['D'],
      label: 'editions',
      help: 'compare two editions, cell by cell',
      group: 'Compare',
      when: some,
    },
    {
      command: 'matrix:files',
      keys: ['F'],
      label: 'files',
      help: 'compare two .config files, or cells of exported reports',
      group: 'Compare',
      when: ({ world }) => world.services.sides !== undefined,
    },
    {
      command: 'back',
      keys: ['escape', 'left', 'h'],
      label: 'back',
      help: 'clear the filter; Esc stops what runs, and what is done stays',
      group: 'Open and leave',
      footer: 9,
      when: (now) => now.screen.list.filter !== '' || busy(now),
    },
    {
      command: 'matrix:run',
      keys: ['r'],
      label: 'run',
      help: 'read the matrix again and run what has changed or is not done',
      group: 'Run and save',
      footer: 5,
      when: idle,
    },
    {
      command: 'matrix:rerun',
      keys: ['R'],
      label: 'rerun',
      help: 'simulate the marked cells anew, or the selected ones',
      group: 'Run and save',
      when: idle,
    },
    {
      command: 'matrix:remove',
      keys: ['x'],
      label: 'remove',
      help: 'take out a cell that was added from a configuration',
      group: 'Run and save',
      when: (now) =>
        idle(now) &&
        runSession(now.world)?.isAdded(selectedKey(now.state, now.world) ?? '') === true,
    },
    {
      command: 'matrix:verify',
      keys: ['v'],
      label: 'verify',
      help: 'ask the model checker about the editions',
      group: 'Run and save',
      when: (now) => idle(now) && runSession(now.world)?.canVerify === true,
    },
  ],
  answer: (state, { name, value }, world) =>
    name === 'added' ? added(state, world, value as Added) : state,
  commands: {
    ...CELL_COMMANDS,
    open: (state, world, screen) => {
      const key = selectedKey(state, world);
      if (groupOfKey(key) !== null) return toggledGroup(state, world, screen) ?? state;
      if (key === null) return state;
      if (cellOf(world.report, key)) return push(state, reportScreen(key));
      return { ...state, notice: 'Nothing is known of this cell yet.' };
    },
    'cell-config': openCellConfig,
    'matrix:mark': mark,
    'matrix:mark-shown': markShown,
    'matrix:unmark': (state) => ({ ...state, marks: [] }),
    diff: (state, world) => compareCell(state, world, selectedKey(state, world)),
    'matrix:editions': askEditions,
    'matrix:files': askFiles,
    export: (state, world, screen) => {
      const cells = selectedCells(state, world, screen);
      const group = groupOfKey(selectedKey(state, world));
      const what = group === null ? cells[0] : `the cells of ${group}`;
      const known = cells.filter((id) => cellOf(world.report, id));
      const own = {
        title: `the report of ${what}`,
        short: group ?? 'cell',
        name: fileName(`${world.report.name}-${group ?? cells[0]}`),
        scope: { kind: 'report', cells: known },
      } as const;
      // The whole matrix comes first here, for that is what is on the screen.
      return openExport(state, world, [], known.length === 0 ? [] : [own]);
    },
    'matrix:run': (state, world) => run(state, world, {}),
    'matrix:rerun': (state, world, screen) => {
      const only = state.marks.length > 0 ? state.marks : selectedCells(state, world, screen);
      return only.length === 0 ? state : run(state, world, { only, afresh: true });
    },
    'matrix:verify': (state, world) => {
      if (!runSession(world)?.canVerify) return cannot(state);
      return idleIn(world) ? asking(state, { kind: 'run:verify' }) : isBusy(state);
    },
    'matrix:remove': (state, world) => {
      const id = selectedKey(state, world);
      if (id === null || !runSession(world)?.isAdded(id)) {
        return { ...state, notice: 'Only cells that were added here can be taken out.' };
      }
      if (!idleIn(world)) return isBusy(state);
      const marks = state.marks.filter((mark) => mark !== id);
      return asking<RemoveCellEffect>({ ...state, marks }, { kind: 'run:remove', id });
    },
    back: (state, world, screen, key) => {
      const stops = key === 'escape' && screen.list.filter === '' && !idleIn(world);
      return stops ? asking(state, { kind: 'run:stop' }) : back(state, world);
    },
  },
};

function idleIn(world: ScreenWorld): boolean {
  return (runSession(world)?.activity ?? 'idle') === 'idle';
}

function run(state: State, world: ScreenWorld, wanted: Omit<RunEffect, 'kind'>): State {
  if (!runSession(world)) return cannot(state);
  return idleIn(world) ? asking<RunEffect>(state, { kind: 'run', ...wanted }) : isBusy(state);
}

function isBusy(state: State): State {
  return { ...state, notice: 'One thing at a time: Esc stops what runs.' };
}

function cannot(state: State): State {
  return { ...state, notice: 'This is a finished report: there is nothing to run.' };
}
