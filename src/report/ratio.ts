import type { PerformanceFigure, Ratio } from './model.ts';

/**
 * Compare two figures by the ranges of their runs.
 *
 * The test is deliberately blunt: ranges that overlap are not a difference, whatever the medians
 * say. Neither is anything said about figures from a single run, for they have no spread.
 */
export function compareFigures(left: PerformanceFigure, right: PerformanceFigure): Ratio | null {
  if (left.ops_per_second <= 0 || left.min <= 0 || left.max <= 0) return null;
  const ratio = right.ops_per_second / left.ops_per_second;
  const interval: [number, number] = [right.min / left.max, right.max / left.min];
  return {
    ratio: round(ratio),
    interval: [round(interval[0]), round(interval[1])],
    verdict: verdictOf(left, right),
  };
}

/**
 * A simulation can repeat itself to the last digit, so that its spread is nothing and any difference
 * exceeds it. Below a thousandth nothing is said: no cost in a profile is known that well.
 */
const RESOLUTION = 0.001;

function verdictOf(left: PerformanceFigure, right: PerformanceFigure): Ratio['verdict'] {
  if (left.runs < 2 || right.runs < 2) return 'single run';
  const gap = Math.max(right.min / left.max, left.min / right.max) - 1;
  if (gap <= RESOLUTION) return 'within spread';
  return right.min > left.max ? 'faster' : 'slower';
}

/** Four decimals: below that lies only floating-point noise, which would make diffs of reports noisy. */
function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
