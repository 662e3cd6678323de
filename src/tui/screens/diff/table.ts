import {
  type Diff,
  diffSides,
  isEmptyDiff,
  type Report,
  type Side,
} from '../../../report/index.ts';
import { headingRow, type Row, type Rows } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import { count } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';
import type { Column } from '../../widgets/table.ts';
import type { Tab } from '../../widgets/tabs.ts';
import { type ScreenTable, searchText } from '../table.ts';
import { counterEntries, fallbackEntries, performanceEntries } from './behaviour.ts';
import { type Entry, entryRow, unifiedRows } from './entry.ts';
import { LAYERS } from './layers.ts';
import { optionEntries } from './options.ts';
import { structEntries, surfaceEntries } from './surface.ts';
import { verdictEntries } from './verdicts.ts';

/** Two sides, with what the report stage says differs between them. */
export interface Comparison {
  readonly diff: Diff;
  readonly sides: { readonly left: Side; readonly right: Side };
  /** The report both are cells of; `null` where a side was read from a file. */
  readonly report: Report | null;
  /** Kernels of the two sides; `null` where there is none. */
  readonly left: string | null;
  readonly right: string | null;
  readonly glyphs: Glyphs;
}

/** How a comparison is looked at. */
export interface DiffView {
  /** Leave out what is the same on both sides. */
  readonly only: boolean;
  /** Left above right instead of beside it. */
  readonly unified: boolean;
}

const BESIDE: readonly Column[] = [
  { title: '' },
  { title: 'what', shrink: 30 },
  { title: 'left', shrink: 12, max: 40 },
  { title: 'right', shrink: 20, max: 40 },
  { title: 'why or how much', shrink: 32, drop: 1 },
];

const BELOW: readonly Column[] = [
  { title: '' },
  { title: 'what', shrink: 30 },
  { title: 'value', shrink: 20 },
  { title: 'why or how much', shrink: 32, drop: 1 },
];

/** A comparison as one list, a heading above each layer. */
export function diffTable(left: Side, right: Side, view: DiffView, glyphs: Glyphs): ScreenTable {
  const comparison = compare(left, right, glyphs);
  const rows = entriesByLayer(comparison).flatMap((entries, layer) =>
    layerRows(entries, layer, view, glyphs),
  );
  return {
    columns: view.unified ? BELOW : BESIDE,
    rows: [...noteRows(comparison), ...rows],
  };
}

/** The layers as tabs, each with how many differences it holds. */
export function layerTabs(rows: Rows): Tab[] {
  const counts = new Array<number>(LAYERS.length).fill(0);
  for (let index = 0; index < rows.length; index++) {
    const { layer, differs } = rows.at(index)!;
    if (layer !== undefined && differs) counts[layer]!++;
  }
  return LAYERS.map((layer, index) => ({ ...layer, count: counts[index]! }));
}

function compare(left: Side, right: Side, glyphs: Glyphs): Comparison {
  const [a, b] = [left.kernel, right.kernel];
  return {
    diff: diffSides(left, right),
    sides: { left, right },
    report: a && b && a.report === b.report ? a.report : null,
    left: a?.id ?? null,
    right: b?.id ?? null,
    glyphs,
  };
}

function entriesByLayer(comparison: Comparison): readonly (readonly Entry[])[] {
  return [
    optionEntries(comparison),
    surfaceEntries(comparison),
    fallbackEntries(comparison),
    structEntries(comparison),
    counterEntries(comparison),
    performanceEntries(comparison),
    verdictEntries(comparison),
  ];
}

function layerRows(
  entries: readonly Entry[],
  layer: number,
  { only, unified }: DiffView,
  glyphs: Glyphs,
): Row[] {
  const shown = only ? entries.filter(({ differs }) => differs) : entries;
  if (shown.length === 0) return [];
  const differing = entries.filter(({ differs, part }) => differs && !part).length;
  const same = only ? entries.filter(({ differs }) => !differs).length : 0;
  const rest = same === 0 ? '' : `, ${same} the same`;
  const title = `${LAYERS[layer]!.title}: ${count(differing, 'difference')}${rest}`;
  return [
    headingRow(`layer ${layer}`, title),
    ...shown.flatMap((entry) =>
      unified ? unifiedRows(entry, layer) : [entryRow(entry, layer, glyphs)],
    ),
  ];
}

/** What could not be compared; and a plain word where nothing differs, for an empty list says nothing. */
function noteRows({ diff, sides, glyphs, left, right }: Comparison): Row[] {
  const one = left !== null && left === right;
  const same = one ? 'the two cells are one kernel' : 'nothing differs';
  const remarks = [
    ...diff.notes,
    ...(isEmptyDiff(diff) ? [`No difference: ${same}.`] : []),
    ...unasked(sides),
  ];
  return remarks.map((text, index) => ({
    key: `note ${index}`,
    title: 'remark',
    span: true,
    cells: [seg(`${glyphs.stub} ${text}`, 'warn')],
    search: searchText(text),
    detail: () => [{ label: 'note', text }],
  }));
}

/** Two editions without verdicts look as if the model checker saw no difference. */
function unasked({ left, right }: Comparison['sides']): string[] {
  const silent = [left, right].every(
    ({ kernel }) => kernel && kernel.report.verification.length === 0,
  );
  if (!silent || left.edition === right.edition) return [];
  return ['No verdicts: the model checker was not asked (v on the list of cells asks it).'];
}
