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

/** Operations of which the model has what the lock adds in many more boots of such kernels, and not what was counted in one. */
const AGAIN = ['pipe_pingpong_roundtrip', 'pthread_create_join'];

test.each(operations)('$workload costs what was counted', ({ workload, values, again }) => {
  const model = Object.fromEntries(
    Object.keys(values).map((kernel) => [kernel, instructions(kernel, workload)]),
  );
  for (const [kernel, counted] of Object.entries(values)) {
    expect(Math.abs((model[kernel] ?? 0) / counted - 1), kernel).toBeLessThan(0.1);
  }
  const [on, off] = ['per_vma_lock=y', 'per_vma_lock=n'];
  const counted = (values[on as string] ?? 0) - (values[off as string] ?? 0);
  const modelled = (model[on as string] ?? 0) - (model[off as string] ?? 0);
  const { verdict } = judgeDifference(counted, modelled, again[off as string]);
  expect(verdict).toBe(AGAIN.includes(workload) ? 'as measured again' : 'ok');
});

test('a difference is judged by its sign and size', () => {
  const verdict = (measured: number, modelled: number, again?: readonly [number, number]) =>
    judgeDifference(measured, modelled, again).verdict;
  expect(verdict(676.5, 535.6)).toBe('ok');
  expect(verdict(676.5, 500)).toBe('MISSED: too far');
  expect(verdict(-676.5, 676.5)).toBe('MISSED: too far');
  expect(verdict(9, -7)).toBe('MISSED: sign');
  expect(verdict(2.1, 0)).toBe('MISSED: sign');
  expect(verdict(0, 0.1)).toBe('ok');
  expect(verdict(2.1, -7, [-5, 20])).toBe('as measured again');
  expect(verdict(2.1, -7, [1, 20])).toBe('MISSED: sign');
  expect(verdict(2.1, 0, [1, 20])).toBe('MISSED: sign');
  expect(verdict(2.1, 0, [-1, 1])).toBe('as measured again');
  expect(verdict(74, 0, [-6, 6])).toBe('as measured again');
  expect(verdict(74, 10, [-6, 6])).toBe('MISSED: too far');
  expect(verdict(-74, 10, [-80, -60])).toBe('MISSED: too far');
});
