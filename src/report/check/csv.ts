import { csvText } from '../csv/csv.ts';
import { type CheckReport, checkedIds } from './model.ts';

const COLUMNS = ['file', 'api', 'kind', 'cell', 'state', 'breaks', 'changed', 'lines', 'reason'];

/** A check as comma-separated values: a line for each API and configuration. */
export function checkCsv(report: CheckReport): string {
  const ids = checkedIds(report);
  const rows = report.files.flatMap(({ file, apis }) =>
    apis.flatMap(({ name, kind, cells }) =>
      cells.map(({ state, breaks, changed, places, reason }, at) => {
        const lines = places.map(({ line }) => line).join(' ');
        return [file, name, kind, ids[at], state, breaks, changed, lines, reason];
      }),
    ),
  );
  return csvText(COLUMNS, rows);
}
