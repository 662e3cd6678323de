import type { Binding } from '../keys/binding.ts';
import type { KeyName } from '../keys/decode.ts';
import type { ScreenWorld } from '../screens/module.ts';
import type { Size, State } from '../state/model.ts';
import type { Line } from '../text/line.ts';
import type { Dialog } from './dialog.ts';

/** What a key does in a dialog. Written as a method, so that a module of one kind is a module. */
export type DialogStep<D extends Dialog> = {
  step(state: State, world: ScreenWorld, dialog: D, key: KeyName): State;
}['step'];

/** A dialog as it is drawn below its title. */
export interface DialogView {
  readonly lines: readonly Line[];
  /** Index of the line that is selected; -1 for none. */
  readonly selected: number;
  /** Remark at the right end of the title's rule. */
  readonly remark?: string;
}

/** A kind of dialog: all that is known of it. */
export interface DialogModule<D extends Dialog = Dialog> {
  readonly kind: D['kind'];
  /** Its lines of the key table; every other key with a character is text for `type`. */
  readonly bindings: readonly Binding[];
  readonly commands: Readonly<Record<string, DialogStep<D>>>;
  /** Text typed or pasted. */
  type(state: State, world: ScreenWorld, dialog: D, text: string): State;
  /** A click on a line of its view. */
  click?(state: State, world: ScreenWorld, dialog: D, line: number, room: Size): State;
  /** At most `room` lines of the terminal's width. */
  view(state: State, world: ScreenWorld, dialog: D, room: Size): DialogView;
}
