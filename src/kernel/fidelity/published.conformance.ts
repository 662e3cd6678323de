import { expect, test } from 'vitest';
import { loadProfile } from '../timed/index.ts';
import { compareOverSeeds, comparePublished } from './compare-published.ts';
import { lockCostTable, publishedTable, sensitivityTable } from './fidelity-tables.ts';
import { PUBLISHED } from './published.ts';
import { sensitivity } from './sensitivity.ts';
import { uniprocessorCost } from './uniprocessor-cost.ts';

const MINUTES = 60_000;
const SEEDS = [1, 2, 3, 4, 5];

test('published figures beside the modelled ones', { timeout: 30 * MINUTES }, () => {
  const rows = compareOverSeeds(PUBLISHED, SEEDS);
  console.log(publishedTable(rows));
  // The direction of each change, where it was published as one and not as none.
  for (const { figure, modelled } of rows.filter(({ figure: f }) => f.published > 1.05)) {
    expect(modelled, figure.name).toBeGreaterThan(1);
    if (figure.atMost) expect(modelled, figure.name).toBeLessThanOrEqual(figure.published);
  }
});

test('what the lock costs a kernel for one CPU', () => {
  console.log(lockCostTable(uniprocessorCost({ runs: 5, seed: 1 })));
});

test('what the figure for ebizzy hangs on', { timeout: 30 * MINUTES }, async () => {
  const figure = PUBLISHED.find((f) => f.workload === 'ebizzy');
  if (figure === undefined) throw new Error('no figure of ebizzy');
  const found = await sensitivity(loadProfile(figure.profile), async (profiles) =>
    profiles.map((profile) => comparePublished(figure, { runs: 1, seed: 1 }, profile).modelled),
  );
  console.log(sensitivityTable(figure.name, found));
  expect(found.swings.length).toBeGreaterThan(5);
});
