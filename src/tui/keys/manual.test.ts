import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { MODULES } from '../screens/registry.ts';
import { makeKeyTable } from './key-table.ts';
import { manualRows, manualTable } from './manual.ts';

const README = fileURLToPath(new URL('../../../README.md', import.meta.url));
const BEGIN = '<!-- keys: made from the key table -->';
const END = '<!-- end of keys -->';

/** `KMATRIX_UPDATE=keys npx vitest run src/tui/keys/manual.test.ts` writes the README's table anew. */
it('the README has the key table of the program', () => {
  const table = `${BEGIN}\n${manualTable(manualRows(makeKeyTable(MODULES)))}\n${END}`;
  const text = readFileSync(README, 'utf8');
  const at = text.indexOf(BEGIN);
  const end = text.indexOf(END) + END.length;
  expect(at).toBeGreaterThan(0);
  if (process.env.KMATRIX_UPDATE === 'keys') {
    writeFileSync(README, text.slice(0, at) + table + text.slice(end));
    return;
  }
  expect(text.slice(at, end)).toBe(table);
});
