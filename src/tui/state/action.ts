import type { Answer } from '../effects/effect.ts';
import type { KeyName } from '../keys/decode.ts';
import type { MouseEvent } from '../stdin/event.ts';
import type { Size } from './model.ts';

/** What can happen to the terminal UI. */
export type Action =
  | { readonly type: 'keys'; readonly keys: readonly KeyName[] }
  /** Text that is no keys: it goes to what is being typed, or nowhere. */
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'mouse'; readonly mouse: MouseEvent }
  | { readonly type: 'resize'; readonly size: Size }
  /** A session moved on. */
  | { readonly type: 'session'; readonly id: string; readonly version: number }
  /** Somebody whom a screen asked has something to say. */
  | { readonly type: 'answer'; readonly answer: Answer };
