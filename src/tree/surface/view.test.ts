import { expect, it } from 'vitest';
import { viewOf } from './view.ts';

const on =
  (...names: string[]) =>
  (name: string): string =>
    names.includes(name) ? 'y' : 'n';

const linesOf = (text: string, ...names: string[]): string[] =>
  viewOf(text, on(...names))
    .text.split('\n')
    .filter((line) => line.trim() !== '');

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
