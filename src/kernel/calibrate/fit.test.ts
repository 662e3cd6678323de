import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIT_OPTIONS, fitPrices, modelled } from './fit.ts';
import type { Observation } from './sensitivity.ts';

const names = ['a', 'b', 'c'];
const observed = (prices: readonly number[], pays: readonly number[][]): Observation[] =>
  pays.map((times, i) => {
    const o = { workload: `w${i}`, kernel: 'k', measured: 0, pays: times };
    return { ...o, measured: modelled(o, prices) };
  });
const options = { ...FIT_OPTIONS, ridge: 1e-4, bound: 4 };
const price = fc.integer({ min: 30, max: 300 });

test('finds the prices that made the figures, where the operations tell them apart', () => {
  fc.assert(
    fc.property(fc.tuple(price, price, price), (prices) => {
      const pays = [
        [10, 0, 1],
        [0, 10, 2],
        [3, 0, 10],
        [5, 5, 5],
      ];
      const fitted = fitPrices(observed(prices, pays), names, [100, 100, 100], options);
      for (const [i, p] of fitted.entries()) expect(p).toBeCloseTo(prices[i] as number, 0);
    }),
  );
});

test('keeps a price no operation pays, one that is known, and every one near its estimate', () => {
  const seen = observed([1000, 50, 9], [[1, 1, 0]]);
  const [a, b, c] = fitPrices(seen, names, [100, 20, 7], {
    ...options,
    known: new Set(['b']),
    bound: 2,
  });
  expect([a, b, c]).toEqual([200, 20, 7]);
});

test('weighs a small difference between two kernels against errors of the whole', () => {
  const base = { workload: 'w', kernel: 'on', measured: 5000, pays: [10, 1, 0] };
  const other = { workload: 'w', kernel: 'off', measured: 5012, pays: [10, 0, 1] };
  const fitted = fitPrices([base, other], names, [400, 20, 20], options);
  expect(modelled(base, fitted) - modelled(other, fitted)).toBeCloseTo(-12, 0);
  expect(modelled(base, fitted) / 5000).toBeCloseTo(1, 1);
});

test('does not bend the prices of many operations to one that they cannot explain', () => {
  const pays = [
    [10, 0, 1],
    [0, 10, 2],
    [3, 0, 10],
    [5, 5, 5],
    [1, 1, 20],
  ];
  const seen = observed([100, 100, 100], pays);
  const strange = { workload: 'strange', kernel: 'k', measured: 6000, pays: [10, 10, 10] };
  const fitted = fitPrices([...seen, strange], names, [90, 110, 100], FIT_OPTIONS);
  for (const o of seen) expect(modelled(o, fitted) / o.measured).toBeCloseTo(1, 1);
});
