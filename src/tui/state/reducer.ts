import type { Scope, Situation } from '../keys/bindings.ts';
import type { KeyName } from '../keys/decode.ts';
import { commandFor } from '../keys/match.ts';
import { COMMANDS, typeCharacter } from './commands.ts';
import { selectedRow, settle } from './cursor.ts';
import { listOf, type Size, type State, topOf } from './model.ts';
import type { World } from './world.ts';

/** What can happen to the terminal UI. */
export type Action =
  | { readonly type: 'keys'; readonly keys: readonly KeyName[] }
  | { readonly type: 'resize'; readonly size: Size };

/**
 * The state after an action. Keys are matched here, one by one against the state the key before left,
 * because keys typed ahead may cross screens: `jj`, Enter, Tab in one event.
 */
export function reduce(state: State, action: Action, world: World): State {
  if (action.type === 'resize') return settle({ ...state, size: action.size }, world);
  return action.keys.reduce((before, key) => settle(press(before, key, world), world), state);
}

/** Where the next key goes. */
export function scopeOf(state: State): Scope {
  return state.typing ? 'filter' : topOf(state).kind;
}

/** What the key table may want to know about the state. */
export function situationOf(state: State, world: World): Situation {
  const screen = topOf(state);
  const row = selectedRow(state, world);
  return {
    rows: world.rows(state, screen).length,
    marks: state.marks.length,
    filtered: listOf(screen).filter !== '',
    sortable: world.sortNames.length > 1,
    opens: row !== null && row.detail().length > 0,
    plot: world.hasPlot(screen),
    workloads: world.workloadCount > 1,
    returns: state.stack.length > 1 || listOf(screen).filter !== '',
  };
}

function press(state: State, key: KeyName, world: World): State {
  // Nothing happens between the key that quits and the end of the program.
  if (state.exit !== null) return state;
  const quiet = state.notice === null ? state : { ...state, notice: null };
  const scope = scopeOf(state);
  const command = commandFor(scope, key);
  if (command) return COMMANDS[command](quiet, world, key);
  if (scope !== 'filter') return quiet;
  const character = key === 'space' ? ' ' : key;
  return [...character].length === 1 ? typeCharacter(quiet, world, character) : quiet;
}
