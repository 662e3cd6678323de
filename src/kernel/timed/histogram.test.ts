import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HISTOGRAM_ERROR, Histogram } from './histogram.ts';

const value = fc.oneof(
  fc.nat({ max: 1000 }),
  fc.nat(),
  fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
);

test('a quantile is within the stated error of the exact one', () => {
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 100 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, q) => {
        const histogram = new Histogram();
        for (const v of values) histogram.record(v);
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(q * values.length)) - 1] as number;
        const got = histogram.quantile(q);
        expect(Math.abs(got - exact)).toBeLessThanOrEqual(exact * HISTOGRAM_ERROR);
      },
    ),
    { numRuns: 500 },
  );
});

test('small values are exact, and an empty histogram gives 0', () => {
  const histogram = new Histogram();
  expect(histogram.quantile(0.5)).toBe(0);
  for (let v = 0; v < 256; v++) histogram.record(v);
  expect(histogram.quantile(0.5)).toBe(127);
  expect(histogram.quantile(1)).toBe(255);
  expect(histogram.total).toBe(256);
});
