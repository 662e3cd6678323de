import { dialogModule } from '../dialogs/registry.ts';
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
    case 'paste':
      return settle(typeText(state, action.text, world), world);
    case 'resize':
      return settle({ ...state, size: action.size }, world);
    case 'session': {
      const versions = { ...state.versions, [action.id]: action.version };
      return settle({ ...state, versions }, world);
    }
    case 'answer':
      return settle(world.answer(state, action.answer), world);
  }
}

/** Where the next key goes. */
export function scopeOf(state: State): string {
  return state.dialog?.kind ?? (state.typing ? 'filter' : topOf(state).kind);
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
  if (command) {
    const { dialog } = quiet;
    const step = dialog && dialogModule(dialog).commands[command];
    if (dialog && step) return step(quiet, world, dialog, key);
    return stepOf(command, quiet, world)(quiet, world, topOf(quiet), key);
  }
  const character = key === 'space' ? ' ' : key;
  return [...character].length === 1 ? typeText(quiet, character, world) : quiet;
}

/** Text for whatever takes text now. */
function typeText(state: State, text: string, world: ScreenWorld): State {
  const { dialog } = state;
  if (dialog) return dialogModule(dialog).type(state, world, dialog, text);
  if (!state.typing) return state;
  // A filter is one line; a paste may be more.
  return editFilter(state, world, (before) => before + text.replace(/\s+/g, ' '));
}
