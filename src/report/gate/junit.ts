import { junitXml, type TestSuite } from '../ci/junit.ts';
import type { GateResult, Regression } from './regressions.ts';
import type { GateRules, GateWord } from './rules.ts';

/** What a gate found as JUnit XML: a suite for each cell, a test for each rule. Verdicts belong to editions and have a suite of their own. */
export function gateJunit(result: GateResult, rules: GateRules): string {
  const words = [...rules.words].filter((word) => word !== 'verdict');
  const suites = result.compared.map(
    (id): TestSuite => ({
      name: id,
      tests: words.map((word) =>
        testOf(
          id,
          word,
          result.regressions.filter(({ rule, where }) => rule === word && where.includes(id)),
        ),
      ),
    }),
  );
  const left: TestSuite[] = result.notCompared.map((id) => ({
    name: id,
    tests: [{ className: id, name: 'compared', failures: [], skipped: 'in one of the two only' }],
  }));
  const verdicts = result.regressions.filter(({ rule }) => rule === 'verdict');
  const verification: TestSuite[] = rules.words.has('verdict')
    ? [{ name: 'verification', tests: [testOf('verification', 'verdict', verdicts)] }]
    : [];
  return junitXml('kmatrix gate', [...suites, ...left, ...verification]);
}

function testOf(className: string, rule: GateWord, regressions: readonly Regression[]) {
  return {
    className,
    name: rule,
    failures: regressions.map((one) => ({ type: rule, text: regressionText(one) })),
  };
}

/** `lock_vma_under_rcu: real -> stub: returns NULL`. */
export function regressionText({ subject, before, after }: Regression): string {
  return `${subject}: ${before} -> ${after}`;
}
