import { reselect, rowAt, selectedKey, selectedRow, setCursor } from '../../state/cursor.ts';
import { replaceTop, type State, withList } from '../../state/model.ts';
import { countItems, findRow } from '../../state/row.ts';
import { count } from '../../text/number.ts';
import { cellOf } from '../cell-facts.ts';
import type { ScreenModule, ScreenWorld, Tabs } from '../module.ts';
import { LAYERS } from './layers.ts';
import { type DiffScreen, diffScreen } from './screen.ts';
import { diffTable, layerTabs } from './table.ts';

/** Two cells, layer by layer. */
export const diffModule: ScreenModule<DiffScreen> = {
  kind: 'diff',
  crumb: ({ left, right }, { theme }) => `${left} ${theme.glyphs.arrow} ${right}`,
  count: (state, screen, world, { shown, all }) => {
    const layers = layerTabs(world.table(state, screen).rows);
    const differing = layers.reduce((sum, layer) => sum + (layer.count ?? 0), 0);
    return `${count(differing, 'difference')}${shown === all ? '' : `, ${shown} of ${all} rows`}`;
  },
  tableKey: (_state, { left, right, only }) => JSON.stringify([left, right, only]),
  table: (_state, { left, right, only }, { report, theme }) =>
    diffTable(report, left, right, only, theme.glyphs),
  tabs: layerTabsOf(),
  empty: () => 'No difference.',
  restore: ({ left, right, only, list }, { report }) => {
    if (typeof left !== 'string' || typeof right !== 'string') return null;
    if (!cellOf(report, left) || !cellOf(report, right)) return null;
    return { ...diffScreen(left, right), only: only === true, list };
  },
  bindings: [
    {
      command: 'tab',
      keys: ['1', '2', '3', '4', '5', '6'],
      label: 'layer',
      help: 'the layer with this number, or the next that has rows',
      group: 'Open and leave',
    },
    {
      command: 'diff:next',
      keys: ['n'],
      label: 'next',
      help: 'next difference',
      group: 'Compare',
      footer: 3,
      when: ({ state, screen, world }) => countItems(world.rows(state, screen)) > 0,
    },
    {
      command: 'diff:previous',
      keys: ['N'],
      label: 'previous',
      help: 'previous difference',
      group: 'Compare',
      footer: 4,
      when: ({ state, screen, world }) => countItems(world.rows(state, screen)) > 0,
    },
    {
      command: 'diff:only',
      keys: ['o'],
      label: 'all/only',
      help: 'show all rows or only differences',
      group: 'Compare',
      footer: 6,
    },
    {
      command: 'diff:swap',
      keys: ['x'],
      label: 'swap',
      help: 'swap left and right',
      group: 'Compare',
      footer: 7,
    },
  ],
  commands: {
    'diff:next': (state, world) => stepDifference(state, world, 1),
    'diff:previous': (state, world) => stepDifference(state, world, -1),
    'diff:only': (state, world, screen) => changed(state, world, { ...screen, only: !screen.only }),
    'diff:swap': (state, world, screen) =>
      changed(state, world, { ...screen, left: screen.right, right: screen.left }),
  },
};

/** The layers are one list; a tab leads to the first row of one. */
function layerTabsOf(): Tabs<DiffScreen> {
  return {
    list: (state, screen, world) => layerTabs(world.table(state, screen).rows),
    open: (state, _screen, world) => selectedRow(state, world)?.layer ?? -1,
    go: (state, screen, world, tab, direction) => {
      const rows = world.rows(state, screen);
      for (let tried = 0; tried < LAYERS.length; tried++) {
        const layer = (tab + direction * tried + LAYERS.length) % LAYERS.length;
        const index = findRow(rows, (row) => row.layer === layer && !row.heading);
        if (index < 0) continue;
        // The layer's heading goes to the top: what follows is what was asked for.
        const list = { ...screen.list, cursor: index, offset: rows.length };
        return replaceTop(state, withList(screen, list));
      }
      return state;
    },
  };
}

function changed(state: State, world: ScreenWorld, screen: DiffScreen): State {
  return reselect(replaceTop(state, screen), world, selectedKey(state, world));
}

function stepDifference(state: State, world: ScreenWorld, by: 1 | -1): State {
  const screen = state.stack.at(-1)!;
  const rows = world.rows(state, screen);
  let index = screen.list.cursor + by;
  while (rowAt(rows, index) && !rowAt(rows, index)!.differs) index += by;
  if (rowAt(rows, index)) return setCursor(state, index);
  return {
    ...state,
    notice: by > 0 ? 'No difference below this one.' : 'No difference above this one.',
  };
}
