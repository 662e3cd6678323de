import { type Binding, HELP_GROUPS, type Scope } from '../../keys/bindings.ts';
import { keyLabel } from '../../keys/decode.ts';
import { bindingsOf } from '../../keys/match.ts';
import { headingRow, NO_DETAIL, type Row } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import { type ScreenTable, searchText } from '../table.ts';

/** The key table as a list: the keys of one screen, and those of the filter line. */
export function helpTable(about: Scope, ascii: boolean): ScreenTable {
  return {
    columns: [{ title: 'keys' }, { title: 'what they do', shrink: 10 }],
    rows: [
      ...groupRows(bindingsOf(about), about, ascii),
      headingRow('filter line', 'While a filter is typed'),
      ...bindingsOf('filter').map((binding) => bindingRow(binding, 'filter', ascii)),
    ],
  };
}

function groupRows(bindings: readonly Binding[], scope: Scope, ascii: boolean): Row[] {
  return HELP_GROUPS.flatMap((group) => {
    const rows = bindings
      .filter((binding) => binding.group === group)
      .map((binding) => bindingRow(binding, scope, ascii));
    return rows.length > 0 ? [headingRow(group, group), ...rows] : [];
  });
}

function bindingRow(binding: Binding, scope: Scope, ascii: boolean): Row {
  const keys = binding.keys.map((key) => keyLabel(key, ascii)).join('  ');
  return {
    key: `${scope} ${binding.command}`,
    cells: [seg(keys, 'accent'), seg(binding.help)],
    search: searchText(keys, binding.label, binding.help),
    detail: NO_DETAIL,
  };
}
