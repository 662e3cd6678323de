import type { ScreenWorld } from '../screens/module.ts';
import type { State } from '../state/model.ts';
import { clamp, type WindowInput, windowOf } from '../state/window.ts';
import { EDITS, type EditLine, insert } from '../text/edit-line.ts';
import { fitText } from '../text/fit.ts';
import { fuzzyRank } from '../text/fuzzy.ts';
import { type Line, seg } from '../text/line.ts';
import { textWidth } from '../text/width.ts';
import type { Glyphs } from '../theme.ts';
import { blankLines } from '../widgets/blank-lines.ts';
import { answered, cancelled } from './answer.ts';
import type { ChoiceDialog, ChoiceItem } from './dialog.ts';
import { editBindings } from './edit-bindings.ts';
import { inputLine } from './input-line.ts';
import type { DialogModule, DialogStep } from './module.ts';

/** A page of a list whose height is the view's business. */
const PAGE = 8;

const edits = ['erase', 'erase-word', 'erase-before'] as const;

/** One of several things, found by typing some of its letters. */
export const choiceModule: DialogModule<ChoiceDialog> = {
  kind: 'choice',
  bindings: [
    {
      command: 'choice:accept',
      keys: ['enter'],
      label: 'choose',
      help: 'take the selected one',
      group: 'In a dialog',
      footer: 1,
    },
    {
      command: 'choice:cancel',
      keys: ['escape'],
      label: 'cancel',
      help: 'leave it as it was',
      group: 'In a dialog',
      footer: 9,
    },
    {
      command: 'choice:up',
      keys: ['up', 'ctrl+p'],
      label: 'up',
      help: 'the one above',
      group: 'In a dialog',
      footer: 2,
    },
    {
      command: 'choice:down',
      keys: ['down', 'ctrl+n', 'tab'],
      label: 'down',
      help: 'the one below',
      group: 'In a dialog',
      footer: 3,
    },
    {
      command: 'choice:page-up',
      keys: ['pageup'],
      label: 'page up',
      help: 'some above',
      group: 'In a dialog',
    },
    {
      command: 'choice:page-down',
      keys: ['pagedown'],
      label: 'page down',
      help: 'some below',
      group: 'In a dialog',
    },
    ...editBindings('choice', edits),
  ],
  commands: {
    'choice:accept': (state, world, dialog) => {
      const item = choices(dialog)[dialog.cursor];
      return item ? answered(state, world, dialog, item.key) : state;
    },
    'choice:cancel': cancelled,
    'choice:up': (state, _world, dialog) => move(state, dialog, -1),
    'choice:down': (state, _world, dialog) => move(state, dialog, 1),
    'choice:page-up': (state, _world, dialog) => move(state, dialog, -PAGE),
    'choice:page-down': (state, _world, dialog) => move(state, dialog, PAGE),
    ...Object.fromEntries(
      edits.map((edit): [string, DialogStep<ChoiceDialog>] => [
        `choice:${edit}`,
        (state, _world, dialog) => withLine(state, dialog, EDITS[edit](dialog.line)),
      ]),
    ),
  },
  type: (state, _world, dialog, text) => withLine(state, dialog, insert(dialog.line, text)),
  click: (state, world, dialog, line, { rows }) => {
    const index = windowOf(windowIn(dialog, rows)).start + line - 1;
    const item = line < 1 ? undefined : choices(dialog)[index];
    return item ? answered(state, world, dialog, item.key) : state;
  },
  view: (_state, { theme: { glyphs } }: ScreenWorld, dialog, { columns, rows }) => {
    const found = choices(dialog);
    const { cursor } = dialog;
    const { start, end } = windowOf(windowIn(dialog, rows));
    const items = found
      .slice(start, end)
      .map((item, index) => itemLine(item, start + index === cursor, columns, glyphs));
    const none: Line[] = found.length === 0 ? [[seg('   nothing like that', 'muted')]] : [];
    // As high as with nothing typed: the screen above must not jump about.
    const height = Math.min(dialog.items.length, rows - 1);
    const blank: Line[] = blankLines(height - items.length - none.length);
    return {
      lines: [inputLine(dialog.line, columns, glyphs), ...items, ...none, ...blank],
      selected: found.length === 0 ? -1 : cursor - start + 1,
      remark: `${found.length} of ${dialog.items.length}, type to find`,
    };
  },
};

/** The items are drawn below the line being typed. */
function windowIn(dialog: ChoiceDialog, rows: number): WindowInput {
  const { cursor } = dialog;
  return { count: choices(dialog).length, height: rows - 1, cursor, offset: 0 };
}

/** The items that match what was typed, the best first. */
export function choices({ items, line }: ChoiceDialog): readonly ChoiceItem[] {
  return fuzzyRank(items, line.text, ({ label, search }) => `${label} ${search ?? ''}`);
}

function itemLine(item: ChoiceItem, selected: boolean, width: number, glyphs: Glyphs): Line {
  const remark = item.remark ?? '';
  const room = Math.max(0, width - textWidth(remark) - 5);
  return [
    seg(` ${selected ? glyphs.cursor : ' '} `, 'accent'),
    seg(fitText(item.label, room, 'left', glyphs.ellipsis)),
    seg(` ${remark} `, 'muted'),
  ];
}

function move(state: State, dialog: ChoiceDialog, by: number): State {
  const last = Math.max(0, choices(dialog).length - 1);
  return { ...state, dialog: { ...dialog, cursor: clamp(dialog.cursor + by, 0, last) } };
}

/** Another text: the best match is selected. */
function withLine(state: State, dialog: ChoiceDialog, line: EditLine): State {
  return { ...state, dialog: { ...dialog, line, cursor: 0 } };
}
