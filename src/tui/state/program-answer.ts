import type { Answer } from '../effects/effect.ts';
import type { ScreenWorld } from '../screens/module.ts';
import { goToTab, leave, PALETTE, QUIT } from './commands.ts';
import { asking, type State, topOf } from './model.ts';
import { stepOf } from './step.ts';

/** Takes the answers to what the program itself asks. */
export function programAnswer(state: State, { name, value }: Answer, world: ScreenWorld): State {
  if (name === PALETTE) return runChoice(state, world, String(value));
  // What is not saved stays in the journal.
  if (name === QUIT.name && value === 'keep') return leave(state, 0);
  if (name !== QUIT.name || value !== 'quit') return state;
  return leave(asking(state, { kind: 'give-up' }), 0);
}

/** Do what was chosen. */
function runChoice(state: State, world: ScreenWorld, choice: string): State {
  const [kind, name] = split(choice);
  switch (kind) {
    case 'command':
      return stepOf(name, state, world)(state, world, topOf(state), '');
    case 'tab':
      return goToTab(state, world, Number(name), 1);
    case 'back':
      return { ...state, stack: state.stack.slice(0, Number(name)) };
    default:
      return world.module(name).entry?.open(state, world) ?? state;
  }
}

function split(choice: string): [string, string] {
  const at = choice.indexOf(' ');
  return [choice.slice(0, at), choice.slice(at + 1)];
}
