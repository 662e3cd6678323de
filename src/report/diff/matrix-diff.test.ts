import { describe, expect, it } from 'vitest';
import { toJson } from '../../input/index.ts';
import type { MatrixResult } from '../../matrix/index.ts';
import { FAILURES, withFailure } from '../failures.test-util.ts';
import { fixtureResult } from '../fixture.test-util.ts';
import { golden } from '../golden.test-util.ts';
import {
  buildReport,
  checkSchema,
  diffCells,
  diffMatrices,
  isEmptyDiff,
  isEmptyMatrixDiff,
  matricesOfDiff,
  matrixDiffCsv,
  matrixDiffMarkdown,
  matrixDiffSchema,
  matrixDiffText,
  parseReport,
  type Report,
} from '../index.ts';
import { verdictGroup } from '../verdict.test-util.ts';

const report = buildReport(fixtureResult(), [verdictGroup()]);
const of = (one: Report, edition?: string) => ({
  report: one,
  source: 'report.json',
  ...(edition !== undefined && { edition }),
});
const editions = diffMatrices(of(report, 'v7.0'), of(report, 'all-builds-v2'));

describe('two editions', () => {
  it('are compared cell by cell, whatever their name', () => {
    expect(editions.pairs.map(({ key, left, right }) => [key, left, right])).toEqual([
      ['64BIT=y,SMP=y', 'v7.0:64BIT=y,SMP=y', 'all-builds-v2:64BIT=y,SMP=y'],
      ['64BIT=y,SMP=n', 'v7.0:64BIT=y,SMP=n', 'all-builds-v2:64BIT=y,SMP=n'],
    ]);
    expect(editions.removed).toEqual(['v7.0:64BIT=n,SMP=y']);
    expect(editions.added).toEqual(['all-builds-v2:64BIT=y,SMP=y,NET=y']);
    const lock = editions.surface.functions.find(({ name }) => name === 'lock_vma_under_rcu');
    expect(lock).toMatchObject({ left: 'stub', right: 'real', where: ['64BIT=y,SMP=n'] });
    const unlocked = editions.surface.functions.find(
      ({ name }) => name === 'vma_start_read_unlocked',
    );
    expect(unlocked?.where).toEqual(['64BIT=y,SMP=y', '64BIT=y,SMP=n']);
  });

  it.each([
    ['md', matrixDiffMarkdown(editions)],
    ['txt', matrixDiffText(editions, { width: 78, colour: false })],
    ['json', toJson(editions)],
    ['csv', matrixDiffCsv(editions)],
  ])('read as they should, as %s', async (format, text) => {
    await expect(text).toMatchFileSnapshot(golden(`matrix-diff.${format}`));
  });

  it('keep to the width of a mail', () => {
    const lines = matrixDiffText(editions, { width: 78, colour: false }).split('\n');
    expect(lines.filter((line) => [...line].length > 78)).toEqual([]);
  });
});

/** The fixture after the cell without SMP lost its place, one came to be rejected, and a workload failed. */
function changed(): MatrixResult {
  const failing = withFailure(fixtureResult(), 'v7.0', 'mixed', FAILURES.hung);
  const rejected = failing.cells.find(({ status }) => status === 'rejected');
  if (!rejected) throw new Error('the fixture has a rejected cell');
  return {
    ...failing,
    cells: failing.cells
      .filter(({ spec }) => spec.id !== 'v7.0:64BIT=y,SMP=n')
      .map((cell) =>
        cell.spec.id === 'all-builds-v2:64BIT=y,SMP=n' ? { ...rejected, spec: cell.spec } : cell,
      ),
  };
}

describe('two reports', () => {
  const after = buildReport(changed(), [
    verdictGroup({ retryBound: 'unbounded', verdict: 'violated' }),
  ]);
  const diff = diffMatrices(of(report), of(after));

  it('are compared cell by cell of the same edition', () => {
    expect(diff.removed).toEqual(['v7.0:64BIT=y,SMP=n']);
    expect(diff.cells).toMatchObject([
      { left: 'ok', right: 'rejected', where: ['all-builds-v2:64BIT=y,SMP=n'] },
    ]);
    expect(diff.outcomes).toEqual([
      { workload: 'mixed', left: 'completed', right: 'hung', where: ['v7.0:64BIT=y,SMP=y'] },
    ]);
    expect(diff.verdicts).toMatchObject([{ right: { verdict: 'violated' }, where: ['v7.0'] }]);
    expect(matrixDiffMarkdown(diff)).toContain(
      '- `SMP=n`: ok -> rejected, for `X86_USER_SHADOW_STACK=y` does not take effect',
    );
  });

  it('say of which nothing was asked', () => {
    const { notes, verdicts } = diffMatrices(of(report), of({ ...report, verification: [] }));
    expect(verdicts).toEqual([]);
    expect(notes).toEqual([
      'Only the left side holds verdicts of the model checker: not compared.',
    ]);
  });

  it('pair cells whose options are named in another order', () => {
    const turned = {
      ...report,
      cells: report.cells.map((cell) => ({
        ...cell,
        set: Object.fromEntries(Object.entries(cell.set).reverse()),
      })),
    };
    expect(diffMatrices(of(report), of(turned)).pairs).toHaveLength(report.cells.length);
  });
});

describe('what is exported and read back', () => {
  const again = parseReport(toJson(report), 'report.json');

  it('does not differ from itself: the report', () => {
    const diff = diffMatrices(of(again), of(report));
    expect(isEmptyMatrixDiff(diff)).toBe(true);
    expect(matrixDiffMarkdown(diff)).toContain('No difference.');
    expect(matrixDiffCsv(diff).trimEnd().split('\n')).toHaveLength(1);
  });

  it.each(['v7.0', 'all-builds-v2'])('does not differ from itself: the edition %s', (edition) => {
    expect(isEmptyMatrixDiff(diffMatrices(of(again, edition), of(report, edition)))).toBe(true);
  });

  it('does not differ from itself: each cell', () => {
    for (const { id } of again.cells) expect(isEmptyDiff(diffCells(again, id, id))).toBe(true);
  });
});

describe('the JSON of a diff of many cells', () => {
  it('follows its schema', () => {
    const one = matricesOfDiff(diffCells(report, 'v7.0:64BIT=y,SMP=y', 'v7.0:64BIT=y,SMP=n'));
    for (const diff of [editions, diffMatrices(of(report), of(buildReport(changed()))), one]) {
      expect(checkSchema(matrixDiffSchema, JSON.parse(toJson(diff)))).toBeUndefined();
    }
  });
});
