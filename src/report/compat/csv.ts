import { csvText } from '../csv/csv.ts';
import type { Compat } from './model.ts';

const COLUMNS = ['name', 'kind', 'kernel', 'use', 'state', 'fallback', 'options', 'why', 'instead'];

/** A compatibility report as comma-separated values: a line for each name and kernel. */
export function compatCsv({ kernels, apis, callers }: Compat): string {
  const rows = [
    ...apis.map((row) => ({ kind: 'api', row })),
    ...callers.map((row) => ({ kind: 'caller', row })),
  ];
  return csvText(
    COLUMNS,
    rows.flatMap(({ kind, row }) =>
      kernels.map(({ id }) => {
        const entry = row.kernels[id];
        return [
          row.name,
          kind,
          id,
          entry?.use,
          entry?.state,
          entry?.fallback,
          entry?.options.map(({ option, needed }) => `${option}=${needed}`).join(' '),
          entry?.why.join('; '),
          entry?.use === 'without' ? null : row.instead[0]?.code,
        ];
      }),
    ),
  );
}
