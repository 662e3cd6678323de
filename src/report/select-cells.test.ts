import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LiveMatrix, type MatrixFile, type MatrixResult } from '../matrix/index.ts';
import { buildReport } from './build.ts';
import { fixtureResult } from './fixture.test-util.ts';
import type { Report } from './model.ts';
import { selectCells } from './select-cells.ts';

const result = fixtureResult();
const ids = result.cells.map(({ spec }) => spec.id);

/** The result as if only some cells had been run. */
function ranOnly(wanted: readonly string[]): MatrixResult {
  const cells = result.cells.filter(({ spec }) => wanted.includes(spec.id));
  const { name, description, matrixFile, seed, axes } = result;
  const live = new LiveMatrix({ name, description, path: matrixFile, seed } as MatrixFile);
  const specs = cells.map(({ spec }) => spec);
  live.take({ type: 'planned', seed, plan: { cells: specs, axes, show: [], warnings: [] } });
  for (const cell of cells) live.take({ type: 'cell', cell, runs: { done: 1, total: 1 } });
  return { ...live.result(), profile: result.profile };
}

/** A name's file is that of the first kernel that has it, which may not be among the cells. */
function withoutFiles(report: Report): unknown {
  const names = report.surface.names.map(({ file: _, ...row }) => row);
  return { ...report, surface: { ...report.surface, names } };
}

describe('the report of some cells', () => {
  test('is the one their run alone would give', () => {
    fc.assert(
      fc.property(fc.subarray(ids), (wanted) => {
        expect(withoutFiles(selectCells(buildReport(result), wanted))).toEqual(
          withoutFiles(buildReport(ranOnly(wanted))),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('of all cells is the report', () => {
    expect(selectCells(buildReport(result), ids)).toEqual(buildReport(result));
  });
});
