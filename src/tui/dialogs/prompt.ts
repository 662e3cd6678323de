import type { ScreenWorld } from '../screens/module.ts';
import type { State } from '../state/model.ts';
import { EDITS, type EditLine, editLine, insert } from '../text/edit-line.ts';
import { seg } from '../text/line.ts';
import { answered, cancelled } from './answer.ts';
import type { PromptDialog } from './dialog.ts';
import { editBindings } from './edit-bindings.ts';
import { inputLine } from './input-line.ts';
import type { DialogModule, DialogStep } from './module.ts';

/** How many lines typed before are remembered for each question. */
const REMEMBERED = 20;

const edits = Object.keys(EDITS) as (keyof typeof EDITS)[];

/** A line of text with a cursor and what was typed before. */
export const promptModule: DialogModule<PromptDialog> = {
  kind: 'prompt',
  bindings: [
    {
      command: 'prompt:accept',
      keys: ['enter'],
      label: 'accept',
      help: 'take the line',
      group: 'In a dialog',
      footer: 1,
    },
    {
      command: 'prompt:cancel',
      keys: ['escape'],
      label: 'cancel',
      help: 'leave it as it was',
      group: 'In a dialog',
      footer: 9,
    },
    {
      command: 'prompt:older',
      keys: ['up', 'ctrl+p'],
      label: 'earlier',
      help: 'what was typed before',
      group: 'In a dialog',
      footer: 2,
      when: ({ state }) =>
        state.dialog?.kind === 'prompt' && historyOf(state, state.dialog).length > 0,
    },
    {
      command: 'prompt:newer',
      keys: ['down', 'ctrl+n'],
      label: 'later',
      help: 'what was typed after that',
      group: 'In a dialog',
    },
    ...editBindings('prompt', edits),
  ],
  commands: {
    'prompt:accept': accept,
    'prompt:cancel': cancelled,
    'prompt:older': (state, _world, dialog) => recall(state, dialog, 1),
    'prompt:newer': (state, _world, dialog) => recall(state, dialog, -1),
    ...Object.fromEntries(
      edits.map((edit): [string, DialogStep<PromptDialog>] => [
        `prompt:${edit}`,
        (state, _world, dialog) => withLine(state, dialog, EDITS[edit](dialog.line)),
      ]),
    ),
  },
  type: (state, _world, dialog, text) => withLine(state, dialog, insert(dialog.line, text)),
  view: (state, world, dialog, { columns }) => {
    const objection = objectionTo(state, world, dialog);
    const { glyphs } = world.theme;
    return {
      lines: [
        inputLine(dialog.line, columns, glyphs),
        objection === null
          ? [seg(` ${dialog.hint}`, 'muted')]
          : [seg(` ${glyphs.rejected} ${objection}`, 'bad')],
      ],
      selected: -1,
    };
  },
};

/** What the module that asks has against the line; `null` for nothing. */
function objectionTo(state: State, world: ScreenWorld, dialog: PromptDialog): string | null {
  const { to, name, line } = dialog;
  return world.objection(state, { to, name, value: line.text });
}

function accept(state: State, world: ScreenWorld, dialog: PromptDialog): State {
  if (objectionTo(state, world, dialog) !== null) return state;
  const { text } = dialog.line;
  const before = historyOf(state, dialog).filter((line) => line !== text);
  const lines = text === '' ? before : [text, ...before].slice(0, REMEMBERED);
  const history = { ...state.history, [historyKey(dialog)]: lines };
  return answered({ ...state, history }, world, dialog, text);
}

/** A line typed before in place of this one; there and back again. */
function recall(state: State, dialog: PromptDialog, by: 1 | -1): State {
  const lines = historyOf(state, dialog);
  const place = Math.max(-1, Math.min(lines.length - 1, dialog.place + by));
  if (place === dialog.place) return state;
  return { ...state, dialog: { ...dialog, place, line: editLine(lines[place] ?? '') } };
}

function historyOf(state: State, dialog: PromptDialog): readonly string[] {
  return state.history[historyKey(dialog)] ?? [];
}

function historyKey({ to, name }: PromptDialog): string {
  return `${to} ${name}`;
}

function withLine(state: State, dialog: PromptDialog, line: EditLine): State {
  return { ...state, dialog: { ...dialog, line } };
}
