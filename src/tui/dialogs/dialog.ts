import type { EditLine } from '../text/edit-line.ts';

/** Who asks, and what about: the module of the screen gets an answer with this name. */
export interface Asked {
  /** Kind of the screen that asks. */
  readonly to: string;
  readonly name: string;
}

/** Asks for a line of text. While it is typed the module's `check` may object. */
export interface PromptDialog extends Asked {
  readonly kind: 'prompt';
  readonly title: string;
  /** What may be typed, e.g. `hex from 0x10 to 0xff`. */
  readonly hint: string;
  readonly line: EditLine;
  /** Place in what was typed before for the same `to` and `name`; -1 for the line being typed. */
  readonly place: number;
}

/** One of the things to choose from. */
export interface ChoiceItem {
  /** What the answer's value is. */
  readonly key: string;
  readonly label: string;
  /** A remark at the right, such as the key that does the same. */
  readonly remark?: string;
  /** Other words it is found by. */
  readonly search?: string;
}

/** Asks for one of several things; typing narrows them down. */
export interface ChoiceDialog extends Asked {
  readonly kind: 'choice';
  readonly title: string;
  readonly items: readonly ChoiceItem[];
  readonly line: EditLine;
  readonly cursor: number;
}

/** One way to answer a question. */
export interface ConfirmOption {
  /** What the answer's value is. */
  readonly value: string;
  /** The letter that chooses it. */
  readonly letter: string;
  readonly label: string;
}

/** Asks a question with a few answers. Escape gives none. */
export interface ConfirmDialog extends Asked {
  readonly kind: 'confirm';
  readonly title: string;
  readonly text: string;
  readonly options: readonly ConfirmOption[];
  /** The option Enter takes. */
  readonly cursor: number;
}

/** What stands between the screen and the keys. Plain data. */
export type Dialog = PromptDialog | ChoiceDialog | ConfirmDialog;
