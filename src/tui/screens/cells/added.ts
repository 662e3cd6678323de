import type { Added } from '../../sessions/run/run-session.ts';
import { reselect } from '../../state/cursor.ts';
import { type State, topOf } from '../../state/model.ts';
import { indexOfKey } from '../../state/row.ts';
import type { ScreenWorld } from '../module.ts';
import { isMatrix } from './screen.ts';

const NOW: Readonly<Record<Extract<Added, { id: string }>['now'], string>> = {
  there: 'is in the matrix already',
  runs: 'is added and runs now; d compares it with the marked cell',
  waits: 'is added, and runs when what runs now is over',
};

/** The state when a cell was added, or was not: the matrix, on that cell. */
export function added(state: State, world: ScreenWorld, outcome: Added): State {
  if ('problem' in outcome) return { ...state, notice: `Not added: ${outcome.problem}` };
  const { id, now } = outcome;
  const at = state.stack.findIndex(isMatrix);
  if (at < 0) return state;
  const matrix = { ...state, stack: state.stack.slice(0, at + 1) };
  // A filter may leave it out.
  const listed = indexOfKey(world.rows(matrix, topOf(matrix)), id) >= 0;
  const there = listed ? reselect(matrix, world, id) : matrix;
  return { ...there, notice: `${id} ${NOW[now]}.` };
}
