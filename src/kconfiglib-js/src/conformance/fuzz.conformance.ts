import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from './built.ts';
import { campaign, describeFinding } from './fuzz-campaign.ts';
import { FuzzRunner } from './fuzz-run.ts';
import { buildConf, linuxTree } from './linux-tree.ts';

/** How many cases to compare: KMATRIX_FUZZ. The first seed is KMATRIX_FUZZ_SEED, for a run over fresh cases. */
const CASES = Number(process.env.KMATRIX_FUZZ ?? 20_000);
const SEED = Number(process.env.KMATRIX_FUZZ_SEED ?? 1);

describe('random trees and configurations, in all modes', () => {
  let runner: FuzzRunner;
  beforeAll(() => {
    runner = new FuzzRunner(buildConf(linuxTree()), main);
  });
  afterAll(() => runner.close());

  it('give what C conf gives', { timeout: 3_600_000 }, async () => {
    const done = await campaign(runner, { cases: CASES, firstSeed: SEED });
    for (const finding of done.findings) console.error(`${describeFinding(finding)}\n`);
    const { compared, skipped, differences, failedRuns } = done;
    console.log(
      `${compared} cases compared, ${failedRuns} of them ending with an error; ` +
        `${skipped} left out for a bug of C conf; ${differences} differences`,
    );
    expect(differences).toBe(0);
    expect(compared).toBeGreaterThanOrEqual(CASES);
    expect(Object.keys(done.modes).length).toBeGreaterThan(14);
  });
});
