import { reselect } from '../../state/cursor.ts';
import { push, type State } from '../../state/model.ts';
import type { World } from '../../state/world.ts';
import { isMatrix } from '../cells/screen.ts';
import type { PickScreen } from '../pick/screen.ts';
import { type DiffScreen, diffScreen } from './screen.ts';

/** Compare the marked cells, or a cell with the marked one, or ask with which. */
export function compareCell(state: State, world: World, cell: string | null): State {
  if (cell === null) return state;
  const [first, second] = state.marks;
  if (first !== undefined && second !== undefined) return push(state, cellDiff(first, second));
  if (first !== undefined && first !== cell) return push(state, cellDiff(first, cell));
  const from = state.stack.find(isMatrix);
  if (!from) return state;
  const list = { ...from.list, filter: '' };
  const chooser: PickScreen = { ...from, kind: 'pick', left: cell, list };
  return reselect(push(state, chooser), world, cell);
}

/** The comparison of two cells. */
export function cellDiff(left: string, right: string): DiffScreen {
  return diffScreen({ cell: left }, { cell: right });
}
