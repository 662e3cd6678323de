import { expect, test } from 'vitest';
import { buildReport } from '../build.ts';
import { diffCells } from '../diff/diff.ts';
import { fixtureResult } from '../fixture.test-util.ts';
import { diffCountsOf, pairEditions } from './editions.ts';

const report = buildReport(fixtureResult());

test('cells of two editions that ask for the same stand opposite each other, each once', () => {
  const pairs = pairEditions(report, 'v7.0', 'all-builds-v2');
  for (const { left, right } of pairs) {
    if (left && right) expect(right.set).toEqual(left.set);
  }
  const ids = pairs.flatMap(({ left, right }) => [left, right].flatMap((cell) => cell?.id ?? []));
  expect(ids.toSorted()).toEqual(report.cells.map(({ id }) => id).toSorted());
  expect(pairs.some(({ left, right }) => left && right)).toBe(true);
  expect(pairs.some(({ left }) => left === null)).toBe(true);
});

test('a comparison is counted by layer, one with itself as nothing', () => {
  const [left, right] = ['v7.0:64BIT=y,SMP=n', 'all-builds-v2:64BIT=y,SMP=n'];
  const diff = diffCells(report, left, right);
  expect(diffCountsOf(diff)).toMatchObject({
    options: diff.options.length,
    fallbacks: diff.fallbacks.length,
  });
  expect(diffCountsOf(diff).surface).toBeGreaterThan(0);
  expect(new Set(Object.values(diffCountsOf(diffCells(report, left, left))))).toEqual(new Set([0]));
});
