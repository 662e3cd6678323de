import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tree } from '../testing/tree.ts';

/** Texts of expressions over A, B and C as `print` writes them. */
const { expr: expressions } = fc.letrec<{ expr: string; or: string; and: string; unary: string }>(
  (tie) => ({
    expr: fc.oneof({ maxDepth: 3 }, tie('unary'), tie('and'), tie('or')),
    or: fc.tuple(tie('expr'), tie('expr')).map(([a, b]) => `(${a}) || (${b})`),
    and: fc.tuple(tie('expr'), tie('expr')).map(([a, b]) => `(${a}) && (${b})`),
    unary: fc.oneof(
      fc.constantFrom('A', 'B', 'C', 'A=y', 'B!=m', 'A<B', 'C>=m', '!A', '!(B)', 'C="n"'),
      tie('expr').map((e) => `!(${e})`),
    ),
  }),
);

const SYMBOLS =
  'config MODULES\n\tbool\n\tmodules\n\tdefault y\nconfig A\n\ttristate "a"\nconfig B\n\ttristate "b"\nconfig C\n\ttristate "c"\n';
const withResult = (e: string): string => `${SYMBOLS}config R\n\ttristate\n\tdefault y if ${e}\n`;
const VALUES = ['n', 'm', 'y'] as const;

/** The value of an expression for all 27 values of A, B and C. */
function table(e: string): string {
  const config = tree(withResult(e)).config();
  let out = '';
  for (const a of VALUES)
    for (const b of VALUES)
      for (const c of VALUES) {
        config.set('A', a);
        config.set('B', b);
        config.set('C', c);
        out += config.get('R');
      }
  return out;
}

describe('expressions', () => {
  it('mean the same when printed and parsed again', () => {
    fc.assert(
      fc.property(expressions, (e) => {
        const printed = tree(withResult(e)).symbols.get('R')?.properties[0]
          ?.writtenCondition as string;
        expect(tree(withResult(printed)).symbols.get('R')?.properties[0]?.writtenCondition).toBe(
          printed,
        );
        expect(table(printed)).toBe(table(e));
      }),
      { numRuns: 60 },
    );
  });

  it('keep their meaning when simplified', () => {
    fc.assert(
      fc.property(expressions, (e) => {
        const simplified = tree(withResult(e)).symbols.get('R')?.properties[0]?.condition as string;
        expect(table(simplified)).toBe(table(e));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['A && B', 'B && A'],
    ['A || B', 'B || A'],
    ['!(A && B)', '!A || !B'],
    ['!(A || B)', '!A && !B'],
    ['!!A', 'A'],
    ['A && (B || C)', '(A && B) || (A && C)'],
    ['A && A', 'A'],
    ['A || (A && B)', 'A'],
  ])('%s is %s', (left, right) => {
    expect(table(left)).toBe(table(right));
  });

  it('do not know the excluded middle: A || !A is m for m', () => {
    expect(table('A || !A')).toBe('yyyyyyyyymmmmmmmmmyyyyyyyyy');
  });

  it('are simplified as conf does', () => {
    const condition = (e: string): string =>
      tree(withResult(e)).symbols.get('R')?.properties[0]?.condition ?? '';
    expect(condition('A || B || A')).toBe('B || A');
    expect(condition('A && B && A=y')).toBe('B && A=y');
    expect(condition('A=y || A=m')).toBe('A!=n');
    expect(condition('!(A=y)')).toBe('A!=y');
    expect(condition('!(A && B)')).toBe('!A || !B');
    expect(condition('A && y')).toBe('A');
    expect(condition('(A || B) && C')).toBe('(A || B) && C');
  });
});
