import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadWorkload } from './index.ts';

test('the README lists every workload for many CPUs by what it says of itself', () => {
  const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
  const names = readdirSync(new URL('./scale', import.meta.url)).filter((f) => f.endsWith('.yaml'));
  expect(names.length).toBeGreaterThan(20);
  for (const file of names) {
    const name = file.replace('.yaml', '');
    expect(readme).toContain(`| \`${name}\` | ${loadWorkload(name).description} |`);
  }
});
