import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packagePath } from '../../input/index.ts';
import { loadProfile } from '../timed/index.ts';
import { comparePublished } from './compare-published.ts';
import { costsOf } from './costs.ts';
import { PUBLISHED } from './published.ts';
import { LOCK_OPERATIONS, uniprocessorCost } from './uniprocessor-cost.ts';

/** What `npm run sensitivity` wrote. */
const reported = JSON.parse(readFileSync(packagePath('reports', 'published.json'), 'utf8'));
const RUNS = { runs: 3, seed: 1 };
/** Workloads that end in a tenth of a second. */
const QUICK = ['pft', 'spf_test_10x2'];
/** With more, they take longer. */
const MOST_CPUS = 12;

test('what is reported of published figures is what this checkout says', {
  timeout: 60_000,
}, () => {
  const { published, uniprocessor } = reported;
  expect(published.map(({ name }: { name: string }) => name)).toEqual(PUBLISHED.map((f) => f.name));
  for (const [i, figure] of PUBLISHED.entries()) {
    expect(published[i], figure.name).toMatchObject(figure);
    const known = new Set(costsOf(loadProfile(figure.profile)));
    const costs: { cost: string }[] = published[i].sensitivity.costs;
    expect(costs.filter(({ cost }) => !known.has(cost))).toEqual([]);
    if (!QUICK.includes(figure.workload) || figure.cpus > MOST_CPUS) continue;
    const { modelled } = comparePublished(figure, RUNS);
    expect(modelled, `${figure.name}: npm run sensitivity`).toBe(published[i].modelled);
  }
  const costs = uniprocessorCost(RUNS);
  expect(uniprocessor).toMatchObject(costs);
  const times = uniprocessor.filter(({ unit }: { unit: string }) => unit !== 'bytes');
  expect(times).toHaveLength(LOCK_OPERATIONS.length);
  for (const { sensitivity } of times) expect(sensitivity.costs.length).toBeGreaterThan(0);
});
