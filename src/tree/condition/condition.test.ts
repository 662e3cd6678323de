import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { conditionNumber } from '../preprocess/condition.ts';
import { tokensOf } from '../preprocess/tokens.ts';
import {
  and,
  evaluate,
  type Formula,
  formulaText,
  keyOf,
  not,
  option,
  or,
  symbolsOf,
} from './formula.ts';
import { parseCondition } from './parse-condition.ts';

const NAMES = ['A', 'B', 'C'];

/** An expression as text, and what it is under values of the options. */
interface Expression {
  readonly text: string;
  readonly value: (values: Readonly<Record<string, string>>) => bigint;
}

const expressions = fc.letrec<{ any: Expression }>((tie) => {
  const truth = (value: boolean): bigint => (value ? 1n : 0n);
  const binary = (sign: string, value: (a: bigint, b: bigint) => bigint) =>
    fc.tuple(tie('any'), tie('any')).map(
      ([a, b]): Expression => ({
        text: `(${a.text}) ${sign} (${b.text})`,
        value: (values) => value(a.value(values), b.value(values)),
      }),
    );
  const call = (name: string, when: (value: string) => boolean) =>
    fc.constantFrom(...NAMES).map(
      (symbol): Expression => ({
        text: `${name}(CONFIG_${symbol})`,
        value: (values) => truth(when(values[symbol]!)),
      }),
    );
  return {
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      call('defined', (value) => value === 'y'),
      call('IS_ENABLED', (value) => value !== 'n'),
      call('IS_MODULE', (value) => value === 'm'),
      fc.constantFrom(...NAMES).map(
        (symbol): Expression => ({
          text: `defined CONFIG_${symbol}_MODULE`,
          value: (values) => truth(values[symbol] === 'm'),
        }),
      ),
      fc.nat(3).map((n): Expression => ({ text: `${n}UL`, value: () => BigInt(n) })),
      tie('any').map(
        (a): Expression => ({
          text: `!(${a.text})`,
          value: (values) => truth(a.value(values) === 0n),
        }),
      ),
      binary('&&', (a, b) => truth(a !== 0n && b !== 0n)),
      binary('||', (a, b) => truth(a !== 0n || b !== 0n)),
      fc.tuple(tie('any'), tie('any'), tie('any')).map(
        ([c, a, b]): Expression => ({
          text: `((${c.text}) ? (${a.text}) : (${b.text}))`,
          value: (values) => (c.value(values) !== 0n ? a.value(values) : b.value(values)),
        }),
      ),
    ),
  };
}).any;

function everyAssignment(names: readonly string[]): Record<string, string>[] {
  return names.reduce<Record<string, string>[]>(
    (all, name) =>
      all.flatMap((one) => ['n', 'm', 'y'].map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
}

test('a parsed condition is true exactly when the expression is', () => {
  fc.assert(
    fc.property(expressions, ({ text, value }) => {
      const formula = parseCondition(text);
      for (const values of everyAssignment(NAMES)) {
        expect(evaluate(formula, (name) => values[name])).toBe(value(values) !== 0n);
      }
    }),
    { numRuns: 300 },
  );
});

const formulas = fc.letrec<{ any: { made: Formula; raw: Formula } }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc
      .tuple(fc.constantFrom(...NAMES), fc.constantFrom('y' as const, 'm' as const, 'on' as const))
      .map(([name, is]) => ({ made: option(name, is), raw: { symbol: name, is } })),
    fc.boolean().map((value) => ({ made: value, raw: value })),
    tie('any').map(({ made, raw }) => ({ made: not(made), raw: { not: raw } })),
    fc.array(tie('any'), { maxLength: 3 }).map((parts) => ({
      made: and(...parts.map((part) => part.made)),
      raw: { and: parts.map((part) => part.raw) },
    })),
    fc.array(tie('any'), { maxLength: 3 }).map((parts) => ({
      made: or(...parts.map((part) => part.made)),
      raw: { or: parts.map((part) => part.raw) },
    })),
  ),
})).any;

test('simplifying changes no value and brings in no option', () => {
  fc.assert(
    fc.property(formulas, ({ made, raw }) => {
      for (const values of everyAssignment(NAMES)) {
        expect(evaluate(made, (name) => values[name])).toBe(evaluate(raw, (name) => values[name]));
      }
      for (const name of symbolsOf(made)) expect(symbolsOf(raw)).toContain(name);
    }),
    { numRuns: 500 },
  );
});

describe('conditions as kernel files have them', () => {
  const text = (condition: string, ...defined: string[]): string =>
    formulaText(parseCondition(condition, (name) => defined.includes(name)));
  it.each([
    ['defined(CONFIG_A) && !defined(CONFIG_B)', 'A && !B'],
    ['IS_ENABLED(CONFIG_A) || IS_BUILTIN(CONFIG_B)', 'A!=n || B'],
    ['!IS_ENABLED(CONFIG_A)', 'A=n'],
    ['IS_REACHABLE(CONFIG_A)', 'A || (A=m && defined(MODULE))'],
    ['defined(CONFIG_A_MODULE)', 'A=m'],
    ['CONFIG_PGTABLE_LEVELS > 3', 'CONFIG_PGTABLE_LEVELS > 3'],
    ['!(CONFIG_HZ % 100)', '!(CONFIG_HZ % 100)'],
    ['defined(CONFIG_A) && BITS_PER_LONG == 64', 'A && BITS_PER_LONG == 64'],
    ['1 + 1 == 2 /* sure */ // yes', 'always'],
    ['0', 'never'],
    ['defined(__KERNEL__) && defined(CONFIG_A)', 'A'],
    ['defined(CONFIG_A) && (defined(CONFIG_A) || defined(CONFIG_B))', 'A'],
    ['defined(CONFIG_A) || (!defined(CONFIG_A) && defined(CONFIG_B))', 'A || B'],
    ['__has_attribute(__x__) && ((', '__has_attribute(__x__) && (('],
    ['GCC_VERSION >= 50000 || defined(__clang__)', 'GCC_VERSION >= 50000 || defined(__clang__)'],
  ])('%s', (condition, shown) => expect(text(condition)).toBe(shown));

  it('knows options whose names end in _MODULE', () => {
    expect(text('defined(CONFIG_TEST_MODULE)', 'TEST_MODULE')).toBe('TEST_MODULE');
  });

  it('takes deep nesting for a text', () => {
    const deep = `${'('.repeat(100_000)}1${')'.repeat(100_000)}`;
    expect(keyOf(parseCondition(deep))).toBe(JSON.stringify(deep));
    expect(keyOf(parseCondition('!'.repeat(100_000)))).toBe(JSON.stringify('!'.repeat(100_000)));
    const chosen = `${'A ? '.repeat(100_000)}1${' : 0'.repeat(100_000)}`;
    expect(keyOf(parseCondition(chosen))).toBe(JSON.stringify(chosen));
    expect(conditionNumber(tokensOf(chosen))).toBeUndefined();
  });
});
