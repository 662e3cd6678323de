import { expect, test } from 'vitest';
import { editionNamed } from '../editions/index.ts';
import { instantiate } from '../model/index.ts';
import { simulate } from '../simulate.ts';
import { loadProfile } from '../timed/index.ts';

/**
 * What UnixBench's pipe-based context switching takes on a 3A6000, in nanoseconds a round trip. Where a thread has a core for itself on one CPU:
 * eight copies do 1,287,277 a second (the commit that relaxes memory ordering of atomics on LoongArch, Linux 6.7), in which both
 * threads of each core are busy. One copy, on two CPUs that idle in turns: 143,572 to 186,348 a second on kernels built from 6.6
 * (deepin-community/kernel, pull requests 1169 and 2014).
 */
const EIGHT_COPIES = (8 / 1_287_277) * 1e9;
const ONE_COPY = [1e9 / 186_348, 1e9 / 143_572] as const;

const options: Readonly<Record<string, string>> = { '64BIT': 'y', X86_64: 'y', SMP: 'y', MMU: 'y' };

test('a byte goes through pipes and back on the Loongson as fast as it was measured to', () => {
  const edition = editionNamed('v6.6');
  if (edition === undefined) throw new Error('no edition v6.6');
  const profile = loadProfile('loongson');
  const kernel = instantiate(edition, { get: (name) => options[name] ?? '' });
  const { performance } = simulate(kernel, 'pipe_pingpong_roundtrip', {
    cpus: [1, 2, 8],
    runs: 1,
    seed: 1,
    profile,
  });
  const [alone = 0, ...two] = performance.map(({ mean_ns }) => mean_ns);
  const measured = EIGHT_COPIES / (profile.smt?.slowdown ?? 1);
  expect(alone / measured).toBeGreaterThan(0.9);
  expect(alone / measured).toBeLessThan(1.1);
  expect(two).toHaveLength(2);
  for (const time of two) {
    expect(time).toBeGreaterThan(ONE_COPY[0]);
    expect(time).toBeLessThan(ONE_COPY[1]);
  }
});
