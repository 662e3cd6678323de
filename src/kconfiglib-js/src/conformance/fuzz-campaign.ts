import type { FuzzCase } from '../testing/fuzz/case.ts';
import { CASES_PER_SEED, casesOf } from '../testing/fuzz/cases.ts';
import { differing, type FuzzRunner, isBugOfC, type Result } from './fuzz-run.ts';
import { shrink } from './fuzz-shrink.ts';

/** What C `conf` and `kconf` left behind. */
interface Outcome {
  c: Result;
  js: Result;
}

/** A case on which the two differ. */
export interface Finding {
  seed: number;
  index: number;
  /** What differs, e.g. `stdout` or `.config`. */
  differing: string[];
  /** The smallest case that differs in the same way. */
  smallest: FuzzCase;
  outcome: Outcome;
}

/** What a campaign did. */
export interface Campaign {
  /** Cases run through both and compared. */
  compared: number;
  /** Cases left out because C `conf` met its own bug. */
  skipped: number;
  differences: number;
  /** Runs by mode, and how many ended with an error. */
  modes: Record<string, number>;
  failedRuns: number;
  findings: Finding[];
}

const SEEDS_PER_BATCH = 40;

export interface CampaignOptions {
  cases: number;
  firstSeed: number;
  /** Findings to make small. Default: 5. */
  keep?: number;
  /** Makes the cases of a seed. Default: those of the kernel's language. */
  make?: (seed: number) => FuzzCase[];
  /** What of a run is compared. Default: everything. */
  view?: (result: Result) => Result;
}

/** Compare at least `cases` cases, made from `firstSeed` and the following seeds. The first findings are shrunk. */
export async function campaign(runner: FuzzRunner, options: CampaignOptions): Promise<Campaign> {
  const { cases, firstSeed, keep = 5, make = casesOf, view = (result) => result } = options;
  const compare = async (some: readonly FuzzCase[]): Promise<Outcome[]> =>
    (await runner.compare(some)).map(({ c, js }) => ({ c: view(c), js: view(js) }));
  const done: Campaign = {
    compared: 0,
    skipped: 0,
    differences: 0,
    modes: {},
    failedRuns: 0,
    findings: [],
  };
  for (let seed = firstSeed; done.compared < cases; seed += SEEDS_PER_BATCH) {
    const batch: { fuzzCase: FuzzCase; seed: number; index: number }[] = [];
    for (let s = seed; s < seed + SEEDS_PER_BATCH; s++)
      for (const [index, fuzzCase] of make(s).entries()) batch.push({ fuzzCase, seed: s, index });
    const outcomes = await compare(batch.map(({ fuzzCase }) => fuzzCase));
    for (const [i, outcome] of outcomes.entries()) {
      const { fuzzCase, seed: from, index } = batch[i] as (typeof batch)[number];
      if (isBugOfC(outcome.c)) {
        done.skipped++;
        continue;
      }
      done.compared++;
      const mode = fuzzCase.args.at(-1) ?? '';
      done.modes[mode] = (done.modes[mode] ?? 0) + 1;
      if (/[^0\n]/.test(outcome.c.code ?? '')) done.failedRuns++;
      const what = differing(outcome);
      if (what.length === 0) continue;
      done.differences++;
      if (done.findings.length >= keep) continue;
      done.findings.push(await reduce(compare, { seed: from, index, differing: what }, fuzzCase));
    }
    if (done.findings.length >= keep) break;
  }
  return done;
}

async function reduce(
  compare: (cases: readonly FuzzCase[]) => Promise<Outcome[]>,
  { seed, index, differing: what }: Pick<Finding, 'seed' | 'index' | 'differing'>,
  fuzzCase: FuzzCase,
): Promise<Finding> {
  const fails = async (candidate: FuzzCase): Promise<boolean> => {
    const [outcome] = await compare([candidate]);
    if (!outcome || isBugOfC(outcome.c)) return false;
    const found = differing(outcome);
    return found.length > 0 && found.every((name) => what.includes(name));
  };
  const smallest = await shrink(fuzzCase, fails);
  const [outcome] = await compare([smallest]);
  return { seed, index, differing: what, smallest, outcome: outcome as Outcome };
}

/** A finding for people: the case, how to repeat it, and both outcomes where they differ. */
export function describeFinding({ seed, index, smallest, outcome }: Finding): string {
  const out = [
    `seed ${seed}, case ${index} of ${CASES_PER_SEED}: conf ${smallest.args.join(' ')} Kconfig`,
  ];
  const env = Object.entries(smallest.env).map(
    ([name, value]) => `${name}=${JSON.stringify(value)}`,
  );
  if (env.length > 0) out.push(`env: ${env.join(' ')}`);
  for (const [name, text] of Object.entries(smallest.files)) out.push(`--- ${name}`, text);
  for (const step of smallest.later ?? [])
    out.push(
      `then: ${step.args.join(' ')} ${JSON.stringify(step.files)} ${step.mark ? 'marked' : ''}`,
    );
  if (smallest.stdin !== '') out.push('--- stdin', smallest.stdin);
  for (const name of differing(outcome))
    out.push(
      `=== ${name}, C:`,
      outcome.c[name] ?? '(none)',
      `=== ${name}, kconf:`,
      outcome.js[name] ?? '(none)',
    );
  return out.join('\n');
}
