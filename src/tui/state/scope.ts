import type { Now } from '../keys/binding.ts';
import type { ScreenWorld, Step } from '../screens/module.ts';
import { COMMANDS } from './commands.ts';
import { type State, topOf } from './model.ts';

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
