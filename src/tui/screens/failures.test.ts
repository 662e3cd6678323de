import { expect, it } from 'vitest';
import type { Failure } from '../../kernel/index.ts';
import { buildReport, diffCells } from '../../report/index.ts';
import type { Row } from '../state/row.ts';
import { fixtureResult } from '../testing/fixture.ts';
import { fixtureWorld } from '../testing/world.ts';
import { makeTheme } from '../theme.ts';
import { matrixTable } from './cell-list/rows.ts';
import { performanceTab } from './cell-report/performance-tab.ts';
import { matrixScreen } from './cells/screen.ts';
import { performanceEntries } from './diff/behaviour.ts';
import type { ScreenTable } from './table.ts';

const OOPS: Failure = {
  kind: 'oops',
  cpus: 4,
  run: 2,
  part: 'run',
  bug: 'NULL pointer dereference',
  thread: {
    tid: 0,
    name: 'sender',
    routine: 'vma_start_read_locked',
    label: 'read_refcnt',
    at: null,
    trace: [{ routine: 'vma_start_read_locked', label: 'read_refcnt' }],
  },
  address: '0x0000000000000080',
  field: 'vm_area_struct.vm_refcnt',
};
const result = fixtureResult();
const failing = result.cells.find(({ spec }) => spec.edition === 'v7.0');
const report = buildReport({
  ...result,
  cells: result.cells.map((c) => ({
    ...c,
    measurements: c.measurements.map((m) =>
      c === failing && m.workload === 'mixed' ? { ...m, outcome: OOPS, performance: [] } : m,
    ),
  })),
});
const { glyphs } = makeTheme({});
const [cell, other] = report.cells.filter(({ edition }) => edition === 'v7.0');
if (cell === undefined || other === undefined) throw new Error('the fixture lacks cells');

const rowsOf = ({ rows }: ScreenTable): readonly Row[] => rows as readonly Row[];
const VIEW = { ...matrixScreen(), workload: 1, marks: [] };
const world = fixtureWorld(report);

it('the list of cells has the word in place of the throughput, and says what happened', () => {
  const table = matrixTable(world, VIEW);
  const row = rowsOf(table).find(({ key }) => key === cell.id);
  const texts = row?.cells.map(({ text }) => text) ?? [];
  expect(texts).toContain('oops');
  expect(row?.detail().find(({ label }) => label === 'mixed')?.text).toMatch(
    /^oops: NULL pointer dereference, address 0x0+80 .* in vma_start_read_locked\.read_refcnt/,
  );
  const same = rowsOf(table).find(({ key }) => key === other.id);
  expect(same?.cells.map(({ text }) => text)).not.toContain('oops');
});

it('the performance of a cell has one row for it, without figures', () => {
  const rows = rowsOf(performanceTab(report, cell)).filter(({ key }) => key.startsWith('mixed '));
  expect(rows.map(({ cells }) => cells.map(({ text }) => text))).toEqual([
    ['mixed', '4', 'oops', '', '', '', '', '', ''],
  ]);
});

it('a comparison shows both ends', () => {
  const diff = diffCells(report, cell.id, other.id);
  const entries = performanceEntries({
    report,
    diff,
    left: cell.kernel,
    right: other.kernel,
    glyphs,
  } as Parameters<typeof performanceEntries>[0]);
  expect(entries[0]).toMatchObject({ name: 'mixed', left: 'oops', right: 'completed' });
});
