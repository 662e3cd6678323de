import { describe, expect, it } from 'vitest';
import { FAILURES, withFailure } from '../failures.test-util.ts';
import { fixtureResult } from '../fixture.test-util.ts';
import { golden } from '../golden.test-util.ts';
import {
  buildReport,
  checkSchema,
  diffMatrices,
  gate,
  gateJunit,
  gateOfDiff,
  gateRules,
  gateSarif,
  placeOfCell,
  reportJunit,
  reportSarif,
} from '../index.ts';
import { verdictGroup } from '../verdict.test-util.ts';
import { readJunit, resultsOf } from './junit-rules.test-util.ts';
import { SARIF_RULES } from './sarif-rules.test-util.ts';

const RULES = gateRules('surface,fallback,size,outcome,perf:5%,verdict');
const WRITER = { version: '1.2.3', cwd: '/work' };

/** A run in which something of every kind is wrong. */
const report = buildReport(withFailure(fixtureResult(), 'all-builds-v2', 'mixed', FAILURES.hung), [
  verdictGroup({ verdict: 'violated', retryBound: 'unbounded' }),
]);
const before = buildReport(fixtureResult(), [verdictGroup()]);

interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region?: { readonly startLine: number };
        };
      }[];
      readonly partialFingerprints?: Readonly<Record<string, string>>;
    }[];
  }[];
}

/** Reads SARIF that keeps to its schema and to what the schema cannot say. */
function readSarif(text: string): Log['runs'][number] {
  const log = JSON.parse(text) as Log;
  expect(checkSchema(SARIF_RULES, log)).toBeUndefined();
  const [run] = log.runs;
  if (!run) throw new Error('a log has a run');
  const { rules } = run.tool.driver;
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  const prints = run.results.map((one) => one.partialFingerprints?.['kmatrix/v1']);
  expect(new Set(prints).size).toBe(prints.length);
  for (const result of run.results) {
    expect(rules[result.ruleIndex]?.id).toBe(result.ruleId);
    expect(result.locations.length).toBeGreaterThan(0);
    expect(result.message.text).not.toBe('');
  }
  return run;
}

const short = ({ results }: Log['runs'][number]): string[] =>
  results.map(({ level, ruleId, locations: [at] }) => {
    const { artifactLocation, region } = at?.physicalLocation ?? {};
    return `${level} ${ruleId} ${artifactLocation?.uri}:${region?.startLine ?? ''}`;
  });

describe('a report for a CI', () => {
  it('is JUnit: a suite for each cell, a test for each thing that was looked at', async () => {
    const text = reportJunit(report);
    const root = readJunit(text);
    expect(root.children.map(({ attributes }) => attributes.name)).toEqual([
      ...report.cells.map(({ id }) => id),
      'How often?',
    ]);
    const lacking = 'v7.0:64BIT=y,SMP=n';
    expect(resultsOf(root)).toEqual([
      // So it is there, and nothing is known to have been better: no failure.
      `${lacking} / do_user_addr_fault:lock_vma_under_rcu: system-out`,
      `${lacking} / find_tcp_vma:lock_vma_under_rcu: system-out`,
      'v7.0:64BIT=n,SMP=y / options: skipped',
      'all-builds-v2:64BIT=y,SMP=y / mixed: outcome',
      'all-builds-v2:64BIT=y,SMP=y,NET=y / mixed: outcome',
      expect.stringMatching(/^How often\? \/ v7\.0: retries of wait: .*: verdict$/),
    ]);
    await expect(text).toMatchFileSnapshot(golden('report.junit.xml'));
  });

  it('is SARIF: a result for each thing that is wrong, at the line that asks for the cell', async () => {
    const text = reportSarif(report, WRITER);
    const matrix = 'matrices/per-vma-lock.yaml';
    expect(short(readSarif(text))).toEqual([
      `note fallback ${matrix}:8`,
      `note fallback ${matrix}:8`,
      `warning rejected ${matrix}:15`,
      `error outcome ${matrix}:8`,
      `error outcome ${matrix}:8`,
      `error verdict ${matrix}:`,
    ]);
    await expect(text).toMatchFileSnapshot(golden('report.sarif'));
  });

  it('leaves out in JUnit what the model checker could not decide', () => {
    const undecided = buildReport(fixtureResult(), [verdictGroup({ verdict: 'undecided' })]);
    expect(resultsOf(readJunit(reportJunit(undecided))).at(-1)).toMatch(/: skipped$/);
  });

  it('says nothing of a safeguard that was taken out on trial', () => {
    const group = verdictGroup({ verdict: 'violated' });
    const trial = group.verdicts.map((v) => ({
      ...v,
      question: { ...v.question, mutate: 'no-range-check' },
    }));
    const tried = buildReport(fixtureResult(), [{ ...group, verdicts: trial }]);
    expect(reportSarif(tried, WRITER)).not.toContain('"ruleId": "verdict"');
  });
});

describe('what got worse, for a CI', () => {
  const result = gate(before, report, RULES);
  const places = new Map(report.cells.map((cell) => [cell.id, cell]));

  it('is JUnit: a suite for each cell, a test for each rule', async () => {
    const text = gateJunit(result, RULES);
    expect(resultsOf(readJunit(text))).toEqual([
      'all-builds-v2:64BIT=y,SMP=y / outcome: outcome',
      'all-builds-v2:64BIT=y,SMP=y,NET=y / outcome: outcome',
      'verification / verdict: verdict',
    ]);
    await expect(text).toMatchFileSnapshot(golden('gate.junit.xml'));
  });

  it('is SARIF: a result for each thing', async () => {
    const text = gateSarif(result, (id) => placeOfCell(report, places.get(id)), WRITER);
    expect(short(readSarif(text))).toEqual([
      'error outcome matrices/per-vma-lock.yaml:8',
      'error verdict matrices/per-vma-lock.yaml:',
    ]);
    await expect(text).toMatchFileSnapshot(golden('gate.sarif'));
  });

  it('leaves out cells of one report only, and passes where nothing is worse', () => {
    const none = gateJunit(gate(before, before, RULES), RULES);
    expect(resultsOf(readJunit(none))).toEqual([]);
    const fewer = { ...before, cells: before.cells.slice(1) };
    expect(resultsOf(readJunit(gateJunit(gate(before, fewer, RULES), RULES)))).toEqual([
      'v7.0:64BIT=y,SMP=y / compared: skipped',
    ]);
  });

  it('is told of a diff of editions as well', () => {
    const side = (edition: string) => ({ report: before, source: 'r.json', edition });
    const diff = diffMatrices(side('all-builds-v2'), side('v7.0'));
    const worse = gateOfDiff(diff, RULES);
    const all = resultsOf(readJunit(gateJunit(worse, RULES)));
    expect(all).toContain('64BIT=y,SMP=n / surface: surface');
    readSarif(gateSarif(worse, () => ({ file: 'm.yaml' }), WRITER));
  });
});
