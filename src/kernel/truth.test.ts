import { describe, expect, it } from 'vitest';
import { compareWithTruth, kernelsOf, TRUE_WORKLOADS } from './truth-comparison.test-util.ts';
import { shippedWorkloads } from './workloads/index.ts';

const shared = TRUE_WORKLOADS.filter((name) => shippedWorkloads().includes(name));

it.skipIf(process.env.KMATRIX_TRUTH)('runs every workload measured on real kernels', () => {
  expect(shared).toEqual(TRUE_WORKLOADS);
});

describe.each(shared)('%s counts what a real 6.12 counted', (name) => {
  it.each(kernelsOf(name))('%s', (kernel) => {
    const rows = compareWithTruth(name, kernel).filter((row) => row.missing === undefined);
    const as = (side: 'real' | 'modelled') =>
      Object.fromEntries(rows.map((row) => [row.counter, row[side]]));
    expect(rows.length).toBeGreaterThan(0);
    expect(as('modelled')).toEqual(as('real'));
  });
});
