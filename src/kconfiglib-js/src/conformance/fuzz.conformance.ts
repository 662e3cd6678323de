import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FuzzCase } from '../testing/fuzz/case.ts';
import { casesOf } from '../testing/fuzz/cases.ts';
import { main, mayBatch, readAndBatch, readOptions, readTree, run } from './built.ts';
import { campaign, describeFinding } from './fuzz-campaign.ts';
import { FuzzRunner, type Kconf } from './fuzz-run.ts';
import { buildConf, linuxTree, treeDialect } from './linux-tree.ts';

/** How many cases to compare: KMATRIX_FUZZ. The first seed is KMATRIX_FUZZ_SEED, for a run over fresh cases. */
const CASES = Number(process.env.KMATRIX_FUZZ ?? 20_000);
const SEED = Number(process.env.KMATRIX_FUZZ_SEED ?? 1);

/** Runs cases in the dialect of the tree whose `conf` is compared with. */
function runnerFor(kconf: Kconf): FuzzRunner {
  const tree = linuxTree();
  return new FuzzRunner(buildConf(tree), kconf, { dialect: treeDialect(tree) });
}

/** The cases of a seed in the language of that tree. */
function casesFor(seed: number): FuzzCase[] {
  const dialect = treeDialect(linuxTree());
  return casesOf(seed, dialect === '6.12' || dialect === '6.18' ? dialect : '7.0');
}

describe('random trees and configurations, in all modes', () => {
  let runner: FuzzRunner;
  beforeAll(() => {
    runner = runnerFor(main);
  });
  afterAll(() => runner.close());

  it('give what C conf gives', { timeout: 3_600_000 }, async () => {
    const done = await campaign(runner, { cases: CASES, firstSeed: SEED, make: casesFor });
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

describe('random trees and configurations, resolved in WebAssembly', () => {
  let runner: FuzzRunner;
  let done = 0;
  /** As the command does it, and counts. */
  const counting: Kconf = (argv, io) => {
    const options = readOptions(argv, io.progname);
    const [file] = options.operands;
    if (!mayBatch(options, io) || file === undefined) return run(options, io, readTree);
    const code = readAndBatch(options, io, () => readTree(file, io));
    if (typeof code !== 'number') return run(options, io, () => code);
    done++;
    return code;
  };
  beforeAll(() => {
    runner = runnerFor(counting);
  });
  afterAll(() => runner.close());

  it('give what C conf gives', { timeout: 3_600_000 }, async () => {
    const cases = CASES / 4;
    const alone = (seed: number): FuzzCase[] =>
      casesFor(seed).map(({ files, env, stdin }) => ({
        files: { '.config': '', ...files },
        args: ['--olddefconfig'],
        // A file in the place of auto.conf: those for the build are not written.
        env: { ...env, KCONFIG_AUTOCONFIG: '.config' },
        stdin,
      }));
    const { compared, differences, findings } = await campaign(runner, {
      cases,
      firstSeed: SEED,
      make: alone,
    });
    for (const finding of findings) console.error(`${describeFinding(finding)}\n`);
    console.log(
      `${compared} cases compared, ${done} of them in WebAssembly; ${differences} differences`,
    );
    expect(differences).toBe(0);
    expect(done).toBeGreaterThan(compared / 4);
  });
});
