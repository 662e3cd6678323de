import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { editionNamed } from './editions/index.ts';
import { instantiate } from './model/index.ts';
import { config, SMP64, SMP64_WITHOUT, UP64 } from './model/user-script.test-util.ts';
import { countOnly } from './simulate.ts';
import { loadWorkload, shippedWorkloads } from './workloads/index.ts';

interface TrueCounts {
  readonly vmstat: Readonly<Record<string, number | { min: number; max: number } | null>>;
  readonly mmap_lock: Readonly<Record<string, number | null>>;
  readonly calls: Readonly<Record<string, number | null>>;
}

/** Counts taken from booted 6.12 kernels, see the note in the file. KMATRIX_TRUTH names another file of the same form. */
const truth = JSON.parse(
  readFileSync(
    process.env.KMATRIX_TRUTH ?? new URL('./testdata/counters-6.12.json', import.meta.url),
    'utf8',
  ),
) as { workloads: Record<string, { kernels: Record<string, TrueCounts> }> };

const KERNELS: Record<string, Record<string, string>> = {
  'per_vma_lock=y': SMP64,
  'per_vma_lock=n': SMP64_WITHOUT,
  'smp=n': UP64,
};

const edition = editionNamed('v6.12');
if (edition === undefined) throw new Error('no edition v6.12');

const shared = Object.keys(truth.workloads).filter((name) => shippedWorkloads().includes(name));

it('runs at least 28 of the workloads measured on real kernels', () => {
  expect(shared.length).toBeGreaterThanOrEqual(28);
});

describe.each(shared)('%s counts what a real 6.12 counted', (name) => {
  it.each(Object.entries(truth.workloads[name]?.kernels ?? {}))('%s', (kernelName, real) => {
    const kernel = instantiate(edition, config(KERNELS[kernelName] ?? {}));
    const counts = countOnly(kernel.build, loadWorkload(name));
    const calls = counts.calls;
    const modelled: Record<string, number> = { ...counts.counters, ...counts.mmap_lock };
    const expected: Record<string, number> = {};
    for (const [key, value] of [
      ...Object.entries(real.vmstat),
      ...Object.entries(real.mmap_lock),
    ]) {
      if (typeof value === 'number' && key in modelled) expected[key] = value;
    }
    for (const [key, value] of Object.entries(real.calls)) {
      if (typeof value !== 'number') continue;
      expected[`calls ${key}`] = value;
      modelled[`calls ${key}`] = calls[key] ?? 0;
    }
    const compared = Object.fromEntries(Object.keys(expected).map((k) => [k, modelled[k]]));
    expect(compared).toEqual(expected);
  });
});
