import { csvText } from '../csv/csv.ts';
import { apiChanges, breaksNow, type CheckChanges, isOther } from './model.ts';

const COLUMNS = [
  'file',
  'api',
  'kind',
  'cell',
  'before',
  'after',
  'other',
  'breaks_now',
  'signature_before',
  'signature_after',
  'reason',
];

/** What changes for source files as comma-separated values: a line for each API and configuration that both sides have. */
export function checkChangesCsv({ cells, files }: CheckChanges): string {
  const rows = files.flatMap((file) =>
    apiChanges(file, cells).flatMap(({ name, kind, cells: pairs }) =>
      pairs.flatMap((pair, i) => {
        const { id, before, after } = cells[i]!;
        if (before !== null || after !== null) return [];
        return [
          [
            file.file,
            name,
            kind,
            id,
            pair.before?.state,
            pair.after?.state,
            isOther(pair),
            breaksNow(pair),
            pair.before?.signature,
            pair.after?.signature,
            pair.after?.reason,
          ],
        ];
      }),
    ),
  );
  return csvText(COLUMNS, rows);
}
