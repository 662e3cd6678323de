import { askConfirm, askText } from '../../dialogs/ask.ts';
import { type ExportEffect, type ExportOutcome, kilobytes } from '../../effects/export.ts';
import { selectedRow } from '../../state/cursor.ts';
import { asking, replaceTop, type State } from '../../state/model.ts';
import { countItems } from '../../state/row.ts';
import type { ScreenModule, ScreenWorld } from '../module.ts';
import type { ExportScreen } from './screen.ts';
import { exportTable, fileOf, wayOfKey } from './table.ts';

/** Writing what is on the screen to a file, or copying it. */
export const exportModule: ScreenModule<ExportScreen> = {
  kind: 'export',
  crumb: () => 'export',
  count: (_state, { choices, choice }) => choices[choice]!.title,
  tableKey: (_state, { choices, choice }) =>
    `${choices[choice]!.title} ${choices[choice]!.scope.kind}`,
  table: (_state, { choices, choice }) => exportTable(choices[choice]!),
  tabs: {
    list: (_state, { choices }) => choices.map(({ short }) => ({ title: short, short })),
    open: (_state, { choice }) => choice,
    go: (state, screen, _world, choice) => replaceTop(state, { ...screen, choice } as ExportScreen),
  },
  remark: () => 'as the command line writes it',
  bindings: [
    {
      command: 'open',
      keys: ['enter', 'right', 'l', 's'],
      label: 'save',
      help: 'write it to a file',
      group: 'Run and save',
      footer: 1,
      when: ({ state, screen, world }) => countItems(world.rows(state, screen)) > 0,
    },
    {
      command: 'export:copy',
      keys: ['y'],
      label: 'copy',
      help: 'copy it to the clipboard (OSC 52)',
      group: 'Run and save',
      footer: 3,
      when: ({ state, screen, world }) => countItems(world.rows(state, screen)) > 0,
    },
    {
      command: 'tab',
      keys: ['1', '2', '3', '4', '5'],
      label: 'what',
      help: 'export this, the marked cells, or the whole matrix',
      group: 'Open and leave',
    },
  ],
  omits: ['export'],
  commands: {
    open: (state, world, { choices, choice }) => {
      const row = selectedRow(state, world);
      if (!row) return state;
      return askText(state, {
        to: 'export',
        name: 'path',
        title: `Save ${choices[choice]!.title}`,
        hint: 'name of the file',
        text: fileOf(choices[choice]!.name, wayOfKey(row.key)),
      });
    },
    'export:copy': (state, world, screen) => request(state, world, screen, null),
  },
  check: (_state, { name, value }) =>
    name === 'path' && String(value).trim() === '' ? 'a name is wanted' : null,
  answer: (state, { name, value }, world) => {
    if (name === 'path') {
      const screen = state.stack.at(-1);
      return isExport(screen) ? request(state, world, screen, String(value).trim()) : state;
    }
    if (name === 'overwrite') {
      const { pending } = exportScreenOf(state) ?? {};
      return value === 'yes' && pending ? asking<ExportEffect>(state, pending) : state;
    }
    return told(state, value as ExportOutcome);
  },
};

function request(
  state: State,
  world: ScreenWorld,
  { choices, choice }: ExportScreen,
  path: string | null,
): State {
  const row = selectedRow(state, world);
  if (!row) return state;
  const { scope } = choices[choice]!;
  const notice = path === null ? 'Copying…' : `Writing ${path}…`;
  const effect = { kind: 'export', scope, path, overwrite: false, ...wayOfKey(row.key) } as const;
  return asking<ExportEffect>({ ...state, notice }, effect);
}

function told(state: State, outcome: ExportOutcome): State {
  switch (outcome.what) {
    case 'saved':
      return { ...state, notice: `Wrote ${outcome.path}, ${kilobytes(outcome.bytes)}.` };
    case 'copied':
      return {
        ...state,
        notice: `Copied ${kilobytes(outcome.bytes)}, if the terminal lets programs do that.`,
      };
    case 'failed':
      return { ...state, notice: `Not exported: ${outcome.why}.` };
    case 'exists': {
      const pending = { ...outcome.effect, overwrite: true };
      const stack = state.stack.map((screen) =>
        isExport(screen) ? ({ ...screen, pending } as ExportScreen) : screen,
      );
      return askConfirm(
        { ...state, stack, notice: null },
        {
          to: 'export',
          name: 'overwrite',
          title: 'There is such a file',
          text: `Overwrite ${outcome.effect.path}?`,
          options: [
            { value: 'no', letter: 'n', label: 'no' },
            { value: 'yes', letter: 'y', label: 'overwrite' },
          ],
        },
      );
    }
  }
}

function exportScreenOf(state: State): ExportScreen | undefined {
  return state.stack.find(isExport);
}

function isExport(screen: State['stack'][number] | undefined): screen is ExportScreen {
  return screen?.kind === 'export';
}
