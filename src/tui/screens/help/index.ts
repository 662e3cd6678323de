import type { ScreenModule } from '../module.ts';
import type { HelpScreen } from './screen.ts';
import { helpTable } from './table.ts';

/** Every key of the screen below. */
export const helpModule: ScreenModule<HelpScreen> = {
  kind: 'help',
  crumb: () => 'keys',
  count: (_state, _screen, _world, { shown, all }) =>
    shown === all ? `${all} keys` : `${shown} of ${all} keys`,
  tableKey: (_state, { about }) => about,
  table: (_state, { about }, { keys, theme }) => helpTable(keys, about, theme.ascii),
  header: false,
  details: false,
  bindings: [],
  omits: ['open', 'help'],
  commands: {},
};
