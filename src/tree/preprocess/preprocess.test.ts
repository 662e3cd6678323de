import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionNumber } from './condition.ts';
import { preprocess } from './preprocessor.ts';
import { itemsOfFile, tokensOf } from './tokens.ts';
import type { Files } from './unit.ts';

function filesOf(texts: Readonly<Record<string, string>>): Files {
  return {
    items: (path) => (path in texts ? itemsOfFile(texts[path] as string) : undefined),
    resolve: (name) => (name in texts ? name : undefined),
  };
}

/** What is left of a file, a blank where white space stood. */
function out(text: string, headers: Readonly<Record<string, string>> = {}): string {
  const { tokens } = preprocess('main.c', filesOf({ 'main.c': text, ...headers }), []);
  return tokens
    .map(({ token }) => (token.space ? ` ${token.text}` : token.text))
    .join('')
    .trim();
}

describe('macros', () => {
  it('are replaced as C11 6.10.3.5 shows', () => {
    expect(
      out(`#define x 3
#define f(a) f(x * (a))
#undef x
#define x 2
#define g f
#define z z[0]
#define h g(~
#define m(a) a(w)
#define w 0,1
#define t(a) a
f(y+1) + f(f(z)) % t(t(g)(0) + t)(1);
g(x+(3,4)-w) | h 5) & m
(f)^m(m);`),
    ).toBe(
      'f(2 * (y+1)) + f(2 * (f(2 * (z[0])))) % f(2 * (0)) + t(1); f(2 * (2+(3,4)-0,1)) | f(2 * (~ 5)) & f(2 * (0,1))^m(0,1);',
    );
    expect(
      out(`#define str(s) # s
#define xstr(s) str(s)
#define INCFILE(n) vers ## n
#define glue(a, b) a ## b
#define xglue(a, b) glue(a, b)
#define HIGHLOW "hello"
#define LOW LOW ", world"
xstr(INCFILE(2).h) glue(HIGH, LOW); xglue(HIGH, LOW)
str(strncmp("abc\\0d", "abc", '\\4') == 0)`),
    ).toBe(
      '"vers2.h" "hello"; "hello" ", world" "strncmp(\\"abc\\\\0d\\", \\"abc\\", \'\\\\4\') == 0"',
    );
    expect(
      out(`#define t(x,y,z) x ## y ## z
int j[] = { t(1,2,3), t(,4,5), t(6,,7), t(8,9,), t(10,,), t(,11,), t(,,12), t(,,) };`),
    ).toBe('int j[] = { 123, 45, 67, 89, 10, 11, 12, };');
  });

  it('takes what is handed on behind a comma and ## as it is written, as gcc does', () => {
    expect(
      out(`#define TRUE (1)
#define D_TRUE 5
#define TEST(X, d, cmp, v) (X cmp d##_##v)
#define CHOSEN(X, _1, _2, _3, IMPL, ...) IMPL
#define CHOOSE(A...) CHOSEN(X, ##A, TEST)(X, ##A)
#define HAND_ON(A...) CHOOSE(D, ##A)
CHOOSE(D, ==, TRUE) HAND_ON(==, TRUE);`),
    ).toBe('(X == 5) (X == 5);');
  });

  it('take what is left', () => {
    const defines = `#define a(f, ...) p(f, ## __VA_ARGS__)
#define b(args...) q(args)
#define c(f, ...) r(f __VA_OPT__(,) __VA_ARGS__)
`;
    expect(out(`${defines}a(1) a(1, 2, 3) b() b(1, (2, 3)) c(1) c(1, 2)`)).toBe(
      'p(1) p(1, 2, 3) q() q(1, (2, 3)) r(1) r(1, 2)',
    );
  });

  it('go over lines, and stay names without parentheses', () => {
    expect(out('#define f(a, b) b a\nf(1,\n\n2) f;\nf')).toBe('2 1 f; f');
    expect(out('#define f(a) <a>\n#define g f\ng\n(1) f')).toBe('<1> f');
  });

  it('give every token the line its macro is written in', () => {
    const text = '#define two 1 \\\n 2\n\ntwo\n3';
    const { tokens } = preprocess('main.c', filesOf({ 'main.c': text }), []);
    expect(tokens.map(({ token, line, macro }) => [token.text, line, macro])).toEqual([
      ['1', 4, 'two'],
      ['2', 4, 'two'],
      ['3', 5, undefined],
    ]);
  });

  it('that grow without end are cut off', () => {
    const doubled = Array.from({ length: 40 }, (_, i) => `#define a${i + 1} a${i} a${i}\n`).join(
      '',
    );
    const { tokens, problems } = preprocess(
      'main.c',
      filesOf({ 'main.c': `#define a0 x\n${doubled}a40` }),
      [],
      { limit: 10_000 },
    );
    expect(tokens.length).toBeLessThan(10_000);
    expect(problems).toMatchObject([{ message: 'more tokens than any kernel has: not read on' }]);
  });
});

