import { inert } from '../../input/index.ts';

/** What a cell of a table for programs holds; nothing is an empty cell. */
export type CsvValue = string | number | boolean | null | undefined;

/** A table as comma-separated values (RFC 4180, but for line feeds alone between lines). */
export function csvText(
  columns: readonly string[],
  rows: readonly (readonly CsvValue[])[],
): string {
  return `${[columns, ...rows].map((row) => row.map(field).join(',')).join('\n')}\n`;
}

/** What a spreadsheet takes for the start of a formula; some look behind blanks. */
const FORMULA = /^\s*[=+\-@]/;

function field(value: CsvValue): string {
  if (typeof value !== 'string') return value == null ? '' : String(value);
  const shown = inert(value);
  // A spreadsheet shows what follows an apostrophe, and does not compute it.
  const safe = FORMULA.test(shown) ? `'${shown}` : shown;
  return /[",\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
