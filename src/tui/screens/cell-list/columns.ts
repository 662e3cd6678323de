import type { Report, ReportCell } from '../../../report/index.ts';
import type { Column } from '../../widgets/table.ts';
import { assignments } from './detail.ts';

/**
 * The options worth a column: those that differ between cells, are not axes, and do not merely repeat
 * an axis or an option before them.
 */
export function columnSymbols(report: Report): string[] {
  const axes = report.axes.map((axis) => signature(report.cells.map((cell) => cell.axes[axis])));
  const seen = new Set(axes);
  const symbols = new Set(report.cells.flatMap(({ options }) => options.map((o) => o.symbol)));
  return [...symbols].filter((symbol) => {
    if (report.axes.includes(symbol)) return false;
    const values = report.cells.map((cell) => optionIn(cell, symbol));
    const own = signature(values);
    if (new Set(values).size < 2 || seen.has(own)) return false;
    seen.add(own);
    return true;
  });
}

function optionIn({ options }: ReportCell, symbol: string): string | null | undefined {
  return options.find((option) => option.symbol === symbol)?.value;
}

function signature(values: readonly (string | null | undefined)[]): string {
  return JSON.stringify(values);
}

/** What a cell asks for beyond its axes: without it, cells the matrix file adds look like others. */
export function alsoSet(report: Report, cell: ReportCell): string {
  const rest = Object.entries(cell.set).filter(([symbol]) => !report.axes.includes(symbol));
  return assignments(Object.fromEntries(rest));
}

/** Columns of the list of cells. What tells cells apart stays longest when the terminal is narrow. */
export function matrixColumns(report: Report, symbols: readonly string[], also: boolean): Column[] {
  const axes = report.axes.filter((axis) => axis !== 'edition');
  return [
    { title: '' },
    { title: 'edition' },
    ...axes.map((title) => ({ title })),
    ...(also ? [{ title: 'also set', shrink: 12, max: 26, drop: 3 }] : []),
    { title: 'VMA lock' },
    { title: 'fallback', align: 'right', drop: 4 },
    { title: 'ops/s', align: 'right', drop: 1 },
    { title: 'CPUs', drop: 2 },
    { title: 'kernel', align: 'right', drop: 5 },
    ...symbols.map((title, index) => ({ title, max: 16, drop: 6 + index })),
    { title: 'why', shrink: 24, drop: 1000 },
  ];
}
