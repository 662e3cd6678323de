import type { State } from '../state/model.ts';
import { editLine } from '../text/edit-line.ts';
import type { Asked, ChoiceItem, ConfirmOption } from './dialog.ts';

/** Ask for a line of text; the answer's value is a string. `text` is there to begin with. */
export function askText(
  state: State,
  asked: Asked & { readonly title: string; readonly text?: string; readonly hint?: string },
): State {
  const { to, name, title, text = '', hint = '' } = asked;
  const line = editLine(text);
  return withDialog(state, { kind: 'prompt', to, name, title, hint, line, place: -1 });
}

/** Ask for one of several things; the answer's value is the item's key. */
export function askChoice(
  state: State,
  asked: Asked & {
    readonly title: string;
    readonly items: readonly ChoiceItem[];
    /** Key of the item selected to begin with. */
    readonly selected?: string;
  },
): State {
  const { to, name, title, items, selected } = asked;
  const cursor = Math.max(
    0,
    items.findIndex(({ key }) => key === selected),
  );
  const line = editLine('');
  return withDialog(state, { kind: 'choice', to, name, title, items, line, cursor });
}

const YES_NO: readonly ConfirmOption[] = [
  { value: 'yes', letter: 'y', label: 'yes' },
  { value: 'no', letter: 'n', label: 'no' },
];

/** Ask a question; the answer's value is that of the option, `yes` or `no` where none are given. */
export function askConfirm(
  state: State,
  asked: Asked & {
    readonly title: string;
    readonly text: string;
    readonly options?: readonly ConfirmOption[];
  },
): State {
  const { to, name, title, text, options = YES_NO } = asked;
  return withDialog(state, { kind: 'confirm', to, name, title, text, options, cursor: 0 });
}

function withDialog(state: State, dialog: State['dialog']): State {
  return { ...state, dialog, typing: false };
}
