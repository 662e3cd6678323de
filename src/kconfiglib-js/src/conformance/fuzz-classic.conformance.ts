import { afterAll, describe, expect, it } from 'vitest';
import { casesOf } from '../testing/fuzz/cases.ts';
import { TREE_ENV } from '../testing/fuzz/tree-grammar.ts';
import { main } from './built.ts';
import { campaign, describeFinding } from './fuzz-campaign.ts';
import { FuzzRunner, type Result, valueLines } from './fuzz-run.ts';
import { buildProjectConf, canBuild } from './project-conf.ts';
import { PROJECTS } from './projects.ts';
import { sourceTree } from './sources.ts';

const CASES = Number(process.env.KMATRIX_FUZZ_CLASSIC ?? 3000);
const SEED = Number(process.env.KMATRIX_FUZZ_SEED ?? 1);
/** Modes that find and write values; the others print, each generation in its own way. */
const MODES = /^--(olddefconfig|alldefconfig|savedefconfig=defconfig)$/;

/** Trees with the choices of before 6.11, through the `conf` of kernels that had them. */
describe.each(['linux-5.10'])('random trees of the language of %s', (name) => {
  const project = PROJECTS.find((candidate) => candidate.name === name);
  const tree = project && canBuild() ? sourceTree(name, project.source) : undefined;
  if (!tree) console.log(`left out: ${name}: no sources, or no gcc, flex and bison`);
  let runner: FuzzRunner | undefined;
  afterAll(() => runner?.close());

  it.runIf(tree)('have the values its conf gives them', { timeout: 3_600_000 }, async () => {
    const conf = buildProjectConf(`${tree}/scripts/kconfig`);
    runner = new FuzzRunner(conf, main, { dialect: project?.dialect ?? 'superset' });
    const done = await campaign(runner, {
      cases: CASES,
      firstSeed: SEED,
      keep: 20,
      make: (seed) =>
        casesOf(seed, '6.10')
          .filter(({ args }) => MODES.test(args.at(-1) ?? ''))
          .map(({ args, files, stdin }) => ({ args, files, stdin, env: TREE_ENV })),
      view,
    });
    for (const finding of done.findings) console.error(`${describeFinding(finding)}\n`);
    const { compared, failedRuns, differences } = done;
    console.log(
      `${name}: ${compared} cases compared, ${failedRuns} with an error; ${differences} differences`,
    );
    expect(differences).toBe(0);
    expect(compared).toBeGreaterThanOrEqual(CASES);
  });
});

/**
 * Whether there was an error, and the values in their order. Loops are looked for in conditions that were not made
 * simpler as they are now, so some trees have none any more: these are left out.
 */
function view(result: Result): Result {
  if (result.stderr?.includes('recursive dependency')) return { code: '137' };
  return { code: result.code === '0' ? '0' : (result.code ?? ''), ...valueLines(result) };
}
