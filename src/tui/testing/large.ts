import type { Report, ReportCell } from '../../report/index.ts';
import { fixtureReport } from './fixture.ts';

/** A report with so many cells, for measuring what a long list costs: the fixture's, over and over under other names. */
export function largeReport(cells: number): Report {
  const report = fixtureReport();
  const made = Array.from({ length: cells }, (_, i): ReportCell => {
    const cell = report.cells[i % report.cells.length] as ReportCell;
    return { ...cell, id: `${cell.id},NR=${i}`, set: { ...cell.set, NR: String(i) } };
  });
  return { ...report, cells: made };
}
