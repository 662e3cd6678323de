import {
  type FunctionEntry,
  type FunctionRow,
  type Report,
  type ReportCell,
  stateText,
} from '../../../report/index.ts';
import { type DetailLine, headingRow, type Row } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import type { Glyphs } from '../../theme.ts';
import { basisOf, elsewhere, stateSegment } from '../cell-facts.ts';
import { type ScreenTable, searchText } from '../table.ts';
import { conditionLine, labelLines } from './evidence.ts';
import { groups } from './groups.ts';
import { nameTableRow } from './name-rows.ts';

/** Functions, macros, counters, other names and options: real, stub, present or absent in this cell's kernel. */
export function surfaceTab(report: Report, cell: ReportCell, glyphs: Glyphs): ScreenTable {
  const { kernel } = cell;
  const columns = [
    { title: 'state' },
    { title: 'name' },
    { title: 'signature', shrink: 16 },
    { title: 'file', shrink: 16, drop: 1 },
  ];
  if (kernel === null) return { columns, rows: [] };
  const { functions, counters, names } = report.surface;
  const kinds = (['function', 'macro'] as const).map((kind) =>
    functions
      .filter((row) => row.kind === kind)
      .map((row) => functionRow(report, row, cell, glyphs)),
  );
  const counted = counters.map((row): Row => {
    const present = row.kernels[kernel] ?? false;
    const state = present ? 'present' : 'absent';
    return {
      key: `counter ${row.name}`,
      title: row.name,
      cells: [
        stateSegment(state, glyphs),
        seg(row.name),
        seg('/proc/vmstat'),
        seg(row.file, 'muted'),
      ],
      search: searchText(state, row.name, row.file, 'counter vmstat'),
      detail: () => [
        { label: row.name, text: `a line of /proc/vmstat, ${state} here` },
        { label: 'file', text: row.file },
        ...groups(elsewhere(row.kernels, (has) => (has ? 'present' : 'absent'))),
        { label: 'basis', text: basisOf(report, 'surface').statement },
      ],
    };
  });
  const named = (options: boolean): Row[] =>
    names
      .filter(({ kind }) => (kind === 'option') === options)
      .map((row) => nameTableRow(report, row, kernel, glyphs));
  return {
    columns,
    rows: [
      ...section('Functions', kinds[0]!),
      ...section('Macros', kinds[1]!),
      ...section('Counters', counted),
      ...section('Constants, ioctls, trace points and variables', named(false)),
      ...section('Kconfig options', named(true)),
    ],
  };
}

function section(title: string, rows: readonly Row[]): Row[] {
  if (rows.length === 0) return [];
  const tally = ['real', 'present', 'stub', 'absent'].flatMap((state) => {
    const number = rows.filter(({ cells }) => cells[0]!.text.endsWith(` ${state}`)).length;
    return number > 0 ? [`${number} ${state}`] : [];
  });
  return [headingRow(title, `${title}: ${tally.join(', ')}`), ...rows];
}

function functionRow(report: Report, row: FunctionRow, cell: ReportCell, glyphs: Glyphs): Row {
  const entry = row.kernels[cell.kernel ?? ''] ?? { state: 'absent' };
  const { signature, file } = declaration(row, entry);
  const what = entry.state === 'stub' ? `${entry.stub}   ${signature}` : signature;
  return {
    key: `${row.kind} ${row.name}`,
    title: row.name,
    cells: [
      stateSegment(entry.state, glyphs),
      seg(row.name, entry.state === 'absent' ? 'muted' : 'plain'),
      seg(what, entry.state === 'absent' ? 'muted' : 'plain'),
      seg(file, 'muted'),
    ],
    search: searchText(stateText(entry), row.name, file, row.kind),
    detail: (): DetailLine[] => [
      { label: row.name, text: `${row.kind}, ${stateText(entry)}`, tone: 'strong' },
      { label: 'signature', text: signature },
      { label: 'file', text: file },
      ...(entry.state === 'absent' ? [] : labelLines(report, cell, row.name)),
      conditionLine(report, cell, (kernel) => stateText(row.kernels[kernel])),
      ...groups(elsewhere(row.kernels, stateText)),
      { label: 'basis', text: basisOf(report, 'surface').statement },
    ],
  };
}

/** Where an absent function is declared in the kernels that have it: what one would be looking for. */
function declaration(row: FunctionRow, entry: FunctionEntry): { signature: string; file: string } {
  const entries: readonly FunctionEntry[] = [entry, ...Object.values(row.kernels)];
  return entries.find((one) => one.state !== 'absent') ?? { signature: '', file: '' };
}
