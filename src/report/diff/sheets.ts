import { type Block, type Column, code, type Line, paragraph } from '../document.ts';
import { ratioText } from '../ratio-text.ts';
import { nameText, takenText } from '../varies.ts';
import { grouped, percent, signed } from '../words.ts';
import { answerText } from './answer-text.ts';
import type { Where } from './matrix-model.ts';
import type { ApiState, Both, FieldDiff, FunctionDiff, Layers, PerformanceDiff } from './model.ts';
import { valueText } from './value-text.ts';

/** A table or list of differences, before it is cut up by where they are found. */
export interface Sheet {
  /** What is said before it. */
  readonly intro?: Block;
  /** Columns of the table; without them it is a list. */
  readonly columns?: readonly Column[];
  readonly rows: readonly Row[];
}

/** A difference as it is shown. */
export interface Row {
  readonly cells: readonly Line[];
  /** Where it is found, if there is more than one place. */
  readonly where: readonly string[];
}

/** The sheets under each heading, in the order of the layers. */
export function sheetsOf(diff: Layers): [title: string, sheets: Sheet[]][] {
  return [
    ['Options', [optionTable(diff)]],
    ['API surface', [functionTable(diff), functionList(diff), counterTable(diff), nameTable(diff)]],
    ['Structures', [sizeTable(diff), fieldTable(diff)]],
    ['Fallback paths', [fallbackTable(diff), hitTable(diff)]],
    ['Counts', [countTable(diff)]],
    ['Outcomes', [outcomeTable(diff)]],
    ['Performance', [performanceTable(diff)]],
    ['Verification', [verdictTable(diff)]],
  ];
}

function sheet<T extends object>(
  titles: readonly (string | Column)[],
  items: readonly T[],
  cells: (item: T) => readonly Line[],
): Sheet {
  return {
    columns: titles.map((title) => (typeof title === 'string' ? { title } : title)),
    rows: items.map((item) => ({ cells: cells(item), where: whereOf(item) })),
  };
}

/** Differences of one pair of cells are in one place, which nothing need be said of. */
function whereOf(item: object): readonly string[] {
  return (item as Partial<Where>).where ?? [];
}

const LEFT: Column = { title: 'Left', align: 'right' };
const RIGHT: Column = { title: 'Right', align: 'right' };

function optionTable({ options }: Layers): Sheet {
  return sheet(
    ['Option', 'Left', 'Right', { title: 'First cause', prose: true }],
    options,
    ({ symbol, left, right, why }) => [
      [code(symbol)],
      [valueText(left)],
      [valueText(right)],
      [why],
    ],
  );
}

function changesState({ left, right, stub }: FunctionDiff): boolean {
  return left !== right || stub.left !== stub.right;
}

function functionTable({ surface }: Layers): Sheet {
  return sheet(['API', 'Left', 'Right'], surface.functions.filter(changesState), (f) => [
    [code(f.name)],
    [apiText(f.left, f.stub.left)],
    [apiText(f.right, f.stub.right)],
  ]);
}

function functionList({ surface }: Layers): Sheet {
  const others = surface.functions.filter((f) => !changesState(f));
  return {
    intro: paragraph('Real or stub on both sides, with another signature or file:'),
    rows: others.map((f) => ({ cells: [detailChange(f)], where: whereOf(f) })),
  };
}

function apiText(state: ApiState, stub: string | null): string {
  return stub === null ? state : `${state}: ${stub}`;
}

function detailChange({ name, signature, file }: FunctionDiff): Line {
  const change = ({ left, right }: Both<string>): Line =>
    left === right ? [] : [' ', code(left ?? ''), ' -> ', code(right ?? '')];
  return [code(name), ':', ...change(signature), ...change(file)];
}

function counterTable({ surface }: Layers): Sheet {
  const word = (present: boolean): string => (present ? 'counted' : 'absent');
  return sheet(['/proc/vmstat', 'Left', 'Right'], surface.counters, ({ name, left, right }) => [
    [code(name)],
    [word(left)],
    [word(right)],
  ]);
}

