import type { State } from '../state/model.ts';
import { type Line, seg } from '../text/line.ts';
import { wrap } from '../text/wrap.ts';
import { answered, cancelled } from './answer.ts';
import type { ConfirmDialog } from './dialog.ts';
import type { DialogModule } from './module.ts';

/** A question with a few answers, each with its letter. */
export const confirmModule: DialogModule<ConfirmDialog> = {
  kind: 'confirm',
  bindings: [
    {
      command: 'confirm:accept',
      keys: ['enter'],
      label: 'choose',
      help: 'take the answer in brackets',
      group: 'In a dialog',
      footer: 1,
    },
    {
      command: 'confirm:cancel',
      keys: ['escape'],
      label: 'cancel',
      help: 'leave it as it was',
      group: 'In a dialog',
      footer: 9,
    },
    {
      command: 'confirm:next',
      keys: ['right', 'tab', 'down'],
      label: 'next',
      help: 'the next answer',
      group: 'In a dialog',
      footer: 2,
    },
    {
      command: 'confirm:previous',
      keys: ['left', 'shift+tab', 'up'],
      label: 'previous',
      help: 'the answer before',
      group: 'In a dialog',
    },
  ],
  commands: {
    'confirm:accept': (state, world, dialog) =>
      answered(state, world, dialog, dialog.options[dialog.cursor]!.value),
    'confirm:cancel': cancelled,
    'confirm:next': (state, _world, dialog) => move(state, dialog, 1),
    'confirm:previous': (state, _world, dialog) => move(state, dialog, -1),
  },
  type: (state, world, dialog, text) => {
    const option = dialog.options.find(({ letter }) => letter === text.toLowerCase());
    return option ? answered(state, world, dialog, option.value) : state;
  },
  view: (_state, _world, { text, options, cursor }, { columns, rows }) => {
    const question = wrap(text, Math.max(1, columns - 2)).map((line): Line => [seg(` ${line}`)]);
    const answers: Line = [
      seg(' '),
      ...options.flatMap(({ letter, label }, index) => {
        const word = `${letter.toUpperCase()}  ${label}`;
        return index === cursor ? [seg(`[${word}]`, 'accent')] : [seg(` ${word} `, 'muted')];
      }),
    ];
    return { lines: [...question.slice(0, Math.max(0, rows - 1)), answers], selected: -1 };
  },
};

function move(state: State, dialog: ConfirmDialog, by: 1 | -1): State {
  const count = dialog.options.length;
  return { ...state, dialog: { ...dialog, cursor: (dialog.cursor + by + count) % count } };
}
