import type { Now } from '../keys/binding.ts';
import type { KeyName } from '../keys/decode.ts';
import type { ScreenWorld, Step } from '../screens/module.ts';
import type { Action } from './action.ts';
import { COMMANDS } from './commands.ts';
import { settle } from './cursor.ts';
import { editFilter } from './filter-line.ts';
import { type State, topOf } from './model.ts';

/**
 * The state after an action. Keys are matched here, one by one against the state the key before left,
 * because keys typed ahead may cross screens: `jj`, Enter, Tab in one event.
 */
export function reduce(state: State, action: Action, world: ScreenWorld): State {
  switch (action.type) {
    case 'keys':
      return action.keys.reduce((before, key) => settle(press(before, key, world), world), state);
    case 'resize':
      return settle({ ...state, size: action.size }, world);
    case 'session': {
      const versions = { ...state.versions, [action.id]: action.version };
      return settle({ ...state, versions }, world);
    }
    case 'answer': {
      const { answer } = action;
      return settle(world.module(answer.to).answer?.(state, answer, world) ?? state, world);
    }
  }
}

/** Where the next key goes. */
export function scopeOf(state: State): string {
  return state.typing ? 'filter' : topOf(state).kind;
}

/** What bindings may ask about a state. */
export function nowOf(state: State, world: ScreenWorld): Now {
  return { state, screen: topOf(state), world };
}

/** What a command does on the screen on top. */
export function stepOf(command: string, state: State, world: ScreenWorld): Step {
  const step = world.module(topOf(state).kind).commands[command] ?? COMMANDS[command];
  if (!step) throw new Error(`nobody knows the command ${command}`);
  return step;
}

function press(state: State, key: KeyName, world: ScreenWorld): State {
  // Nothing happens between the key that quits and the end of the program.
  if (state.exit !== null) return state;
  const quiet = state.notice === null ? state : { ...state, notice: null };
  const scope = scopeOf(state);
  const command = world.keys.command(scope, key);
  if (command) return stepOf(command, quiet, world)(quiet, world, topOf(quiet), key);
  if (scope !== 'filter') return quiet;
  const character = key === 'space' ? ' ' : key;
  if ([...character].length !== 1) return quiet;
  return editFilter(quiet, world, (text) => text + character);
}