function nameTable({ surface, options }: Layers): Sheet {
  // That one side does not define an option is among the options already, with the reason.
  const told = new Set(options.map(({ symbol }) => symbol));
  return sheet(
    ['Name', 'Kind', 'Left', 'Right'],
    surface.names.filter(({ name, kind }) => kind !== 'option' || !told.has(name)),
    ({ name, kind, left, right }) => [
      [code(name)],
      [kind],
      [left ?? nameText(kind, null)],
      [right ?? nameText(kind, null)],
    ],
  );
}

function sizeTable({ sizes }: Layers): Sheet {
  return sheet(
    ['Structure', LEFT, RIGHT, { title: 'Bytes', align: 'right' }, 'Slab object'],
    sizes,
    ({ struct, left, right, delta, slab }) => [
      [code(struct)],
      [numberText(left)],
      [numberText(right)],
      [delta === null ? '' : signed(delta)],
      [slab.left === slab.right ? numberText(slab.left, 'none') : bothText(slab)],
    ],
  );
}

function fieldTable({ surface }: Layers): Sheet {
  const fields = surface.structs.flatMap((struct) =>
    struct.fields
      .filter(({ left, right }) => left?.type !== right?.type || left?.size !== right?.size)
      .map((field) => ({ ...field, name: `${struct.name}.${field.name}`, where: whereOf(struct) })),
  );
  return sheet(['Field', 'Left', 'Right'], fields, ({ name, left, right }) => [
    [code(name)],
    fieldText(left),
    fieldText(right),
  ]);
}

function fieldText(field: FieldDiff['left']): Line {
  return field ? [code(field.type), `, ${field.size} bytes at ${field.offset}`] : ['absent'];
}

function fallbackTable({ fallbacks }: Layers): Sheet {
  return sheet(
    ['Site', 'Left', 'Right'],
    fallbacks.filter(({ left, right }) => left !== right),
    ({ site, left, right }) => [[code(site)], [takenText(left)], [takenText(right)]],
  );
}

function hitTable({ fallbacks }: Layers): Sheet {
  const hits = fallbacks.flatMap((fallback) =>
    fallback.hits.map((hit) => ({ ...hit, site: fallback.site, where: whereOf(fallback) })),
  );
  return sheet(['Hits of', 'Workload', LEFT, RIGHT], hits, (hit) => [
    [code(hit.site)],
    [code(hit.workload)],
    [numberText(hit.left)],
    [numberText(hit.right)],
  ]);
}

function countTable({ counters }: Layers): Sheet {
  return sheet(
    ['Workload', 'Count', LEFT, RIGHT],
    counters,
    ({ workload, group, name, left, right }) => [
      [code(workload)],
      [code(group === 'mmap_lock' ? `mmap_lock.${name}` : name)],
      [numberText(left)],
      [numberText(right)],
    ],
  );
}

function outcomeTable({ outcomes }: Layers): Sheet {
  return sheet(['Workload', 'Left', 'Right'], outcomes, ({ workload, left, right }) => [
    [code(workload)],
    [left ?? 'not run'],
    [right ?? 'not run'],
  ]);
}

function performanceTable({ performance }: Layers): Sheet {
  const intro = paragraph(
    { strong: 'Modelled, not measured.' },
    ' Operations per simulated second, median and spread; only differences beyond the spread.',
  );
  const columns = [
    'Workload',
    { title: 'CPUs', align: 'right' } as const,
    LEFT,
    RIGHT,
    'Right over left',
  ];
  return {
    intro,
    ...sheet(columns, performance, (row) => [
      [code(row.workload)],
      [String(row.cpus)],
      [figureText(row.left)],
      [figureText(row.right)],
      [ratioText(row)],
    ]),
  };
}

function verdictTable({ verdicts }: Layers): Sheet {
  return sheet(['Question', 'Left', 'Right'], verdicts, ({ question, left, right }) => [
    [question],
    [answerText(left)],
    [answerText(right)],
  ]);
}

function figureText({ ops_per_second, spread }: PerformanceDiff['left']): string {
  return `${grouped(Math.round(ops_per_second))} ±${percent(spread)}`;
}

function numberText(value: number | null, none = 'absent'): string {
  return value === null ? none : grouped(value);
}

function bothText({ left, right }: Both<number>): string {
  return `${numberText(left, 'none')} -> ${numberText(right, 'none')}`;
}