it('ends where files include each other, arguments double, or texts do, for ever', () => {
  const includes = '#include "a.h"\n#include "a.h"\n';
  const argument = `#define F(x) ((x)+(x)+(x)+(x))\n${'F('.repeat(28)}1${')'.repeat(28)}\n`;
  const levels = Array.from({ length: 30 }, (_, i) => `#define N${i + 1} S(N${i} N${i})\n`).join(
    '',
  );
  const text = `#define S_(x) #x\n#define S(x) S_(x)\n#define N0 "\\\\"\n${levels}N30\n`;
  for (const hostile of [includes, argument, text]) {
    const files = filesOf({ 'main.c': hostile, 'a.h': includes });
    const { problems } = preprocess('main.c', files, [], { limit: 50_000 });
    expect(problems.map(({ message }) => message)).toContain(
      'more tokens than any kernel has: not read on',
    );
  }
});

it('ends where calls are nested without end', () => {
  const text = `#define f(a) a\n${'f('.repeat(400)}1${')'.repeat(400)}\n`;
  const { problems } = preprocess('main.c', filesOf({ 'main.c': text }), []);
  expect(problems[0]?.message).toBe(
    'macros called in arguments of macros too deeply: not replaced',
  );
});

describe('directives', () => {
  it('choose', () => {
    const text = (value: string): string => `#define V ${value}
#if V > 2 && defined V
a
# if 0
b
# elif V == 3
c
# else
d
# endif
#elif V == 2
e
#else
f
#endif
g`;
    expect([3, 4, 2, 1].map((value) => out(text(String(value))))).toEqual([
      'a c g',
      'a d g',
      'e g',
      'f g',
    ]);
  });

  it('include, once where asked, and say what is not there', () => {
    const headers = {
      'a.h': '#pragma once\na\n#include "b.h"\n',
      'b.h': '#ifndef B\n#define B\n#include <a.h>\nb\n#endif\n',
    };
    expect(out('#include <a.h>\n#include "b.h"\n#define H <a.h>\n#include H\nc', headers)).toBe(
      'a b c',
    );
    const { problems } = preprocess(
      'main.c',
      filesOf({ 'main.c': '\n#include <no.h>\n#else\n#if 1\n#endif\n#error "x\'y"\n' }),
      [],
    );
    expect(problems).toEqual([
      { file: 'main.c', line: 2, message: 'no no.h to include' },
      { file: 'main.c', line: 3, message: '#else without #if' },
      { file: 'main.c', line: 6, message: '#error "x\'y"' },
    ]);
  });

  it('end where files include themselves', () => {
    const { problems } = preprocess('main.c', filesOf({ 'main.c': '#include <main.c>\n' }), []);
    expect(problems).toHaveLength(1);
  });
});

it('computes as C does', () => {
  const value = (text: string): bigint | undefined => conditionNumber(tokensOf(text));
  expect(value("'a' == 97 && 0x10 == 16 && 010 == 8")).toBe(1n);
  expect(value('-1 > 0u')).toBe(1n);
  expect(value('1 ? 2 : 1 / 0')).toBe(2n);
  expect(value('0 && 1 / 0')).toBe(0n);
  expect(value('1 / 0')).toBeUndefined();
  expect(value('unknown + 1')).toBe(1n);
  expect(value('1 +')).toBeUndefined();
  expect(value(`${'('.repeat(1000)}1`)).toBeUndefined();
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer(),
      fc.constantFrom('+', '-', '*', '<', '>=', '|', '^', '&', '=='),
      (a, b, sign) => {
        const [x, y] = [BigInt(a), BigInt(b)];
        const results: Record<string, bigint | boolean> = {
          '+': x + y,
          '-': x - y,
          '*': x * y,
          '<': x < y,
          '>=': x >= y,
          '|': x | y,
          '^': x ^ y,
          '&': x & y,
          '==': x === y,
        };
        expect(value(`(${a}) ${sign} (${b})`)).toBe(BigInt(results[sign] as bigint));
      },
    ),
  );
});

it('cuts every text, and loses nothing but white space and comments', () => {
  const piece = fc.constantFrom(
    'a',
    '#',
    '\n',
    '"',
    "'",
    '/*',
    '*/',
    '//',
    '\\',
    '(',
    '1.e+',
    ' ',
    '##',
    '\\\n',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
      const text = parts.join('');
      for (const { tokens } of itemsOfFile(text)) {
        for (const { text: word, line, column } of tokens) {
          const lines = text.split('\n');
          expect(
            (lines[line - 1] ?? '').slice(column - 1).startsWith(word.split('\n')[0] as string),
          ).toBe(true);
        }
      }
    }),
    { numRuns: 500 },
  );
});
