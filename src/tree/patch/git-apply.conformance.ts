import { expect, test } from 'vitest';
import { compareWithGit } from './beside-git.test-util.ts';

test.each([1, 2])('git apply -3 makes the same of random edits, seed %i', (seed) => {
  const { clean, conflicts } = compareWithGit(Number(process.env.KMATRIX_RUNS ?? 400), seed);
  expect(Math.min(clean, conflicts)).toBeGreaterThan(50);
});
