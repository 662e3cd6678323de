import { type Block, bullets, code, heading, type Line, paragraph, table } from '../document.ts';
import { ratioText } from '../ratio-text.ts';
import { nameText, takenText } from '../varies.ts';
import { grouped, percent, signed } from '../words.ts';
import { answerText } from './answer-text.ts';
import { isEmptyDiff } from './diff.ts';
import type { ApiState, Both, Diff, FunctionDiff } from './model.ts';
import { movesOf } from './moves.ts';
import { valueText } from './value-text.ts';

/** A diff as blocks of text, in the order of its layers. */
export function diffDocument(diff: Diff): Block[] {
  return [
    heading(1, 'kmatrix diff'),
    bullets([end('Left', diff.left), end('Right', diff.right)]),
    ...(diff.notes.length > 0 ? [bullets(diff.notes.map((note) => [note]))] : []),
    ...(isEmptyDiff(diff) ? [paragraph('No difference.')] : layers(diff)),
  ];
}

function end(side: string, { id, source }: Diff['left']): Line {
  return [`${side}: `, code(id), ...(source === id ? [] : [' from ', code(source)])];
}

function layers(diff: Diff): Block[] {
  return [
    ...section('In short', bulletsOf(movesOf(diff))),
    ...section('Options', optionTable(diff)),
    ...section('API surface', [...functionTable(diff), ...counterTable(diff), ...nameTable(diff)]),
    ...section('Structures', [...sizeTable(diff), ...fieldTable(diff)]),
    ...section('Fallback paths', fallbackTable(diff)),
    ...section('Counts', countTable(diff)),
    ...section('Outcomes', outcomeTable(diff)),
    ...section('Performance', performanceTable(diff)),
    ...section('Verification', verdictTable(diff)),
  ];
}

function section(title: string, blocks: readonly Block[]): Block[] {
  return blocks.length > 0 ? [heading(2, title), ...blocks] : [];
}

function bulletsOf(items: readonly Line[]): Block[] {
  return items.length > 0 ? [bullets(items)] : [];
}

/** A table, unless it would have no rows. */
function rows(titles: readonly (string | Figure)[], lines: readonly (readonly Line[])[]): Block[] {
  if (lines.length === 0) return [];
  const columns = titles.map((title) =>
    typeof title === 'string' ? { title, prose: title === 'First cause' } : title,
  );
  return [table(columns, lines)];
}

interface Figure {
  readonly title: string;
  readonly align: 'right';
}

const LEFT: Figure = { title: 'Left', align: 'right' };
const RIGHT: Figure = { title: 'Right', align: 'right' };

function optionTable({ options }: Diff): Block[] {
  return rows(
    ['Option', 'Left', 'Right', 'First cause'],
    options.map(({ symbol, left, right, why }) => [
      [code(symbol)],
      [valueText(left)],
      [valueText(right)],
      [why],
    ]),
  );
}

function functionTable({ surface }: Diff): Block[] {
  const changed = surface.functions.filter(
    (f) => f.left !== f.right || f.stub.left !== f.stub.right,
  );
  const others = surface.functions.filter((f) => !changed.includes(f));
  return [
    ...rows(
      ['API', 'Left', 'Right'],
      changed.map((f) => [
        [code(f.name)],
        [apiText(f.left, f.stub.left)],
        [apiText(f.right, f.stub.right)],
      ]),
    ),
    ...(others.length > 0
      ? [paragraph('Real or stub on both sides, with another signature or file:')]
      : []),
    ...bulletsOf(others.map(detailChange)),
  ];
}

function apiText(state: ApiState, stub: string | null): string {
  return stub === null ? state : `${state}: ${stub}`;
}

function detailChange({ name, signature, file }: FunctionDiff): Line {
  const change = ({ left, right }: Both<string>): Line =>
    left === right ? [] : [' ', code(left ?? ''), ' -> ', code(right ?? '')];
  return [code(name), ':', ...change(signature), ...change(file)];
}

function counterTable({ surface }: Diff): Block[] {
  const word = (present: boolean): string => (present ? 'counted' : 'absent');
  return rows(
    ['/proc/vmstat', 'Left', 'Right'],
    surface.counters.map(({ name, left, right }) => [[code(name)], [word(left)], [word(right)]]),
  );
}

