import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packagePath } from '../../input/index.ts';
import { editionNamed } from '../editions/index.ts';
import { instantiate } from '../model/index.ts';
import { config, SMP64 } from '../model/user-script.test-util.ts';
import { simulate } from '../simulate.ts';

const edition = editionNamed('v7.0');
if (edition === undefined) throw new Error('no edition v7.0');
const kernel = instantiate(edition, config({ ...SMP64, ANON_VMA_NAME: 'y' }));
const names = readdirSync(packagePath('src', 'kernel', 'workloads', 'scale')).map((file) =>
  file.replace(/\.yaml$/, ''),
);

test.each(names)('%s runs to its end on three CPUs, and counts', (name) => {
  const { outcome, performance } = simulate(kernel, name, { cpus: [3], runs: 1, seed: 1 });
  expect(outcome).toEqual({ kind: 'completed' });
  expect(performance[0]?.ops_per_second).toBeGreaterThan(0);
});
