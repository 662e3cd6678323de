import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apart, compact, logTicks, ticks } from './scale.ts';

describe('an axis', () => {
  it('has round steps up to its greatest value', () => {
    expect(ticks(7.86e6)).toEqual([0, 2e6, 4e6, 6e6, 8e6]);
    expect(ticks(0)).toEqual([0, 1]);
    expect([7.5e6, 400_000, 12, 2.5e9].map(compact)).toEqual(['7.5M', '400k', '12', '2.5G']);
  });

  it('starts at zero, holds every value and is no longer than it must be', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), (greatest) => {
        const marks = ticks(greatest);
        expect(marks[0]).toBe(0);
        expect(marks.at(-1)).toBeGreaterThanOrEqual(greatest * (1 - 1e-6));
        expect(marks.at(-2)).toBeLessThan(greatest);
        expect(marks.length).toBeLessThanOrEqual(7);
      }),
    );
  });
});

describe('an axis by the logarithm', () => {
  it('has round values around all that is on it, and no more than it needs', () => {
    expect(logTicks(130, 900)).toEqual([100, 200, 500, 1000]);
    expect(logTicks(150, 2e6)).toEqual([100, 1e3, 1e4, 1e5, 1e6, 1e7]);
    const value = fc.double({ min: 1, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [least, greatest] = [Math.min(a, b), Math.max(a, b)];
        const marks = logTicks(least, greatest);
        expect(marks[0]).toBeLessThanOrEqual(least * (1 + 1e-6));
        expect(marks.at(-1)).toBeGreaterThanOrEqual(greatest * (1 - 1e-6));
        expect(marks.length).toBeGreaterThan(1);
        expect(marks.length).toBeLessThanOrEqual(12);
      }),
    );
  });
});

describe('labels', () => {
  it('stand apart, in their order, and stay where there is room', () => {
    expect(apart([10, 50, 90], 11, 200)).toEqual([10, 50, 90]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 8 }), (heights) => {
        const moved = apart(heights, 11, 200);
        const sorted = moved.toSorted((a, b) => a - b);
        for (const [i, height] of sorted.slice(1).entries()) {
          expect(height - sorted[i]!).toBeGreaterThanOrEqual(11);
        }
        for (const [i, height] of moved.entries()) expect(height).toBeLessThanOrEqual(heights[i]!);
      }),
    );
  });
});
