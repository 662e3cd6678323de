import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { folderOf } from '../testing/folder.test-util.ts';
import { findIncludes } from './find-includes.ts';

const LINE = /^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]*)>|"([^"\n]*)")/gm;

function namesIn(root: string, text: string): readonly string[] {
  writeFileSync(join(root, 'a.h'), text, 'latin1');
  let at = 0;
  const { found } = findIncludes(root, ['a.h', 'missing.h'], () => (at < 2 ? at++ : -1));
  return found.find(([file]) => file === 0)?.[1] ?? [];
}

it('finds what stands behind #include, as an expression does that reads lines', () => {
  const root = folderOf({ 'a.h': '' });
  const part = fc.constantFrom(
    ...[
      '#',
      'include',
      ' ',
      '\t',
      '\n',
      '<',
      '>',
      '"',
      'linux/mm.h',
      'a',
      '//',
      '#include <b.h>\n',
    ],
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 24 }), (parts) => {
      const text = parts.join('');
      const lines = [...text.matchAll(LINE)].map((found) => found[1] ?? found[2] ?? '');
      expect([...namesIn(root, text)]).toEqual([...new Set(lines)]);
    }),
    { numRuns: 2000, seed: 1 },
  );
});
