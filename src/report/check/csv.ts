import { quoted } from '../measurement-csv.ts';
import { type CheckReport, checkedIds } from './model.ts';

const COLUMNS = ['file', 'api', 'kind', 'cell', 'state', 'breaks', 'changed', 'lines', 'reason'];

/** A check as comma-separated values: a line for each API and configuration. */
export function checkCsv(report: CheckReport): string {
  const ids = checkedIds(report);
  const lines = report.files.flatMap(({ file, apis }) =>
    apis.flatMap(({ name, kind, cells }) =>
      cells.map(({ state, breaks, changed, places, reason }, at) =>
        [
          file,
          name,
          kind,
          ids[at] ?? '',
          state,
          String(breaks),
          String(changed),
          places.map(({ line }) => line).join(' '),
          reason ?? '',
        ]
          .map((word) => (word === '' ? '' : quoted(word)))
          .join(','),
      ),
    ),
  );
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}
