import { verdictAt, verdictGroups, verdictOfKey } from '../../sessions/verdicts.ts';
import { openDetail } from '../../state/commands.ts';
import { selectedKey } from '../../state/cursor.ts';
import { push, type State } from '../../state/model.ts';
import { count } from '../../text/number.ts';
import type { ScreenModule, ScreenWorld } from '../module.ts';
import { traceScreen } from '../trace/screen.ts';
import { verdictTable } from './rows.ts';
import type { VerdictsScreen } from './screen.ts';

/** What the model checker says: every question with its answer, and the way to its trace. */
export const verdictsModule: ScreenModule<VerdictsScreen> = {
  kind: 'verdicts',
  crumb: () => 'verdicts',
  count: (_state, _screen, _world, { shown, all }) =>
    shown === all ? count(all, 'verdict') : `${shown} of ${count(all, 'verdict')}`,
  tableKey: (_state, { from }) => from,
  table: (_state, { from }, { sessions, theme }) =>
    verdictTable(verdictGroups(sessions, from), theme.glyphs),
  empty: () => 'The model checker was not asked: kmatrix run --verify, or kmatrix verify.',
  bindings: [
    {
      command: 'open',
      keys: ['enter', 'right', 'l'],
      label: 'trace',
      help: 'step through the schedule that shows it, or all there is to say',
      group: 'Open and leave',
      footer: 1,
      when: ({ state, world }) => selectedKey(state, world) !== null,
    },
    {
      command: 'detail',
      keys: ['i'],
      label: 'why',
      help: 'the question, what it rests on and what was explored',
      group: 'Open and leave',
      footer: 2,
    },
  ],
  commands: { open },
};

function open(state: State, world: ScreenWorld, screen: VerdictsScreen): State {
  const ref = verdictOfKey(selectedKey(state, world), screen.from);
  const verdict = ref && verdictAt(world.sessions, ref);
  return ref && verdict?.trace ? push(state, traceScreen(ref)) : openDetail(state, world);
}
