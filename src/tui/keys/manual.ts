import { HELP_GROUPS } from './binding.ts';
import { keyLabel } from './decode.ts';
import type { KeyTable } from './key-table.ts';

/** A line of the manual's key table. */
export interface KeyTableRow {
  readonly group: string;
  readonly keys: readonly string[];
  readonly help: string;
}

/** The key table for manuals, made from the one the program runs on. Keys that are the same in several scopes are told once. */
export function manualRows(table: KeyTable): KeyTableRow[] {
  const bindings = table.scopes
    .filter((scope) => scope !== 'filter')
    .flatMap((scope) => table.bindings(scope));
  const rows = HELP_GROUPS.flatMap((group) =>
    bindings
      .filter((binding) => binding.group === group && binding.keys.length > 0)
      .map(({ keys, help }) => ({ group, keys: keys.map((key) => keyLabel(key, true)), help })),
  );
  return rows.filter(
    (row, index) =>
      rows.findIndex(
        (other) => other.help === row.help && other.keys.join() === row.keys.join(),
      ) === index,
  );
}

/** Those rows as a table of Markdown, the groups as headings of its lines. */
export function manualTable(rows: readonly KeyTableRow[]): string {
  const lines = rows.map(({ group, keys, help }, index) => {
    const name = rows[index - 1]?.group === group ? '' : group;
    return `| ${name} | ${keys.map(codeOf).join(' ')} | ${escaped(help)} |`;
  });
  return ['| | keys | |', '| --- | --- | --- |', ...lines].join('\n');
}

function codeOf(key: string): string {
  return `\`${key === '|' ? '\\|' : key}\``;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
