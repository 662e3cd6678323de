import {
  type CellGroup,
  type CellTotals,
  cellTotals,
  LOCK_PRESENCES,
  type Range,
} from '../../../report/index.ts';
import type { DetailLine, Row } from '../../state/row.ts';
import { seg } from '../../text/line.ts';
import { count, short } from '../../text/number.ts';
import type { Glyphs } from '../../theme.ts';
import { figuresByCell } from '../cell-facts.ts';
import { searchText } from '../table.ts';
import type { CellColumn, ColumnContext } from './columns.ts';

const PREFIX = 'group ';

/** The key of a group's row. */
export function groupKey(value: string): string {
  return `${PREFIX}${value}`;
}

/** The value of the group whose row has a key; `null` for the row of a cell. */
export function groupOfKey(key: string | null): string | null {
  return key?.startsWith(PREFIX) ? key.slice(PREFIX.length) : null;
}

/** The row of a group: its totals stand in the columns of its cells. */
export function groupRow(
  group: CellGroup,
  closed: boolean,
  columns: readonly CellColumn[],
  context: ColumnContext,
): Row {
  const { axis, value, cells } = group;
  const { report, workload, glyphs } = context;
  const totals = cellTotals(cells, figuresByCell(report), workload);
  const name = axis === 'edition' || axis === 'VMA lock' ? value : `${axis}=${value}`;
  return {
    key: groupKey(value),
    title: `${name}: ${count(cells.length, 'cell')}`,
    cells: columns.map(({ total }, index) => {
      if (index === 0) return seg(closed ? glyphs.closed : glyphs.open, 'accent');
      if (index === 1) return seg(`${name} (${cells.length})`, 'strong');
      const found = total?.(totals);
      return found ? seg(found.text, 'strong') : seg('');
    }),
    search: searchText(name),
    detail: () => totalLines(totals, workload, glyphs),
  };
}

function totalLines(totals: CellTotals, workload: string, { arrow }: Glyphs): DetailLine[] {
  const { cells, kernels, locks, apis, hits, ops } = totals;
  const range = ({ least, most }: Range): string =>
    least === most ? short(least) : `${short(least)} ${arrow} ${short(most)}`;
  return [
    { label: 'cells', text: `${cells}, ${count(kernels, 'distinct kernel')}` },
    {
      label: 'VMA lock',
      text: LOCK_PRESENCES.filter((state) => locks[state] > 0)
        .map((state) => `${locks[state]} ${state}`)
        .join(', '),
    },
    ...(apis
      ? [
          {
            label: 'APIs',
            text: `real ${range(apis.real)}, stub ${range(apis.stub)}, absent ${range(apis.absent)}`,
          },
        ]
      : []),
    ...(hits ? [{ label: 'fallback hits', text: `${range(hits)} under ${workload}` }] : []),
    ...(ops
      ? [{ label: 'throughput', text: `${range(ops)} ops/s under ${workload}, at the most CPUs` }]
      : []),
  ];
}
