import { type CheckReport, checkedIds, findingsOf, findingText } from './model.ts';

/** A check as JUnit XML: a suite for each file, a test for each configuration. */
export function checkJunit(report: CheckReport): string {
  const ids = checkedIds(report);
  const suites = report.files.map((file) => {
    const errors = findingsOf({ ...report, files: [file] }).filter(
      ({ level }) => level === 'error',
    );
    const cases = report.cells.map(({ id, rejected }) => {
      const head = `    <testcase classname="${escaped(file.file)}" name="${escaped(id)}"`;
      if (rejected !== null) return `${head}><skipped message="${escaped(rejected)}"/></testcase>`;
      const own = errors.filter(({ cells }) => cells.includes(id));
      if (own.length === 0) return `${head}/>`;
      const lines = own.map((one) => `${one.file}:${one.line}:${one.column}: ${findingText(one)}`);
      const message = own.length === 1 ? lines[0] : `${own.length} uses break`;
      return `${head}><failure message="${escaped(message ?? '')}">${escaped(lines.join('\n'))}</failure></testcase>`;
    });
    const failed = ids.filter((id) => errors.some(({ cells }) => cells.includes(id))).length;
    const counts = `tests="${report.cells.length}" failures="${failed}" errors="0" skipped="${report.cells.length - ids.length}"`;
    return {
      failed,
      text: `  <testsuite name="${escaped(file.file)}" ${counts}>\n${cases.join('\n')}\n  </testsuite>`,
    };
  });
  const tests = report.cells.length * suites.length;
  const failures = suites.reduce((sum, { failed }) => sum + failed, 0);
  const body = suites.map(({ text }) => text).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="kmatrix check" tests="${tests}" failures="${failures}">\n${body}\n</testsuites>\n`;
}

/** Text of XML 1.0: signs of its own escaped, what it cannot hold left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '')
    .replace(/[&<>"\n]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
