import { describe, expect, it } from 'vitest';
import { rowAt } from '../../state/cursor.ts';
import type { Row, Rows } from '../../state/row.ts';
import { fixtureReport } from '../../testing/fixture.ts';
import { fixtureWorld } from '../../testing/world.ts';
import { lineText } from '../../text/line.ts';
import { makeTheme } from '../../theme.ts';
import { columnWidths } from '../../widgets/table.ts';
import { workloadsOf } from '../cell-facts.ts';
import { type MatrixView, matrixTable } from './rows.ts';

const report = fixtureReport();
const world = fixtureWorld(report, makeTheme({}));
const PLAIN: MatrixView = {
  sort: '',
  descending: false,
  workload: 0,
  marks: [],
  by: '',
  closed: [],
};

function rowsOf(view: Partial<MatrixView>): Row[] {
  return listed(matrixTable(world, { ...PLAIN, ...view }).rows);
}

function listed(rows: Rows): Row[] {
  return Array.from({ length: rows.length }, (_, index) => rowAt(rows, index)!);
}

describe('the rows of cells', () => {
  it('are made once for every order, group and mark', () => {
    const plain = rowsOf({});
    expect(rowsOf({ descending: true })).toEqual([...plain].reverse());
    const known = new Set(plain);
    const again = [{ sort: 'VMA lock' }, { by: 'edition' }].flatMap(rowsOf);
    expect(again.filter((row) => known.has(row))).toHaveLength(2 * plain.length);
    const marks = [plain[3]!.key, plain[1]!.key];
    const marked = rowsOf({ marks });
    expect(marked.filter((row) => known.has(row))).toHaveLength(plain.length - 2);
    expect(marked.slice(0, 4).map(({ cells }) => cells[0]!.text)).toEqual([' ', '2', ' ', '1']);
    expect(marked.map(({ cells }) => lineText(cells.slice(1)))).toEqual(
      plain.map(({ cells }) => lineText(cells.slice(1))),
    );
  });

  it('show the figures of the workload that is asked for, and find it by the same words', () => {
    const [first, second] = workloadsOf(report).map((_, workload) => rowsOf({ workload }));
    expect(second!.map(({ search }) => search)).toEqual(first!.map(({ search }) => search));
    expect(second!.map(({ cells }) => lineText(cells))).not.toEqual(
      first!.map(({ cells }) => lineText(cells)),
    );
    expect(rowsOf({}).map(({ cells }) => lineText(cells))).toEqual(
      first!.map(({ cells }) => lineText(cells)),
    );
  });

  it('have columns as wide as the widest of them, and of the numbers of marks', () => {
    const keys = rowsOf({}).map(({ key }) => key);
    const widths = (view: Partial<MatrixView>): readonly number[] => {
      const { columns, rows } = matrixTable(world, { ...PLAIN, ...view });
      return columnWidths(columns, rows, 1000);
    };
    const [numbers, edition] = widths({});
    expect([numbers, edition]).toEqual([1, 'all-builds-v2'.length]);
    expect(widths({ marks: keys.slice(0, 10) })[0]).toBe(2);
    expect(widths({ by: 'edition', closed: [] })[1]).toBeGreaterThan('all-builds-v2'.length);
  });
});
