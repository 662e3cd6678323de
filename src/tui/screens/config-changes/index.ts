import type { Difference } from 'kconfiglib-js';
import { type ConfigSession, placeOf, shownValue } from '../../sessions/config/index.ts';
import { selectedKey } from '../../state/cursor.ts';
import { replaceTop } from '../../state/model.ts';
import type { Row } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import { jumpTo } from '../config/jump.ts';
import { paneOf } from '../config/pane.ts';
import { sessionOf } from '../config/screen.ts';
import { symbolScreen } from '../config-symbol/screen.ts';
import type { ScreenModule } from '../module.ts';
import { searchText } from '../table.ts';
import { type ChangesScreen, changesScreen } from './screen.ts';

const COLUMNS = [
  { title: 'option', max: 44, shrink: 16 },
  { title: 'before', max: 20, shrink: 6 },
  { title: 'now', max: 20, shrink: 6 },
  { title: 'prompt', shrink: 10, drop: 1 },
];

/** What changed by the last change, since the start, and beside the file on disk. */
export const changesModule: ScreenModule<ChangesScreen> = {
  kind: 'config-changes',
  crumb: () => 'changes',
  count: (_state, _screen, _world, { shown, all }) =>
    shown === all ? `${all} changed` : `${shown} of ${all} changed`,
  tableKey: (_state, screen, world) =>
    `${screen.session} ${sessionOf(world, screen).version} ${screen.tab}`,
  table: (_state, screen, world) => {
    const session = sessionOf(world, screen);
    return {
      columns: COLUMNS,
      rows: differencesOf(session, screen.tab).map((difference) => rowOf(session, difference)),
    };
  },
  tabs: {
    list: (_state, screen, world) => [
      { title: 'By the last change', short: 'Last' },
      { title: 'Since the start', short: 'All' },
      { title: `Beside ${sessionOf(world, screen).file}`, short: 'File' },
    ],
    open: (_state, { tab }) => tab,
    go: (state, { session }, _world, tab) => replaceTop(state, changesScreen(session, tab)),
  },
  empty: (screen, world) => {
    const session = sessionOf(world, screen);
    if (screen.tab === 2 && session.against(session.file) === undefined)
      return `There is no file ${session.file} yet.`;
    return 'Nothing differs.';
  },
  bindings: [
    {
      command: 'open',
      keys: ['enter', 'right', 'l'],
      label: 'go there',
      help: 'the place of the option in the menus',
      group: 'Open and leave',
      footer: 1,
    },
    {
      command: 'config-changes:why',
      keys: ['w'],
      label: 'why',
      help: 'why the option has its value, and what would give it another',
      group: 'Open and leave',
      footer: 3,
    },
  ],
  commands: {
    open: (state, world, screen) => {
      const name = selectedKey(state, world);
      const { symbols } = sessionOf(world, screen).kconfig;
      const node = name === null ? undefined : placeOf(symbols.get(name));
      return node ? jumpTo(state, world, screen, node) : state;
    },
    'config-changes:why': (state, world, screen) => {
      const name = selectedKey(state, world);
      return name === null ? state : symbolScreen(state, world, screen.session, name, 'why');
    },
  },
};

function differencesOf(session: ConfigSession, tab: number): readonly Difference[] {
  if (tab === 1) return session.changes();
  if (tab === 2) return session.against(session.file) ?? [];
  return session.last?.ok ? session.last.changed : [];
}

function rowOf(session: ConfigSession, { name, left, right }: Difference): Row {
  const node = placeOf(session.kconfig.symbols.get(name));
  return {
    key: name,
    cells: [
      seg(name, 'strong'),
      seg(shownValue(left)),
      seg(shownValue(right), right === 'n' ? 'warn' : 'good'),
      seg(node?.prompt ?? '(no prompt)', 'muted'),
    ],
    search: searchText(name, node?.prompt),
    differs: true,
    detail: () => (node ? paneOf(session, node) : []),
  };
}
