import type { KeyName } from '../keys/decode.ts';

/** A report of the mouse; the top left cell of the terminal is 0, 0. */
export interface MouseEvent {
  readonly button: 'left' | 'middle' | 'right' | 'wheel-up' | 'wheel-down';
  readonly column: number;
  readonly row: number;
}

/** What comes from the terminal. */
export type InputEvent =
  | { readonly type: 'key'; readonly key: KeyName }
  | { readonly type: 'mouse'; readonly mouse: MouseEvent }
  /** Text pasted, which is no keys. */
  | { readonly type: 'paste'; readonly text: string };
