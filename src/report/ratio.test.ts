import { describe, expect, it } from 'vitest';
import type { PerformanceFigure } from './model.ts';
import { compareFigures } from './ratio.ts';
import { ratioText } from './ratio-text.ts';

function figure(ops: number, min: number, max: number, runs = 5): PerformanceFigure {
  return { ops_per_second: ops, p50_ns: 1, p99_ns: 2, spread: (max - min) / ops, runs, min, max };
}

describe('comparing two figures', () => {
  it('calls a difference only what lies outside both ranges', () => {
    const ratio = compareFigures(figure(100, 99, 101), figure(80, 79, 81));
    expect(ratio).toEqual({ ratio: 0.8, interval: [0.7822, 0.8182], verdict: 'slower' });
    expect(ratio && ratioText(ratio)).toBe('x0.80 (0.78-0.82)');
    expect(compareFigures(figure(100, 90, 110), figure(110, 100, 120))?.verdict).toBe(
      'within spread',
    );
    expect(compareFigures(figure(80, 79, 81), figure(100, 99, 101))?.verdict).toBe('faster');
  });

  it('never calls a difference what was run once', () => {
    expect(compareFigures(figure(100, 100, 100, 1), figure(1, 1, 1, 5))?.verdict).toBe(
      'single run',
    );
  });

  it('says nothing where nothing was completed', () => {
    expect(compareFigures(figure(0, 0, 0), figure(1, 1, 1))).toBeNull();
  });

  it('says nothing of differences below a thousandth, however small the spread', () => {
    const verdict = compareFigures(
      figure(10000, 10000, 10000),
      figure(10009, 10009, 10009),
    )?.verdict;
    expect(verdict).toBe('within spread');
  });

  it('does not round a difference away', () => {
    const ratio = compareFigures(figure(1000, 1000, 1000), figure(998, 998, 998));
    expect(ratio && ratioText(ratio)).toBe('x0.998');
  });
});
