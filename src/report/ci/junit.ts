import { inert } from '../../input/index.ts';

/** Tests under one name, as viewers of test results group them. */
export interface TestSuite {
  readonly name: string;
  readonly tests: readonly TestCase[];
}

/** A test: passed if nothing failed and it was not left out. */
export interface TestCase {
  readonly className: string;
  readonly name: string;
  readonly failures: readonly TestFailure[];
  /** Why it was not run. */
  readonly skipped?: string;
  /** What is worth reading whether it passed or not. */
  readonly output?: string;
}

/** One thing a test found. */
export interface TestFailure {
  /** The kind of failure in a word. */
  readonly type: string;
  readonly text: string;
}

/** Suites of tests as JUnit XML, in the dialect that Jenkins, GitLab and GitHub's actions read. No times: they are no part of a result. */
export function junitXml(name: string, suites: readonly TestSuite[]): string {
  const counts = suites.map(({ tests }) => countsOf(tests));
  const total = (key: keyof Counts): number => counts.reduce((sum, one) => sum + one[key], 0);
  const body = suites.map((suite, at) => suiteXml(suite, counts[at] as Counts)).join('');
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<testsuites name="${escaped(name)}" tests="${total('tests')}" failures="${total('failures')}">\n${body}</testsuites>\n`
  );
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
}

function countsOf(tests: readonly TestCase[]): Counts {
  const skipped = tests.filter((test) => test.skipped !== undefined).length;
  const failures = tests.filter(hasFailed).length;
  return { tests: tests.length, failures, skipped };
}

function hasFailed({ failures, skipped }: TestCase): boolean {
  return skipped === undefined && failures.length > 0;
}

function suiteXml({ name, tests }: TestSuite, { failures, skipped }: Counts): string {
  const counts = `tests="${tests.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  return `  <testsuite name="${escaped(name)}" ${counts}>\n${tests.map(caseXml).join('')}  </testsuite>\n`;
}

/** One failure for each test, as most viewers show the first only. */
function caseXml(test: TestCase): string {
  const head = `    <testcase classname="${escaped(test.className)}" name="${escaped(test.name)}"`;
  const output =
    test.output === undefined ? '' : `<system-out>${escaped(test.output)}</system-out>`;
  const inner = `${resultXml(test)}${output}`;
  return inner === '' ? `${head}/>\n` : `${head}>${inner}</testcase>\n`;
}

function resultXml({ skipped, failures }: TestCase): string {
  if (skipped !== undefined) return `<skipped message="${escaped(skipped)}"/>`;
  const [first] = failures;
  if (!first) return '';
  const types = [...new Set(failures.map(({ type }) => type))].join(' ');
  const message = failures.length === 1 ? first.text : `${failures.length} failures`;
  const text = failures.map((one) => one.text).join('\n');
  return `<failure type="${escaped(types)}" message="${escaped(message)}">${escaped(text)}</failure>`;
}

/** Text of XML 1.0: every line inert, the signs of XML escaped, and two code points that it cannot hold left out. */
function escaped(text: string): string {
  return text
    .split('\n')
    .map((line) => inert(line))
    .join('\n')
    .replace(/[\ufffe\uffff]/g, '')
    .replace(/[&<>"'\n]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
