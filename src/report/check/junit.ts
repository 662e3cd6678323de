import { junitXml, type TestSuite } from '../ci/junit.ts';
import { type CheckReport, findingsOf, findingText } from './model.ts';

/** A check as JUnit XML: a suite for each file, a test for each configuration. */
export function checkJunit(report: CheckReport): string {
  return junitXml(
    'kmatrix check',
    report.files.map((file): TestSuite => {
      const errors = findingsOf({ ...report, files: [file] }).filter(
        ({ level }) => level === 'error',
      );
      const tests = report.cells.map(({ id, rejected }) => ({
        className: file.file,
        name: id,
        ...(rejected !== null && { skipped: rejected }),
        failures: errors
          .filter(({ cells }) => cells.includes(id))
          .map((one) => ({
            type: one.cell.state,
            text: `${one.file}:${one.line}:${one.column}: ${findingText(one)}`,
          })),
      }));
      return { name: file.file, tests };
    }),
  );
}
