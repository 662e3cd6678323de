import type { ScreenWorld, Step } from '../screens/module.ts';
import { COMMANDS } from './commands.ts';
import { type State, topOf } from './model.ts';

/** What a command does on the screen on top. */
export function stepOf(command: string, state: State, world: ScreenWorld): Step {
  const step = world.module(topOf(state).kind).commands[command] ?? COMMANDS[command];
  if (!step) throw new Error(`nobody knows the command ${command}`);
  return step;
}
