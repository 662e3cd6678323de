import type { Now } from '../keys/binding.ts';
import type { ScreenWorld } from '../screens/module.ts';
import { type State, topOf } from './model.ts';

/** Where the next key goes. */
export function scopeOf(state: State): string {
  return state.dialog?.kind ?? (state.typing ? 'filter' : topOf(state).kind);
}

/** What bindings may ask about a state. */
export function nowOf(state: State, world: ScreenWorld): Now {
  return { state, screen: topOf(state), world };
}
