import { moveCursor, selectedKey } from '../../state/cursor.ts';
import type { State } from '../../state/model.ts';
import type { World } from '../../state/world.ts';

/** Mark the selected cell, or unmark it, and go on to the next. */
export function mark(state: State, world: World): State {
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
