import { type Block, type Line, numbered, type Table } from './document.ts';
import { lineText, type Style } from './words-of-line.ts';
import { widthOf } from './wrap.ts';

/**
 * Bring a table to a width: prose columns become numbered notes below it, then the columns after the
 * first are spread over several tables. A table of one or two columns is left as it is.
 *
 * @param firstAtMost  what the first column takes at most of the width, where lines of it can be broken
 */
export function fitTable(
  table: Table,
  style: Style,
  width: number,
  firstAtMost: number = Number.POSITIVE_INFINITY,
): Block[] {
  if (widthOfTable(table, style) <= width || table.columns.length < 2) return [table];
  const noted = withNotes(table, style);
  return [...splitColumns(noted.table, style, width, firstAtMost), ...noted.notes];
}

/** Width of each column in a format. */
export function columnWidths(table: Table, style: Style): number[] {
  return table.columns.map((column, i) =>
    Math.max(
      3,
      widthOf(style.text(column.title)),
      ...table.rows.map((row) => widthOf(lineText(row[i] ?? [], style))),
    ),
  );
}

function widthOfTable(table: Table, style: Style): number {
  const { between, around } = style.rules;
  const cells = columnWidths(table, style).reduce((sum, width) => sum + width, 0);
  return cells + between * (table.columns.length - 1) + around;
}

function withNotes(table: Table, style: Style): { table: Table; notes: Block[] } {
  if (!table.columns.some((column) => column.prose)) return { table, notes: [] };
  const notes: Line[] = [];
  const numbers = new Map<string, number>();
  const reference = (line: Line): Line => {
    const text = lineText(line, style);
    if (text === '') return [];
    const known = numbers.get(text);
    if (known !== undefined) return [`see ${known}`];
    numbers.set(text, notes.push(line));
    return [`see ${notes.length}`];
  };
  const rows = table.rows.map((row) =>
    row.map((line, i) => (table.columns[i]?.prose ? reference(line) : line)),
  );
  return { table: { ...table, rows }, notes: notes.length > 0 ? [numbered(notes)] : [] };
}

function splitColumns(table: Table, style: Style, width: number, firstAtMost: number): Table[] {
  const widths = columnWidths(table, style);
  const first = Math.min(widths[0] ?? 0, firstAtMost) + style.rules.around;
  const groups: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (let i = 1; i < table.columns.length; i++) {
    const own = (widths[i] ?? 0) + style.rules.between;
    if (used + own > width) {
      groups.push([]);
      used = first;
    }
    groups[groups.length - 1]?.push(i);
    used += own;
  }
  return groups.map((group) => pick(table, [0, ...group], style));
}

/** Some columns of a table; rows that have nothing to say in them are left out. */
function pick(table: Table, indexes: readonly number[], style: Style): Table {
  return {
    ...table,
    columns: indexes.flatMap((i) => table.columns[i] ?? []),
    rows: table.rows
      .map((row) => indexes.map((i) => row[i] ?? []))
      .filter((row) => row.some((line, i) => i > 0 && lineText(line, style) !== '')),
  };
}
