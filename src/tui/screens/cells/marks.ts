import { moveCursor } from '../../state/cursor.ts';
import type { State } from '../../state/model.ts';
import { groupOfKey } from '../cell-list/group-rows.ts';
import { selectedCells } from '../cell-list/screen.ts';
import type { ScreenWorld } from '../module.ts';
import type { MatrixScreen } from './screen.ts';

/** Mark the selected cell, or the cells of the selected group, or unmark them, and go on to the next row. */
export function mark(state: State, world: ScreenWorld, screen: MatrixScreen): State {
  const cells = selectedCells(state, world, screen);
  if (cells.length === 0) return state;
  const all = cells.every((id) => state.marks.includes(id));
  const marks = all
    ? state.marks.filter((id) => !cells.includes(id))
    : [...state.marks, ...cells.filter((id) => !state.marks.includes(id))];
  return moveCursor({ ...state, marks }, world, 1);
}

/** Mark every cell that is shown. */
export function markShown(state: State, world: ScreenWorld, screen: MatrixScreen): State {
  const rows = world.rows(state, screen);
  const shown = Array.from({ length: rows.length }, (_, index) => rows.at(index)!.key);
  const cells = shown.filter((key) => groupOfKey(key) === null);
  return { ...state, marks: [...new Set([...state.marks, ...cells])] };
}
