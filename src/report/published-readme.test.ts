import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { packagePath } from '../input/index.ts';
import { checkSchema, publishedMarkdown, publishedSchema } from './index.ts';

const README = packagePath('README.md');
const BEGIN = '<!-- published: made from reports/published.json by npm run sensitivity -->';
const END = '<!-- end of published -->';

/** `KMATRIX_UPDATE=published npx vitest run src/report/published-readme.test.ts` writes it anew. */
it('the README says of published figures what was found last', () => {
  const published = JSON.parse(readFileSync(packagePath('reports', 'published.json'), 'utf8'));
  expect(checkSchema(publishedSchema, published)).toBeUndefined();
  const text = readFileSync(README, 'utf8');
  const at = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  expect(at).toBeGreaterThan(0);
  expect(end).toBeGreaterThan(at);
  const made = `${BEGIN}\n${publishedMarkdown(published)}${END}`;
  if (process.env.KMATRIX_UPDATE === 'published') {
    writeFileSync(README, text.slice(0, at) + made + text.slice(end + END.length));
    return;
  }
  expect(text.slice(at, end + END.length)).toBe(made);
});
