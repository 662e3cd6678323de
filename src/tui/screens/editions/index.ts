import {
  type DiffCounts,
  diffCells,
  diffCountsOf,
  pairEditions,
  type Report,
} from '../../../report/index.ts';
import { selectedKey } from '../../state/cursor.ts';
import { push, replaceTop } from '../../state/model.ts';
import type { DetailLine, Row } from '../../state/row.ts';
import { type Segment, seg } from '../../text/line.ts';
import { count } from '../../text/number.ts';
import { assignments } from '../cell-list/detail.ts';
import { cellDiff } from '../diff/compare.ts';
import { fileName, openExport } from '../export/screen.ts';
import type { ScreenModule } from '../module.ts';
import { type ScreenTable, searchText } from '../table.ts';
import { type EditionsScreen, editionsScreen } from './screen.ts';

const LAYERS: readonly (readonly [keyof DiffCounts, string])[] = [
  ['options', 'opt'],
  ['surface', 'API'],
  ['fallbacks', 'fallb'],
  ['sizes', 'sizes'],
  ['counters', 'count'],
  ['outcomes', 'ends'],
  ['faster', 'faster'],
  ['slower', 'slower'],
  ['verdicts', 'verd'],
];

/** Two editions: how much differs between the cells that ask for the same. */
export const editionsModule: ScreenModule<EditionsScreen> = {
  kind: 'editions',
  crumb: ({ left, right }, { theme }) => `${left} ${theme.glyphs.arrow} ${right}`,
  count: (_state, _screen, _world, { all }) => count(all, 'option set'),
  tableKey: (_state, { left, right }) => JSON.stringify([left, right]),
  table: (_state, { left, right }, { report }) => editionsTable(report, left, right),
  remark: () => 'modelled, not measured',
  bindings: [
    {
      command: 'open',
      keys: ['enter', 'right', 'l'],
      label: 'compare',
      help: 'compare the two cells',
      group: 'Open and leave',
      footer: 1,
    },
    {
      command: 'editions:swap',
      keys: ['x'],
      label: 'swap',
      help: 'swap left and right',
      group: 'Compare',
      footer: 7,
    },
  ],
  commands: {
    open: (state, world, { left, right }) => {
      const key = selectedKey(state, world);
      const pair = pairEditions(world.report, left, right).find((one) => keyOf(one) === key);
      if (!pair) return state;
      if (pair.left && pair.right) return push(state, cellDiff(pair.left.id, pair.right.id));
      return { ...state, notice: 'Only one of the editions has this cell.' };
    },
    export: (state, world, { left, right }) =>
      openExport(state, world, [
        {
          title: `${left} and ${right} compared`,
          short: 'editions',
          name: fileName(`${left}-to-${right}`),
          scope: { kind: 'editions', left, right },
        },
      ]),
    'editions:swap': (state, _world, { left, right }) =>
      replaceTop(state, editionsScreen(right, left)),
  },
  answer: (state, { name, value }) => {
    if (name !== 'pair') return state;
    const [left, right] = JSON.parse(String(value)) as [string, string];
    return push(state, editionsScreen(left, right));
  },
};

function editionsTable(report: Report, left: string, right: string): ScreenTable {
  const rows = pairEditions(report, left, right).map((pair): Row => {
    const asked = assignments((pair.left ?? pair.right)!.set) || 'the base configuration';
    const both = pair.left && pair.right;
    const counts = both ? diffCountsOf(diffCells(report, pair.left.id, pair.right.id)) : null;
    const only = pair.left ? left : right;
    return {
      key: keyOf(pair),
      title: asked,
      differs: counts !== null && Object.values(counts).some((number) => number > 0),
      ...(counts
        ? { cells: [seg(asked), ...LAYERS.map(([layer]) => countSegment(layer, counts[layer]))] }
        : { cells: [seg(`${asked}  `), seg(`only in ${only}`, 'warn')], span: true }),
      search: searchText(asked, pair.left?.id, pair.right?.id),
      detail: (): DetailLine[] => [
        { label: left, text: pair.left?.id ?? 'has no such cell' },
        { label: right, text: pair.right?.id ?? 'has no such cell' },
        ...(counts ? LAYERS.map(([label]) => ({ label, text: String(counts[label]) })) : []),
      ],
    };
  });
  return {
    columns: [
      { title: 'asked', shrink: 16, cut: 'middle' },
      ...LAYERS.map(([, title], index) => ({
        title,
        align: 'right' as const,
        drop: index + 1,
      })),
    ],
    rows,
  };
}

function countSegment(layer: keyof DiffCounts, number: number): Segment {
  if (number === 0) return seg('0', 'muted');
  return seg(String(number), layer === 'slower' ? 'bad' : layer === 'faster' ? 'good' : 'plain');
}

function keyOf({ left, right }: ReturnType<typeof pairEditions>[number]): string {
  return `${left?.id ?? ''} ${right?.id ?? ''}`;
}
