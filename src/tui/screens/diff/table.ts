import { type Diff, diffCells, isEmptyDiff, type Report } from '../../../report/index.ts';
import { countRows, headingRow, type Row, type Rows } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import { count } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';
import type { Column } from '../../widgets/table.ts';
import type { Tab } from '../../widgets/tabs.ts';
import { cellOf } from '../cell-facts.ts';
import type { ScreenTable } from '../table.ts';
import { counterEntries, fallbackEntries, performanceEntries } from './behaviour.ts';
import { type Entry, entryRow } from './entry.ts';
import { LAYERS } from './layers.ts';
import { optionEntries } from './options.ts';
import { structEntries, surfaceEntries } from './surface.ts';

/** Two cells side by side, with what the report stage says differs between them. */
export interface Comparison {
  readonly report: Report;
  readonly diff: Diff;
  /** Kernels of the two cells; `null` where Kconfig rejected the cell. */
  readonly left: string | null;
  readonly right: string | null;
  readonly glyphs: Glyphs;
}

const COLUMNS: readonly Column[] = [
  { title: '' },
  { title: 'what', shrink: 30 },
  { title: 'left', shrink: 12, max: 40 },
  { title: 'right', shrink: 20, max: 40 },
  { title: 'why or how much', shrink: 32, drop: 1 },
];

/** The comparison of two cells as one list, a heading above each layer. */
export function diffTable(
  report: Report,
  left: string,
  right: string,
  only: boolean,
  glyphs: Glyphs,
): ScreenTable {
  const comparison = compare(report, left, right, glyphs);
  const layers = entriesByLayer(comparison);
  const rows = layers.flatMap((entries, layer) => layerRows(entries, layer, only, glyphs));
  return { columns: COLUMNS, rows: [...noteRows(comparison), ...rows] };
}

/** The layers as tabs, each with how many differences it holds. */
export function layerTabs(rows: Rows): Tab[] {
  return LAYERS.map((layer, index) => ({
    ...layer,
    count: countRows(rows, (row) => row.layer === index && row.differs === true),
  }));
}

function compare(report: Report, left: string, right: string, glyphs: Glyphs): Comparison {
  return {
    report,
    diff: diffCells(report, left, right),
    left: cellOf(report, left)?.kernel ?? null,
    right: cellOf(report, right)?.kernel ?? null,
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
  ];
}

function layerRows(entries: readonly Entry[], layer: number, only: boolean, glyphs: Glyphs): Row[] {
  const shown = only ? entries.filter(({ differs }) => differs) : entries;
  if (shown.length === 0) return [];
  const differing = entries.filter(({ differs, part }) => differs && !part).length;
  const same = only ? entries.filter(({ differs }) => !differs).length : 0;
  const rest = same === 0 ? '' : `, ${same} the same`;
  const title = `${LAYERS[layer]!.title}: ${count(differing, 'difference')}${rest}`;
  return [
    headingRow(`layer ${layer}`, title),
    ...shown.map((entry) => entryRow(entry, layer, glyphs)),
  ];
}

/** What could not be compared; and a plain word where nothing differs, for an empty list says nothing. */
function noteRows({ diff, glyphs, left, right }: Comparison): Row[] {
  const same = left === right ? 'the two cells are one kernel' : 'nothing differs';
  const remarks = [...diff.notes, ...(isEmptyDiff(diff) ? [`No difference: ${same}.`] : [])];
  return remarks.map((text, index) => ({
    key: `note ${index}`,
    title: 'remark',
    span: true,
    cells: [seg(`${glyphs.stub} ${text}`, 'warn')],
    search: text,
    detail: () => [{ label: 'note', text }],
  }));
}
