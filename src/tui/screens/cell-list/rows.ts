import { groupCells } from '../../../report/index.ts';
import { filterRows } from '../../state/filter.ts';
import type { DetailLine, Row } from '../../state/row.ts';
import { sortBy } from '../../state/sort.ts';
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

/** The cells of a matrix as rows. */
export function matrixTable(
  world: Pick<ScreenWorld, 'report' | 'sessions' | 'theme'>,
  view: MatrixView,
): ScreenTable {
  const { report, theme } = world;
  const cells = listCells(world);
  const context: ColumnContext = {
    report,
    cells,
    glyphs: theme.glyphs,
    workload: workloadsOf(report)[view.workload] ?? '',
    marks: view.marks,
  };
  const columns = cellColumns(context);
  const rowOf = (cell: ListedCell): Row => cellRow(cell, columns, context);
  const ordered = orderCells(cells, view, columns);
  const titles = columns.map(({ column }) => column);
  if (view.by === '') return { columns: titles, rows: ordered.map(rowOf) };
  return { columns: titles, ...groupedRows(ordered, view, columns, context, rowOf) };
}

/** Titles of the columns a list of cells can be sorted by, after the matrix's own order. */
export function sortNames(world: Pick<ScreenWorld, 'report' | 'sessions' | 'theme'>): string[] {
  const { report, theme } = world;
  const context = {
    report,
    cells: listCells(world),
    glyphs: theme.glyphs,
    workload: '',
    marks: [],
  };
  const sortable = cellColumns(context).filter(({ sort }) => sort !== undefined);
  return ['', ...sortable.map(({ column }) => column.title)];
}

function groupedRows(
  ordered: readonly ListedCell[],
  { by, closed }: MatrixView,
  columns: readonly CellColumn[],
  context: ColumnContext,
  rowOf: (cell: ListedCell) => Row,
): Pick<ScreenTable, 'rows' | 'filtered'> {
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
  return { rows: shown(''), filtered: shown };
}

function cellRow(listed: ListedCell, columns: readonly CellColumn[], context: ColumnContext): Row {
  const { id, cell, state, figures } = listed;
  const { report, glyphs } = context;
  const options = cell?.options.map((option) => `${option.symbol}=${option.value}`) ?? [];
  return {
    key: id,
    cells: columns.map((column) => column.cell(listed)),
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
