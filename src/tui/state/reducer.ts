import { dialogModule } from '../dialogs/registry.ts';
import type { KeyName } from '../keys/decode.ts';
import type { ScreenWorld } from '../screens/module.ts';
import { mouseStep } from '../screens/mouse.ts';
import type { MouseEvent } from '../stdin/event.ts';
import type { Action } from './action.ts';
import { settle } from './cursor.ts';
import { editFilter } from './filter-line.ts';
import { type State, topOf } from './model.ts';
import { scopeOf } from './scope.ts';
import { stepOf } from './step.ts';

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
    case 'mouse':
      return settle(mouse(state, action.mouse, world), world);
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

/** The state after a key. */
function press(state: State, key: KeyName, world: ScreenWorld): State {
  // Nothing happens between the key that quits and the end of the program.
  if (state.exit !== null) return state;
  const quiet = withoutNotice(state);
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

function mouse(state: State, event: MouseEvent, world: ScreenWorld): State {
  return state.exit === null ? mouseStep(withoutNotice(state), event, world, press) : state;
}

function withoutNotice(state: State): State {
  return state.notice === null ? state : { ...state, notice: null };
}
