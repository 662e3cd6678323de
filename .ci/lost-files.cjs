// Prints the test files that a run of vitest did not end, if nothing failed in the others. Takes its JSON report.
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { relative } = require('node:path');

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const ended = (file) =>
  file.assertionResults.length > 0 &&
  file.assertionResults.every(({ status }) => status !== 'pending' || file.status === 'passed');
const whole = new Set(
  report.testResults
    .filter((file) => file.status === 'passed' && ended(file))
    .map(({ name }) => name),
);
const list = execFileSync('npx', ['vitest', 'list', '--filesOnly', '--json'], { encoding: 'utf8' });
const lost = JSON.parse(list.slice(list.indexOf('['))).filter(({ file }) => !whole.has(file));
if (report.numFailedTests === 0)
  for (const { file } of lost) console.log(relative(process.cwd(), file));
