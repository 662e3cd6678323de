import type { ScreenWorld } from '../screens/module.ts';
import type { State } from '../state/model.ts';
import type { Dialog } from './dialog.ts';

/** The state with the dialog gone and the screen that asked told of the answer. */
export function answered(state: State, world: ScreenWorld, dialog: Dialog, value: string): State {
  const { to, name } = dialog;
  return world.answer({ ...state, dialog: null }, { to, name, value });
}

/** The state with the dialog gone and nothing done. */
export function cancelled(state: State): State {
  return { ...state, dialog: null };
}
