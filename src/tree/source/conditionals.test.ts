import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { evaluate, type Formula, formulaText, symbolsOf } from '../condition/formula.ts';
import { conditionals, conditionalsOfHead } from './conditionals.ts';
import { stripComments } from './strip.ts';

const at = (text: string): string[] => {
  const { at: formula, lines } = conditionals(text);
  return lines.starts.map((_, i) => `${lines.line(i + 1)}: ${formulaText(formula(i + 1))}`);
};

it('follows nesting, #elif, continued lines and comments', () => {
  expect(
    at(`#ifdef CONFIG_A
a
#if defined(CONFIG_B) && \\
	!defined(CONFIG_C) /* not
  * here */
b
#elif IS_ENABLED(CONFIG_D)
d
#else
e
#endif
/*
#ifdef CONFIG_X
*/
#endif /* CONFIG_A */
f`).filter((line) => /^[a-f]:/.test(line)),
  ).toEqual([
    'a: A',
    'b: A && B && !C',
    'd: A && !(B && !C) && D!=n',
    'e: A && !(B && !C) && D=n',
    'f: always',
  ]);
});

it('leaves header guards out, and only those', () => {
  expect(at('/* c */\n#ifndef _X_H\n#define _X_H\na\n#endif\n')[3]).toBe('a: always');
  expect(at('#if !defined(_X_H)\n#define _X_H 1\na\n#endif\n')[2]).toBe('a: always');
  expect(at('#ifndef _X_H\n#define _X_H\na\n#endif\nb\n')[2]).toBe('a: !defined(_X_H)');
  expect(at('#ifndef CONFIG_X\n#define CONFIG_X\na\n#endif\n')[2]).toBe('a: !X');
  expect(at('#ifndef _X_H\n#define _Y_H\na\n#endif\n')[2]).toBe('a: !defined(_X_H)');
});

it('reports what does not add up', () => {
  expect(conditionals('#endif\n#else\n#if A\n').problems).toEqual([
    { line: 1, message: '#endif without #if' },
    { line: 2, message: '#else without #if' },
    { line: 3, message: 'never ended' },
  ]);
  const deep = conditionals(`${'#if A\n'.repeat(5000)}${'#endif\n'.repeat(5000)}`);
  expect(deep.problems).toEqual([{ line: 129, message: 'nested too deeply' }]);
});

it('of a table made by a program are read in a moment', () => {
  const names = Array.from({ length: 5000 }, (_, i) => `defined(CONFIG_A${i})`);
  const long = conditionals(`#if ${names.join(' || ')}\nx\n#endif\n`);
  expect([symbolsOf(long.at(2)).size, long.problems]).toEqual([names.length, []]);
  const branches = conditionals(`#if B\n${names.map((one) => `#elif ${one}\n`).join('')}#endif\n`);
  expect(branches.problems).toEqual([{ line: 201, message: 'more branches than are told apart' }]);
});

type Node = string | { options: readonly string[]; parts: readonly (readonly Node[])[] };

/** What a preprocessor keeps of a tree of conditionals. */
function kept(nodes: readonly Node[], on: ReadonlySet<string>): string[] {
  return nodes.flatMap((node) => {
    if (typeof node === 'string') return [node];
    const taken = node.options.findIndex((option) => on.has(option));
    return kept(node.parts[taken < 0 ? node.options.length : taken] ?? [], on);
  });
}

function written(nodes: readonly Node[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return `${node}\n`;
      const { options, parts } = node;
      const branches = options.map((option, i) => {
        const word = i > 0 ? `#elif defined(CONFIG_${option})` : `# ifdef CONFIG_${option}`;
        return `${word}\n${written(parts[i] ?? [])}`;
      });
      const last = parts[options.length];
      return `${branches.join('')}${last ? `#else\n${written(last)}` : ''}#endif\n`;
    })
    .join('');
}

test('a line is kept exactly when its condition holds', () => {
  let count = 0;
  const nodes = fc.letrec<{ list: Node[] }>((tie) => ({
    list: fc.array(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constant('line').map((line) => `${line}${count++}`),
        fc.array(fc.constantFrom('A', 'B', 'C'), { minLength: 1, maxLength: 3 }).chain((options) =>
          fc.record({
            options: fc.constant(options),
            parts: fc.array(tie('list'), {
              minLength: options.length,
              maxLength: options.length + 1,
            }),
          }),
        ),
      ),
      { maxLength: 4 },
    ),
  })).list;
  fc.assert(
    fc.property(nodes, fc.subarray(['A', 'B', 'C']), (tree, options) => {
      const on = new Set(options);
      const text = written(tree);
      const { at: formula, lines } = conditionals(text);
      const held = lines.starts
        .map((_, i) => i + 1)
        .filter((line) => lines.line(line).startsWith('line'))
        .filter((line) => evaluate(formula(line), (name) => (on.has(name) ? 'y' : 'n')))
        .map((line) => lines.line(line));
      expect(held).toEqual(kept(tree, on));
    }),
    { numRuns: 200 },
  );
});

test('the beginning of a file has the conditions it has in the whole file', () => {
  const line = fc.constantFrom(
    '#ifndef _A_H',
    '#define _A_H',
    '#ifdef CONFIG_B',
    ' # if __has_include("x.h")',
    '#else',
    '#elif C \\\n && D',
    '#endif',
    '#endif /* _A_H */',
    '/* a comment',
    '*/',
    '/* # */',
    '"text /*"',
    '#define X 1',
    'a',
    '',
  );
  const guarded = fc
    .array(line, { maxLength: 12 })
    .map((lines) => ['#ifndef _A_H', '#define _A_H', ...lines, '#endif', '']);
  fc.assert(
    fc.property(
      fc.oneof(guarded, fc.array(line, { maxLength: 14 })),
      fc.nat(12),
      (lines, count) => {
        const text = lines.join('\n');
        const head = stripComments(
          lines
            .slice(0, count)
            .map((one) => `${one}\n`)
            .join('')
            .slice(0, text.length),
          true,
        );
        const whole = conditionals(text);
        const part = conditionalsOfHead(text, head);
        const first = (formula: (line: number) => Formula, last: number): string[] =>
          Array.from({ length: last }, (_, at) => formulaText(formula(at + 1)));
        // A directive may be continued behind the end.
        const last = part.lines.count - 2;
        expect(first(part.at, last)).toEqual(first(whole.at, last));
      },
    ),
    { numRuns: 400 },
  );
});
