import { type Binding, HELP_GROUPS } from '../../keys/binding.ts';
import { keyLabel } from '../../keys/decode.ts';
import type { KeyTable } from '../../keys/key-table.ts';
import { headingRow, NO_DETAIL, type Row } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import { type ScreenTable, searchText } from '../table.ts';

/** The key table as a list: the keys of one screen, and those of the filter line. */
export function helpTable(keys: KeyTable, about: string, ascii: boolean): ScreenTable {
  return {
    columns: [{ title: 'keys' }, { title: 'what they do', shrink: 10 }],
    rows: [
      ...groupRows(keys.bindings(about), about, ascii),
      headingRow('filter line', 'While a filter is typed'),
      ...keys
        .bindings('filter')
        .filter((binding) => binding.keys.length > 0)
        .map((binding) => bindingRow(binding, 'filter', ascii)),
    ],
  };
}

function groupRows(bindings: readonly Binding[], scope: string, ascii: boolean): Row[] {
  return HELP_GROUPS.flatMap((group) => {
    const rows = bindings
      .filter((binding) => binding.group === group && binding.keys.length > 0)
      .map((binding) => bindingRow(binding, scope, ascii));
    return rows.length > 0 ? [headingRow(group, group), ...rows] : [];
  });
}

function bindingRow(binding: Binding, scope: string, ascii: boolean): Row {
  const keys = binding.keys.map((key) => keyLabel(key, ascii)).join('  ');
  return {
    key: `${scope} ${binding.command}`,
    cells: [seg(keys, 'accent'), seg(binding.help)],
    search: searchText(keys, binding.label, binding.help),
    detail: NO_DETAIL,
  };
}
