import type { Row, Rows } from '../state/row.ts';
import { type Align, type Cut, fitText } from '../text/fit.ts';
import { fitLine, type Line, type Segment, seg } from '../text/line.ts';
import { textWidth } from '../text/width.ts';

/** A column of a list. */
export interface Column {
  readonly title: string;
  readonly align?: Align;
  /**
   * Columns it takes of its own accord; worked out from all rows if not given, which a list that makes
   * its rows as they are drawn cannot afford.
   */
  readonly width?: number;
  /** Most columns it takes of its own accord. */
  readonly max?: number;
  /** Shrinks first, down to this width, when the line is too long. */
  readonly shrink?: number;
  /** Where its texts are cut when they are longer than it is wide: at their end if not given. */
  readonly cut?: Cut;
  /** Left out when the line is too long, the highest number first. */
  readonly drop?: number;
}

const GAP = 2;

/**
 * Widths of the columns within `width`; 0 for a column left out. Wide columns shrink, then columns that
 * may go are dropped, then what shrinks gets back what is left.
 */
export function columnWidths(
  columns: readonly Column[],
  rows: Rows,
  width: number,
): readonly number[] {
  const last = lastWidths.get(rows);
  if (last?.columns === columns && last.width === width) return last.widths;
  const widths = shareOut(columns, naturalWidths(columns, rows), width);
  lastWidths.set(rows, { columns, width, widths });
  return widths;
}

/** Widths the columns of a list had in the last frame. */
const lastWidths = new WeakMap<
  Rows,
  {
    readonly columns: readonly Column[];
    readonly width: number;
    readonly widths: readonly number[];
  }
>();

function shareOut(
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
): readonly number[] {
  const kept = new Set(columns.keys());
  const least = (index: number): number =>
    Math.min(natural[index]!, columns[index]!.shrink ?? natural[index]!);
  const total = (size: (index: number) => number): number =>
    [...kept].reduce((sum, index) => sum + size(index), 0) + GAP * Math.max(0, kept.size - 1);

  const droppable = [...columns.keys()]
    .filter((index) => columns[index]!.drop !== undefined)
    .sort((a, b) => columns[b]!.drop! - columns[a]!.drop!);
  for (const index of droppable) {
    if (total(least) <= width) break;
    kept.delete(index);
  }

  const widths = columns.map((_, index) => (kept.has(index) ? least(index) : 0));
  let spare = width - total(least);
  for (const index of kept) {
    const more = Math.max(0, Math.min(spare, natural[index]! - widths[index]!));
    widths[index]! += more;
    spare -= more;
  }
  return widths;
}

/** Widths the columns would like, kept per list: they cost a walk over all rows. */
const naturalCache = new WeakMap<Rows, WeakMap<readonly Column[], readonly number[]>>();

function naturalWidths(columns: readonly Column[], rows: Rows): readonly number[] {
  let perColumns = naturalCache.get(rows);
  if (!perColumns) naturalCache.set(rows, (perColumns = new WeakMap()));
  let widths = perColumns.get(columns);
  if (!widths) {
    widths = columns
      .map(({ title, width }, index) => width ?? widestOf(rows, index, textWidth(title)))
      .map((size, index) => Math.min(size, columns[index]?.max ?? size));
    perColumns.set(columns, widths);
  }
  return widths;
}

/** The columns as wide as these rows need them, and no narrower than they are. */
export function widened(columns: readonly Column[], rows: Rows): readonly Column[] {
  return columns.map((column, index) => {
    const least = column.width ?? textWidth(column.title);
    return { ...column, width: widestOf(rows, index, least) };
  });
}

function widestOf(rows: Rows, column: number, least: number): number {
  let widest = least;
  let before = '';
  for (let index = 0; index < rows.length; index++) {
    const row = rows.at(index)!;
    if (row.heading || row.span) continue;
    const text = row.cells[column]?.text ?? '';
    // No character is wider than two columns, and neighbours often say the same.
    if (2 * text.length <= widest || text === before) continue;
    widest = Math.max(widest, textWidth(text));
    before = text;
  }
  return widest;
}

/** The line of titles. */
export function headerLine(
  columns: readonly Column[],
  widths: readonly number[],
  width: number,
  ellipsis: string,
): Line {
  const cells = columns.map(({ title }) => seg(title, 'muted'));
  return fitLine([seg('  '), ...join(columns, widths, cells, ellipsis)], width, ellipsis);
}

/** Lines of rows as they were last drawn: from one frame to the next nearly all stay what they are. */
const lastLines = new WeakMap<Row, { readonly drawn: readonly unknown[]; readonly line: Line }>();

/** A row as one line of exactly `width` columns; `cursor` is drawn in front of the selected one. */
export function rowLine(
  row: Row,
  columns: readonly Column[],
  widths: readonly number[],
  width: number,
  cursor: string,
  ellipsis: string,
): Line {
  const drawn = [columns, widths, width, cursor, ellipsis];
  const last = lastLines.get(row);
  if (last?.drawn.every((part, index) => part === drawn[index])) return last.line;
  const cells = row.heading || row.span ? row.cells : join(columns, widths, row.cells, ellipsis);
  const line = fitLine([seg(row.heading ? '' : fitText(cursor, 2)), ...cells], width, ellipsis);
  lastLines.set(row, { drawn, line });
  return line;
}

function join(
  columns: readonly Column[],
  widths: readonly number[],
  cells: Line,
  ellipsis: string,
): Segment[] {
  const out: Segment[] = [];
  for (const [index, column] of columns.entries()) {
    const size = widths[index]!;
    if (size === 0) continue;
    if (out.length > 0) out.push(seg(' '.repeat(GAP)));
    const { text, tone = 'plain' } = cells[index] ?? seg('');
    out.push(seg(fitText(text, size, column.align, ellipsis, column.cut), tone));
  }
  return out;
}