function nameTable({ surface, options }: Diff): Block[] {
  // That one side does not define an option is among the options already, with the reason.
  const told = new Set(options.map(({ symbol }) => symbol));
  return rows(
    ['Name', 'Kind', 'Left', 'Right'],
    surface.names
      .filter(({ name, kind }) => kind !== 'option' || !told.has(name))
      .map(({ name, kind, left, right }) => [
        [code(name)],
        [kind],
        [left ?? nameText(kind, null)],
        [right ?? nameText(kind, null)],
      ]),
  );
}

function sizeTable({ sizes }: Diff): Block[] {
  return rows(
    ['Structure', LEFT, RIGHT, { title: 'Bytes', align: 'right' }, 'Slab object'],
    sizes.map(({ struct, left, right, delta, slab }) => [
      [code(struct)],
      [numberText(left)],
      [numberText(right)],
      [delta === null ? '' : signed(delta)],
      [slab.left === slab.right ? numberText(slab.left, 'none') : bothText(slab)],
    ]),
  );
}

function fieldTable({ surface }: Diff): Block[] {
  return rows(
    ['Field', 'Left', 'Right'],
    surface.structs.flatMap(({ name, fields }) =>
      fields
        .filter(({ left, right }) => left?.type !== right?.type || left?.size !== right?.size)
        .map((field) => [
          [code(`${name}.${field.name}`)],
          fieldText(field.left),
          fieldText(field.right),
        ]),
    ),
  );
}

function fieldText(field: Diff['surface']['structs'][number]['fields'][number]['left']): Line {
  return field ? [code(field.type), `, ${field.size} bytes at ${field.offset}`] : ['absent'];
}

function fallbackTable({ fallbacks }: Diff): Block[] {
  return [
    ...rows(
      ['Site', 'Left', 'Right'],
      fallbacks.map(({ site, left, right }) => [
        [code(site)],
        [takenText(left)],
        [takenText(right)],
      ]),
    ),
    ...rows(
      ['Hits of', 'Workload', LEFT, RIGHT],
      fallbacks.flatMap(({ site, hits }) =>
        hits.map((hit) => [
          [code(site)],
          [code(hit.workload)],
          [numberText(hit.left)],
          [numberText(hit.right)],
        ]),
      ),
    ),
  ];
}

function countTable({ counters }: Diff): Block[] {
  return rows(
    ['Workload', 'Count', LEFT, RIGHT],
    counters.map(({ workload, group, name, left, right }) => [
      [code(workload)],
      [code(group === 'mmap_lock' ? `mmap_lock.${name}` : name)],
      [numberText(left)],
      [numberText(right)],
    ]),
  );
}

function outcomeTable({ outcomes }: Diff): Block[] {
  return rows(
    ['Workload', 'Left', 'Right'],
    outcomes.map(({ workload, left, right }) => [
      [code(workload)],
      [left ?? 'not run'],
      [right ?? 'not run'],
    ]),
  );
}

function performanceTable({ performance }: Diff): Block[] {
  const table = rows(
    ['Workload', { title: 'CPUs', align: 'right' }, LEFT, RIGHT, 'Right over left'],
    performance.map((row) => [
      [code(row.workload)],
      [String(row.cpus)],
      [figureText(row.left)],
      [figureText(row.right)],
      [ratioText(row)],
    ]),
  );
  const unit = paragraph(
    { strong: 'Modelled, not measured.' },
    ' Operations per simulated second, median and spread; only differences beyond the spread.',
  );
  return table.length > 0 ? [unit, ...table] : [];
}

function verdictTable({ verdicts }: Diff): Block[] {
  return rows(
    ['Question', 'Left', 'Right'],
    verdicts.map(({ question, left, right }) => [
      [question],
      [answerText(left)],
      [answerText(right)],
    ]),
  );
}

function figureText({ ops_per_second, spread }: Diff['performance'][number]['left']): string {
  return `${grouped(Math.round(ops_per_second))} ±${percent(spread)}`;
}

function numberText(value: number | null, none = 'absent'): string {
  return value === null ? none : grouped(value);
}

function bothText({ left, right }: Both<number>): string {
  return `${numberText(left, 'none')} -> ${numberText(right, 'none')}`;
}
