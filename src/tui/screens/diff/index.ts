import { askText } from '../../dialogs/ask.ts';
import type { CompareFilesEffect } from '../../effects/compare-files.ts';
import { SIDES_SESSION, sideLabel, sideOf } from '../../sessions/sides.ts';
import { reselect, rowAt, selectedKey, selectedRow, setCursor } from '../../state/cursor.ts';
import { asking, push, replaceTop, type State, withList } from '../../state/model.ts';
import { countItems, findRow } from '../../state/row.ts';
import { isRecord } from '../../state/saved.ts';
import { count } from '../../text/number.ts';
import { listCells, stillOpen } from '../cell-list/listed.ts';
import { fileName, openExport } from '../export/screen.ts';
import type { ScreenModule, ScreenWorld, Tabs } from '../module.ts';
import { LAYERS } from './layers.ts';
import { type DiffScreen, diffScreen } from './screen.ts';
import { diffTable, layerTabs } from './table.ts';

/** Two sides, layer by layer. */
export const diffModule: ScreenModule<DiffScreen> = {
  kind: 'diff',
  crumb: ({ left, right }, { theme }) =>
    `${sideLabel(left)} ${theme.glyphs.arrow} ${sideLabel(right)}`,
  count: (state, screen, world, { shown, all }) => {
    const { rows } = world.table(state, screen);
    if (rows.length === 0) return '';
    const layers = layerTabs(rows);
    const differing = layers.reduce((sum, layer) => sum + (layer.count ?? 0), 0);
    return `${count(differing, 'difference')}${shown === all ? '' : `, ${shown} of ${all} rows`}`;
  },
  tableKey: (_state, { left, right, only, unified }, { sessions }) =>
    JSON.stringify([left, right, only, unified, sessions.get(SIDES_SESSION)?.version]),
  table: (_state, { left, right, only, unified }, { sessions, theme }) => {
    const [a, b] = [sideOf(sessions, left), sideOf(sessions, right)];
    if (!a || !b) return { columns: [], rows: [] };
    return diffTable(a, b, { only, unified }, theme.glyphs);
  },
  status: (_state, { unified }) => [unified ? 'unified' : ''],
  tabs: layerTabsOf(),
  restore: ({ left, right, only, unified, list }, world) => {
    const cells = [left, right].map((name) => (isRecord(name) ? name.cell : null));
    const known = new Set<unknown>(listCells(world).map(({ id }) => id));
    const [a, b] = cells;
    // A side that was read from a file is not read again unasked.
    if (typeof a !== 'string' || typeof b !== 'string' || !known.has(a) || !known.has(b))
      return null;
    const screen = diffScreen({ cell: a }, { cell: b });
    return { ...screen, only: only === true, unified: unified === true, list };
  },
  empty: ({ left, right }, world) => {
    const cells = [left, right].flatMap((side) => ('cell' in side ? [side.cell] : []));
    return stillOpen(world, ...cells) ?? 'One of the two is not there any more.';
  },
  remark: (_state, _screen, _world, row) =>
    row?.layer === undefined || row.layer === 0 ? '' : 'modelled, not measured',
  bindings: [
    {
      command: 'tab',
      keys: ['1', '2', '3', '4', '5', '6', '7'],
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
      command: 'diff:unified',
      keys: ['t'],
      label: 'side/unified',
      help: 'left and right beside or below each other, as in a patch',
      group: 'Compare',
      footer: 7,
    },
    {
      command: 'diff:swap',
      keys: ['x'],
      label: 'swap',
      help: 'swap left and right',
      group: 'Compare',
      footer: 8,
    },
  ],
  check: (_state, { value }) => (String(value).trim() === '' ? 'a file is wanted' : null),
  answer: (state, { name, value }) => {
    if (name === 'left') return askRight(state, String(value).trim());
    if (name.startsWith(RIGHT)) {
      const left = name.slice(RIGHT.length);
      const right = String(value).trim();
      return asking<CompareFilesEffect>(state, { kind: 'compare-files', left, right });
    }
    const { left, right, problem } = value as FilesAnswer;
    if (problem !== null) return { ...state, notice: problem };
    return push(state, diffScreen({ file: left }, { file: right }));
  },
  commands: {
    'diff:next': (state, world) => stepDifference(state, world, 1),
    'diff:previous': (state, world) => stepDifference(state, world, -1),
    'diff:only': (state, world, screen) => changed(state, world, { ...screen, only: !screen.only }),
    'diff:unified': (state, world, screen) =>
      changed(state, world, { ...screen, unified: !screen.unified }),
    export: (state, world, { left, right }) =>
      openExport(state, world, [
        {
          title: 'this comparison',
          short: 'diff',
          name: fileName(`${sideLabel(left)}-to-${sideLabel(right)}`),
          scope: { kind: 'diff', left, right },
        },
      ]),
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

/** The name of the question for the right file, with the left one behind it. */
const RIGHT = 'right of ';

interface FilesAnswer {
  readonly left: string;
  readonly right: string;
  readonly problem: string | null;
}

/** Ask for two files to compare: `.config` files, or cells of exported reports. */
export function askFiles(state: State): State {
  return askText(state, {
    to: 'diff',
    name: 'left',
    title: 'Compare two files: the left one',
    hint: 'a .config file, or a cell of an exported report: report.json#v7.0:SMP=y',
    text: '.config.old',
  });
}

function askRight(state: State, left: string): State {
  return askText(state, {
    to: 'diff',
    name: `${RIGHT}${left}`,
    title: `Compare ${left} with`,
    hint: 'a .config file, or a cell of an exported report',
    text: '.config',
  });
}
