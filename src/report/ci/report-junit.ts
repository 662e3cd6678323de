import type { Report } from '../model.ts';
import { type Checked, checkedInCell, checkedVerdicts } from './findings.ts';
import { junitXml, type TestCase, type TestSuite } from './junit.ts';

/**
 * A report as JUnit XML: a suite for each cell, with a test for its options, each workload and each
 * fallback site, and one for each heading of the model checker's answers. A caller that always falls back
 * passes with a word, for nothing is known to have been better.
 */
export function reportJunit(report: Report): string {
  return junitXml(`kmatrix run ${report.name}`, [
    ...report.cells.map((cell) => suiteOf(cell.id, checkedInCell(report, cell))),
    ...checkedVerdicts(report).map(({ title, checked }) => suiteOf(title, checked)),
  ]);
}

function suiteOf(name: string, checked: readonly Checked[]): TestSuite {
  return {
    name,
    tests: checked.map(({ subject, skipped, findings }): TestCase => {
      const notes = findings.filter(({ level }) => level === 'note').map(({ text }) => text);
      return {
        className: name,
        name: subject,
        ...(skipped !== undefined && { skipped }),
        failures: findings
          .filter(({ level }) => level !== 'note')
          .map(({ rule, text }) => ({ type: rule, text })),
        ...(notes.length > 0 && { output: notes.join('\n') }),
      };
    }),
  };
}
