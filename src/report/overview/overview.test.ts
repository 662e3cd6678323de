import { describe, expect, test } from 'vitest';
import { buildReport } from '../build.ts';
import { fixtureResult } from '../fixture.test-util.ts';
import type { Report } from '../model.ts';
import { cellFigures } from './figures.ts';
import { cellTotals, groupAxes, groupCells } from './groups.ts';

const report = buildReport(fixtureResult());
const figures = cellFigures(report);
const totals = (cells: Report['cells']) => cellTotals(cells, figures, 'page_fault1');

describe('figures of cells', () => {
  test('count the functions of a kernel by state, and all kernels count alike', () => {
    for (const cell of report.cells) {
      const counts = figures.get(cell.id)!.apis;
      if (cell.kernel === null) expect(counts).toBeNull();
      else {
        expect(counts!.real + counts!.stub + counts!.absent).toBe(report.surface.functions.length);
      }
    }
    expect(figures.get('v7.0:64BIT=y,SMP=n')).toMatchObject({ lock: 'stub' });
    expect(figures.get('v7.0:64BIT=y,SMP=n')!.apis!.stub).toBeGreaterThan(0);
  });

  test('are those of the tables', () => {
    const own = figures.get('v7.0:64BIT=y,SMP=y')!;
    const rows = report.performance.filter(({ kernel }) => kernel === 'v7.0:64BIT=y,SMP=y');
    expect([...own.performance.values()].flat()).toHaveLength(rows.length);
    const sum = report.fallbacks.reduce(
      (n, { kernels }) => n + (kernels['v7.0:64BIT=y,SMP=y']?.hits.mixed ?? 0),
      0,
    );
    expect(own.hits.get('mixed')).toBe(sum);
    expect(own.verdicts).toBeNull();
  });
});

describe('groups of cells', () => {
  test('can be made by the edition, every option of the matrix, and the lock', () => {
    expect(groupAxes(report)).toEqual(['edition', '64BIT', 'SMP', 'VMA lock']);
  });

  test.each(groupAxes(report))('by %s hold every cell once, and their totals add up', (axis) => {
    const groups = groupCells(report.cells, axis, figures);
    expect(groups.flatMap(({ cells }) => cells.map(({ id }) => id)).sort()).toEqual(
      report.cells.map(({ id }) => id).sort(),
    );
    const all = totals(report.cells);
    const parts = groups.map(({ cells }) => totals(cells));
    expect(parts.reduce((n, { cells }) => n + cells, 0)).toBe(all.cells);
    expect(parts.reduce((n, { locks }) => n + locks.present, 0)).toBe(all.locks.present);
    expect(Math.max(...parts.map(({ ops }) => ops?.most ?? 0))).toBe(all.ops!.most);
    expect(Math.min(...parts.flatMap(({ hits }) => hits?.least ?? []))).toBe(all.hits!.least);
  });

  test('of rejected cells alone have nothing to count', () => {
    const rejected = report.cells.filter(({ status }) => status === 'rejected');
    expect(totals(rejected)).toMatchObject({ kernels: 0, apis: null, hits: null, ops: null });
  });
});
