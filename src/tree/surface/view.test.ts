import { expect, it } from 'vitest';
import { NO_MACROS } from './condition-number.ts';
import { viewOf } from './view.ts';

const on =
  (...names: string[]) =>
  (name: string): string =>
    names.includes(name) ? 'y' : 'n';

const linesOf = (text: string, ...names: string[]): string[] =>
  viewOf(text, on(...names))
    .text.split('\n')
    .filter((line) => line.trim() !== '');

it('knows the width of words where no header is followed', () => {
  const text = '#if BITS_PER_LONG == 64\nint wide;\n#else\nint narrow;\n#endif\n';
  expect(linesOf(text, '64BIT')).toEqual(['int wide;']);
  expect(linesOf(text)).toEqual(['int narrow;']);
});

it('knows macros that the file itself has defined by a line', () => {
  const text = `#ifndef _H
#define _H
#ifdef CONFIG_ONE
#define HAVE_IT
#endif
#ifdef HAVE_IT
int has;
#else
int has_not;
#endif
#undef HAVE_IT
#if defined(HAVE_IT)
int still;
#endif
#ifndef MADE
#define MADE 1
int made;
#endif
#endif
`;
  const rest = ['#undef HAVE_IT', '#define MADE 1', 'int made;'];
  expect(linesOf(text, 'ONE')).toEqual(['#define _H', '#define HAVE_IT', 'int has;', ...rest]);
  expect(linesOf(text)).toEqual(['#define _H', 'int has_not;', ...rest]);
});

it('answers names and macros by the conventions of a project, and leaves lines where they are', () => {
  const conventions = {
    macros: ['CONFIG_IS_ENABLED', 'CONFIG_VAL'],
    phases: ['SPL_'],
    affixes: [
      { before: 'IF_NOT_', after: '', called: true, always: true },
      { before: 'ENABLE_', after: '', called: false, always: true },
      { before: 'IF_', after: '', called: true, always: true },
    ],
    bare: false,
    prefixes: [],
    embedded: {},
  };
  const defined = ['A', 'B', 'SIZE'];
  const defines = Object.assign((name: string) => defined.includes(name), { conventions });
  const values = (name: string): string => (name === 'A' ? 'y' : name === 'SIZE' ? '64' : 'n');
  const macros = { ...NO_MACROS, defines };
  const shown = (text: string): string => viewOf(text, values, macros).text;
  expect(shown('x ENABLE_A + ENABLE_B + ENABLE_C;')).toBe('x 1 + 0 + ENABLE_C;');
  expect(shown('IF_A(a(1, ")"), IF_B(b) c) IF_NOT_A(d\n\n) e')).toBe('a(1, ")"),  c \n\n e');
  expect(shown('IF_NOT_B(IF_A(x)) IF_A')).toBe('x IF_A');
  expect(shown('CONFIG_IS_ENABLED( A ) CONFIG_IS_ENABLED(B) CONFIG_VAL(SIZE)')).toBe('1 0 64');
  expect(shown('CONFIG_IS_ENABLED(A, (a), (b)) CONFIG_IS_ENABLED(C)')).toBe(
    'CONFIG_IS_ENABLED(A, (a), (b)) CONFIG_IS_ENABLED(C)',
  );
  expect(shown('IF_A(1')).toBe('1');
  expect(shown(') IF_B(1')).toBe(') 1');
});

it('knows what numbers such macros stand for', () => {
  const text = `#ifdef CONFIG_ONE
#define LEVEL 3 /* of four */
#define USE CONFIG_ONE
#else
# define LEVEL 2
# define USE 0
#endif
#if LEVEL > 2
int high;
#elif USE
int wrong;
#endif
#if USE
int used;
#endif
`;
  const high = ['#define LEVEL 3', '#define USE 1', 'int high;', 'int used;'];
  expect(linesOf(text, 'ONE').map((line) => line.trim())).toEqual(high);
  expect(linesOf(text)).toEqual(['# define LEVEL 2', '# define USE 0']);
});

it('leaves no part of a directive that goes on in the next line', () => {
  const text = `int before;
#if defined(CONFIG_ONE) || \\
	defined(CONFIG_TWO)
int one;
#elif \\
	defined(CONFIG_THREE)
int three;
#endif
`;
  expect(linesOf(text, 'TWO')).toEqual(['int before;', 'int one;']);
  expect(linesOf(text, 'THREE')).toEqual(['int before;', 'int three;']);
});

it('goes on behind what is nested too deeply', () => {
  const deep = `${'#ifdef A\n'.repeat(200)}int in;\n${'#endif\n'.repeat(200)}int out;\n`;
  expect(linesOf(`#define A\n${deep}`)).toEqual(['#define A', 'int in;', 'int out;']);
  expect(linesOf(deep)).toEqual(['int out;']);
});
