import { expect, test } from 'vitest';
import { instantiate } from '../model/index.ts';
import { simulate } from '../simulate.ts';
import { loadMeasurements, shippedMeasurements } from './index.ts';

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
  // Two passes over one kernel, a boot each, differ by so much: what is less is no difference.
  const spread = Math.max(0, ...Object.values(spreads));
  const none = Math.abs(counted) < Math.max(0.5, spread);
  const tolerance = Math.max(30, Math.abs(counted) / 4, none ? spread : 0);
  expect(Math.abs(modelled - counted)).toBeLessThan(tolerance);
  if (none) return;
  expect(Math.sign(modelled)).toBe(Math.sign(counted));
});
