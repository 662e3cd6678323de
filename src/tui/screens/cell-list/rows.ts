import { groupCells } from '../../../report/index.ts';
import { filterRows } from '../../state/filter.ts';
import type { DetailLine, Row } from '../../state/row.ts';
import { sortBy } from '../../state/sort.ts';
import { seg } from '../../text/line.ts';
import { type Column, widened } from '../../widgets/table.ts';
import { figuresByCell, workloadsOf } from '../cell-facts.ts';
import type { ScreenWorld } from '../module.ts';
import { type ScreenTable, searchText } from '../table.ts';
import { type CellColumn, type ColumnContext, cellColumns, whyOf } from './columns.ts';
import { assignments, cellDetail } from './detail.ts';
import { groupRow } from './group-rows.ts';
import { type ListedCell, listCells } from './listed.ts';

/** What the list of cells depends on besides the report. */
export interface MatrixView {
  /** Title of the column it is sorted by; empty for the matrix's own order. */
  readonly sort: string;
  readonly descending: boolean;
  /** Index of the workload whose figures are shown. */
  readonly workload: number;
  readonly marks: readonly string[];
  /** What cells are grouped by; empty for nothing. */
  readonly by: string;
  /** Values of the groups whose cells are not shown. */
  readonly closed: readonly string[];
}

type Shown = Pick<ScreenWorld, 'report' | 'sessions' | 'theme'>;

/** The cells of a matrix as rows. */
export function matrixTable(world: Shown, view: MatrixView): ScreenTable {
  const plain = plainOf(world, workloadsOf(world.report)[view.workload] ?? '');
  const { columns } = plain;
  const [numbers, ...values] = plain.titles as [Column, ...Column[]];
  const titles = [{ ...numbers, width: Math.max(1, String(view.marks.length).length) }, ...values];
  const rowOf = markedRows(plain, view.marks);
  const ordered = orderCells(listCells(world), view, columns);
  if (view.by === '') return { columns: titles, rows: ordered.map(rowOf) };
  const { heads, ...rows } = groupedRows(ordered, view, plain, rowOf);
  return { columns: widened(titles, heads), ...rows };
}

/** The rows of all cells without their marks, in no order: what a change of those need not make anew. */
interface Plain {
  readonly context: ColumnContext;
  readonly columns: readonly CellColumn[];
  /** Wide enough for all rows. */
  readonly titles: readonly Column[];
  readonly rows: ReadonlyMap<ListedCell, Row>;
}

const plains = new WeakMap<readonly ListedCell[], Plain>();

/** The rows for a workload; those that were made last if it is all one. */
function plainOf({ report, sessions, theme }: Shown, workload: string | null): Plain {
  const cells = listCells({ report, sessions });
  const { glyphs } = theme;
  const kept = plains.get(cells);
  const fits = workload === null || kept?.context.workload === workload;
  if (kept && fits && kept.context.glyphs === glyphs) return kept;
  const context = { report, cells, glyphs, workload: workload ?? '' };
  const columns = cellColumns(context);
  // Of another workload only the columns differ.
  const before = kept?.context.glyphs === glyphs ? kept.rows : undefined;
  const rows = new Map(
    cells.map((cell) => {
      const row = before?.get(cell) ?? cellRow(cell, context);
      return [cell, { ...row, cells: columns.map((column) => column.cell(cell)) }];
    }),
  );
  const titles = widened(
    columns.map(({ column }) => column),
    [...rows.values()],
  );
  const plain = { context, columns, titles, rows };
  plains.set(cells, plain);
  return plain;
}

/** The rows of cells, with their numbers where those are marked. */
function markedRows({ rows }: Plain, marks: readonly string[]): (cell: ListedCell) => Row {
  const numbers = new Map(marks.map((id, index) => [id, String(index + 1)]));
  return (cell) => {
    const row = rows.get(cell)!;
    const number = numbers.get(cell.id);
    if (number === undefined) return row;
    return { ...row, cells: [seg(number, 'accent'), ...row.cells.slice(1)] };
  };
}

/** Titles of the columns a list of cells can be sorted by, after the matrix's own order. */
export function sortNames(world: Shown): string[] {
  const sortable = plainOf(world, null).columns.filter(({ sort }) => sort !== undefined);
  return ['', ...sortable.map(({ column }) => column.title)];
}

function groupedRows(
  ordered: readonly ListedCell[],
  { by, closed }: MatrixView,
  { columns, context }: Plain,
  rowOf: (cell: ListedCell) => Row,
): Pick<ScreenTable, 'rows' | 'filtered'> & { readonly heads: readonly Row[] } {
  const { report } = context;
  const known = new Map(ordered.map((cell) => [cell.id, cell]));
  const cells = ordered.flatMap(({ cell }) => cell ?? []);
  const groups = groupCells(cells, by, figuresByCell(report)).map((group) => {
    const isClosed = closed.includes(group.value);
    const head = groupRow(group, isClosed, columns, context);
    return { head, isClosed, rows: group.cells.map(({ id }) => rowOf(known.get(id)!)) };
  });
  // Cells Kconfig has not spoken of yet belong to no group.
  const rest = ordered.filter(({ cell }) => cell === null).map(rowOf);
  const shown = (filter: string): Row[] => [
    ...groups.flatMap(({ head, isClosed, rows }) => {
      const own = filterRows(rows, filter);
      if (own.length === 0) return [];
      return isClosed ? [head] : [head, ...own];
    }),
    ...filterRows(rest, filter),
  ];
  return { rows: shown(''), filtered: shown, heads: groups.map(({ head }) => head) };
}

/** The row of a cell without its columns. */
function cellRow(listed: ListedCell, context: ColumnContext): Omit<Row, 'cells'> {
  const { id, cell, state, figures } = listed;
  const { report, glyphs } = context;
  const options = cell?.options.map((option) => `${option.symbol}=${option.value}`) ?? [];
  return {
    key: id,
    search: searchText(id, figures?.lock ?? state, cell && whyOf(cell), ...options),
    detail: () => (cell ? cellDetail(report, cell, glyphs) : unknownDetail(listed)),
  };
}

function unknownDetail({ set, state }: ListedCell): DetailLine[] {
  return [
    { label: 'asked', text: assignments(set) || 'nothing on top of the base configuration' },
    { label: 'state', text: `${state}: Kconfig has not been asked yet` },
  ];
}

function orderCells(
  cells: readonly ListedCell[],
  { sort, descending }: MatrixView,
  columns: readonly CellColumn[],
): readonly ListedCell[] {
  const value = columns.find(({ column }) => column.title === sort)?.sort;
  if (!value || sort === '') return descending ? [...cells].reverse() : cells;
  return sortBy(cells, value, descending);
}
