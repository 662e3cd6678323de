import { findingsOf, findingText } from '../check/model.ts';
import { junitXml, type TestFailure, type TestSuite } from '../ci/junit.ts';
import { apiChanges, breaksNow, type CheckChanges, type FileChange, sideReport } from './model.ts';
import { whyNotCompared } from './words.ts';

/** What changes for source files as JUnit XML: a test of a configuration fails for what breaks there and did not before; what did is its output. */
export function checkChangesJunit(changes: CheckChanges): string {
  return junitXml(
    'kmatrix check',
    changes.files.map((file) => suiteOf(file, changes)),
  );
}

function suiteOf(file: FileChange, changes: CheckChanges): TestSuite {
  const { cells } = changes;
  const apis = apiChanges(file, cells);
  const errors = findingsOf(sideReport({ ...changes, files: [file] }, 'after')).filter(
    ({ level }) => level === 'error',
  );
  const tests = cells.map((cell, i) => {
    const fresh = new Set(
      apis.flatMap(({ kind, name, cells: pairs }) =>
        breaksNow(pairs[i]!) ? [`${kind} ${name}`] : [],
      ),
    );
    const failures: TestFailure[] = [];
    const known: string[] = [];
    for (const one of errors.filter(({ cells: ids }) => ids.includes(cell.id))) {
      const text = `${one.file}:${one.line}:${one.column}: ${findingText(one)}`;
      if (fresh.has(`${one.api.kind} ${one.api.name}`))
        failures.push({ type: one.cell.state, text });
      else known.push(`as before: ${text}`);
    }
    const skipped = whyNotCompared(cell);
    return {
      className: file.file,
      name: cell.id,
      ...(skipped !== undefined && { skipped }),
      failures,
      ...(known.length > 0 && { output: known.join('\n') }),
    };
  });
  return { name: file.file, tests };
}
