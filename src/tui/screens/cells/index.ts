import { selectedKey } from '../../state/cursor.ts';
import { push } from '../../state/model.ts';
import { countItems } from '../../state/row.ts';
import { cellOf } from '../cell-facts.ts';
import { CELL_COMMANDS, CELL_LIST, cellBindings, restoredOrder } from '../cell-list/screen.ts';
import { reportScreen } from '../cell-report/screen.ts';
import { CELL_CONFIG_BINDING, openCellConfig } from '../config/open-cell.ts';
import { compareCell } from '../diff/compare.ts';
import type { ScreenModule } from '../module.ts';
import { mark } from './marks.ts';
import { type MatrixScreen, matrixScreen } from './screen.ts';

/** The cells of the matrix: what each is, why, and what it costs. */
export const matrixModule: ScreenModule<MatrixScreen> = {
  kind: 'matrix',
  ...CELL_LIST,
  crumb: (_screen, { report }) => report.name,
  remark: ({ marks }, _screen, { report }, row) => {
    if (row === null || !cellOf(report, row.key)) return '';
    return marks.map((id, index) => `${index + 1}: ${id}`).join('  ');
  },
  restore: (saved, { report }) => {
    const order = restoredOrder(saved, report);
    return order && { ...matrixScreen(), ...order, list: saved.list };
  },
  bindings: [
    ...cellBindings({ label: 'report', help: 'the report of the cell' }),
    {
      command: 'matrix:mark',
      keys: ['space'],
      label: 'mark',
      help: 'mark the cell, or unmark it; two can be marked',
      group: 'Compare',
      footer: 3,
      when: ({ state, screen, world }) => countItems(world.rows(state, screen)) > 0,
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
      help: 'compare the marked cells, or this cell with the marked one, or choose',
      group: 'Compare',
      footer: 4,
      when: ({ state, screen, world }) => countItems(world.rows(state, screen)) > 0,
    },
  ],
  commands: {
    ...CELL_COMMANDS,
    open: (state, world) => {
      const cell = selectedKey(state, world);
      return cell === null ? state : push(state, reportScreen(cell));
    },
    'cell-config': openCellConfig,
    'matrix:mark': mark,
    'matrix:unmark': (state) => ({ ...state, marks: [] }),
    diff: (state, world) => compareCell(state, world, selectedKey(state, world)),
  },
};
