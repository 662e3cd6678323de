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

it('lets a directive go on where a text in it does', () => {
  const text =
    '#define A(x) \\\n\tasm("one { \\\n\ttwo" \\\n\t: x)\nint b; /* c */ int d; /* e */\n';
  expect(
    stripComments(text, true)
      .split('\n')
      .map((line) => line.trim().replace(/\s+/g, ' ')),
  ).toEqual(['#define A(x) \\', 'asm(" \\', '" \\', ': x)', 'int b; int d;', '']);
  expect(declarations(text).list.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'macro A',
    'variable b',
    'variable d',
  ]);
});

it('looks for a directive that is continued on a hundred thousand lines once', () => {
  const text = `#define A \\\n${'/* a \\\n b */ \\\n'.repeat(100_000)}1\nint b;\n`;
  expect(declarations(text).list.map(({ name }) => name)).toEqual(['A', 'b']);
});
