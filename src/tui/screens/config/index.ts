import { countItems } from '../../state/row.ts';
import { count } from '../../text/number.ts';
import type { ScreenModule } from '../module.ts';
import { configAnswer, configCheck } from './answers.ts';
import { CONFIG_BINDINGS } from './bindings.ts';
import { CONFIG_COMMANDS, selectedNode } from './commands.ts';
import { entryRows, foundRows, WIDE } from './rows.ts';
import { type ConfigScreen, menuOf, sessionOf } from './screen.ts';

/** One column over the whole line: rows are made as they are drawn. */
const COLUMNS = [{ title: '', width: 1 }];

/** A menu of a configuration, as menuconfig shows it. */
export const configModule: ScreenModule<ConfigScreen> = {
  kind: 'config',
  crumb: (screen, world) => {
    const menu = menuOf(world, screen);
    return menu.parent ? (menu.prompt ?? '') : sessionOf(world, screen).title;
  },
  count: (state, screen, world, { shown }) =>
    screen.list.filter === ''
      ? count(countItems(world.table(state, screen).rows), 'row')
      : `${shown} found`,
  status: (_state, screen, world) => {
    const session = sessionOf(world, screen);
    const changes = session.changes().length;
    return [
      screen.all ? 'all' : '',
      screen.flat ? 'flat' : '',
      changes > 0 ? `${changes} changed` : '',
      session.dirty ? 'unsaved' : '',
    ];
  },
  tableKey: (state, screen, world) => {
    const { session, menu, all, flat, names } = screen;
    return `${session} ${sessionOf(world, screen).version} ${menu} ${all} ${flat} ${names} ${state.size.columns >= WIDE}`;
  },
  table: (state, screen, world) => {
    const session = sessionOf(world, screen);
    const entries = session.entries(menuOf(world, screen), screen);
    return {
      columns: COLUMNS,
      rows: entryRows(session, entries, world.theme, {
        names: screen.names,
        wide: state.size.columns >= WIDE,
      }),
      filtered: (filter) => foundRows(session, session.find(filter), world.theme),
    };
  },
  header: false,
  // As much as there may be: the layout leaves half to the list.
  pane: ({ pane }) => ({
    shown: pane !== 'none',
    ...(pane === 'half' && { lines: Number.MAX_SAFE_INTEGER }),
  }),
  empty: () => 'Nothing is shown here; z shows what is hidden.',
  remark: (state, screen, world, row) => {
    const node = row && selectedNode(state, world, screen);
    return node ? `${node.span.file}:${node.span.line}` : '';
  },
  typing: { 'filter-keep': 'go there', 'filter-drop': 'leave the search' },
  more: 'i shows all',
  bindings: CONFIG_BINDINGS,
  commands: CONFIG_COMMANDS,
  check: (_state, answer, world) => configCheck(answer, world),
  answer: configAnswer,
};
