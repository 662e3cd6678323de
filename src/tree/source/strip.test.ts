import { expect, it } from 'vitest';
import { declarations } from './declarations.ts';
import { stripComments } from './strip.ts';

it('lets a directive go on where a comment in it does', () => {
  const text = `#define A(x) \\
	do { /* one \\
	      * two \\
	      */ \\
	} while (0)
#define B /* with no
 backslash */ 2
int c; /* of no directive \\
*/ int d;
`;
  const stripped = stripComments(text);
  expect(stripped.split('\n').map((line) => line.length)).toEqual(
    text.split('\n').map((line) => line.length),
  );
  expect(stripped.split('\n').map((line) => line.trim().replace(/\s+/g, ' '))).toEqual([
    '#define A(x) \\',
    'do { \\',
    '\\',
    '\\',
    '} while (0)',
    '#define B \\',
    '2',
    'int c;',
    'int d;',
    '',
  ]);
  const { list, broken } = declarations(text);
  expect(broken).toBeUndefined();
  expect(list.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'macro A',
    'macro B',
    'variable c',
    'variable d',
  ]);
});
