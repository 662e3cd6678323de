import { expect, test } from 'vitest';
import { instantiate } from '../model/index.ts';
import { simulate } from '../simulate.ts';
import { loadMeasurements, shippedMeasurements } from './index.ts';
import { judgeDifference } from './judge-difference.ts';

const path = shippedMeasurements('instructions-6.12')?.path ?? '';
const { edition, kernels, operations } = loadMeasurements(path);

/** Instructions of one operation in the model. */
function instructions(kernel: string, workload: string): number {
  const options = kernels[kernel] ?? {};
  const built = instantiate(edition, { get: (name) => options[name] ?? '' });
  const { performance } = simulate(built, workload, {
    cpus: [1],
    runs: 1,
    seed: 1,
    profile: 'instructions',
  });
  return 1e9 / (performance[0]?.ops_per_second ?? 0);
}

test.each(operations)('$workload costs what was counted', ({ workload, values, spreads }) => {
  const model = Object.fromEntries(
    Object.keys(values).map((kernel) => [kernel, instructions(kernel, workload)]),
  );
  for (const [kernel, counted] of Object.entries(values)) {
    expect(Math.abs((model[kernel] ?? 0) / counted - 1), kernel).toBeLessThan(0.1);
  }
  const [on, off] = ['per_vma_lock=y', 'per_vma_lock=n'];
  const counted = (values[on as string] ?? 0) - (values[off as string] ?? 0);
  const modelled = (model[on as string] ?? 0) - (model[off as string] ?? 0);
  // The two passes over one kernel differ by so much: what is less is no difference, but may not be modelled as a larger one.
  const spread = Math.max(0, ...Object.values(spreads));
  const { near, sameSign, isNone } = judgeDifference(counted, modelled, spread);
  if (isNone) {
    expect(near || Math.abs(modelled - counted) < spread).toBe(true);
    return;
  }
  expect([near, sameSign]).toEqual([true, true]);
});

test('a difference is judged by its sign and size, and one that repeats drown is told as such', () => {
  const verdict = (measured: number, modelled: number, spread: number) => {
    const { near, sameSign, isNone } = judgeDifference(measured, modelled, spread);
    return [near, sameSign, isNone];
  };
  expect(verdict(676.5, 535.6, 9)).toEqual([true, true, false]);
  expect(verdict(676.5, 500, 9)).toEqual([false, true, false]);
  expect(verdict(9, -7, 1)).toEqual([true, false, false]);
  expect(verdict(2.1, -7.7, 7.8)).toEqual([true, false, true]);
  expect(verdict(0, 0.1, 0)).toEqual([true, true, true]);
});
