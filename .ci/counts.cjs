// Prints "N passed, N failed" of one or two JSON reports of vitest; a file in the second stands for itself in the first.
const { readFileSync } = require('node:fs');

const files = new Map();
for (const name of process.argv.slice(2)) {
  const text = readFileSync(name, 'utf8');
  if (text === '') continue;
  for (const file of JSON.parse(text).testResults) files.set(file.name, file.assertionResults);
}
const count = (wanted) =>
  [...files.values()].flat().filter(({ status }) => status === wanted).length;
console.log(`${count('passed')} passed, ${count('failed')} failed`);
