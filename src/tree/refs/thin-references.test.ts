import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Thinner } from '../source/thin-text.ts';
import { ownReferences } from './own-references.ts';
import type { Reference, Spot } from './reference.ts';
import { thinReferences } from './thin-references.ts';

const thinner = Thinner.open() as Thinner;

function spotsIn(text: string): Spot[] {
  return [...text.matchAll(/CONFIG_(\w+)/g)].map(({ index, 1: symbol }) => ({
    offset: index + 'CONFIG_'.length,
    symbol: symbol as string,
  }));
}

function thinly(text: string): Reference[] | undefined {
  const bytes = Buffer.from(text, 'latin1');
  thinner.room(bytes.length).set(bytes);
  return thinReferences('a.c', bytes.length, spotsIn(text), () => false, thinner);
}

const fully = (text: string): Reference[] => ownReferences('a.c', text, spotsIn(text), () => false);

/** What C files are made of, and what is none. */
const PIECES = [
  ...[
    '\n',
    '\n',
    '\n',
    ' ',
    '\t',
    '\\\n',
    '\r\n',
    '\\\r\n',
    '\\',
    '\f',
    '\v',
    '\xa0',
    ';',
    '(',
    ')',
  ],
  ...['{', '}', '{\n', '}\n', '};\n', '"', "'", '"{"', "'}'", '"a\\"b"', "'\\''", '/', '*', '#'],
  ...['/* { */', '/*', '*/', '/* a\n " b */', '// c }', '// d \\\n', "// don't\n", '/**/', '/*/'],
  ...['#if A\n', '#ifdef CONFIG_A\n', '#if defined(CONFIG_B) && "x"\n', '#else\n', '#elif B\n'],
  ...[
    '#endif\n',
    '# endif\n',
    '#endif /* CONFIG_C */\n',
    '#ifndef X_H\n',
    '#define X_H\n',
    ' #if C\n',
  ],
  ...[
    '#define CONFIG_D 1\n',
    '#define M(a) \\\n\tCONFIG_E\n',
    '#define N 1 // n\n',
    '#undef CONFIG_F\n',
  ],
  ...[
    '#define S "{"\n',
    '#define\n',
    '#defined A\n',
    '#elif\\\n',
    '#include <a.h>\n',
    "#error don't\n",
  ],
  ...['#/**/if A\n', '/* CONFIG_G */', '/* a\n * CONFIG_H\n */', '// CONFIG_I\n', '"CONFIG_J"'],
  ...['int f(void)\n', 'struct s ', 'enum e {\n\tA,\n\tB\n};\n', 'static int x = CONFIG_K;\n'],
  ...['IS_ENABLED(\n CONFIG_L)', '\tif (IS_ENABLED(CONFIG_M))\n', 'CONFIG_N(', 'return 1;\n', 'x'],
  ...['int g(struct s *p)\n{\n}\n', 'int h;\n', 'struct t {\n\tint a;\n} ', 'typeof(x) y;\n'],
  ...[
    'int k[] = f({ 1 });\n',
    'l(a)\n',
    '__init m(void) { }\n',
    'union u n(',
    'int q(a)\n\tint a;\n',
  ],
  ...['SYSCALL_DEFINE1("ab", ', '#define O /* o\n */ int p;\n', '__attribute__((q)) '],
];

/** A comment near a mention that takes in another line, which is not near. */
/** A hash sign that would begin a directive if what is before it in its line were left out. */
const HASH = ['#define S "{"\n', ';', '#ifndef X_H\n', 'x', '#else\n', 'IS_ENABLED(\n CONFIG_L)'];
/** A comment that takes in another line, in a directive on a line that is continued from one with no directive. */
const COMMENTED = ['"CONFIG_J"', '\\\n', '#define O /* o\n */ int p;\n'];
const CONTINUED = ['int f(void)\n{\n', '// d \\\n', '"CONFIG_J"\\\n', 'enum e {\n\tA,\n};\n'];

test('of a thin text is told what is told of all of it', () => {
  let thin = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }), (pieces) => {
      const text = pieces.join('');
      const found = thinly(text);
      if (!found) return;
      thin++;
      expect(found).toEqual(fully(text));
    }),
    {
      numRuns: 4000,
      examples: [
        [['{\n', '\t', '#if A\n', '// CONFIG_I\n', '}']],
        [CONTINUED],
        [COMMENTED],
        [HASH],
      ],
    },
  );
  expect(thin).toBeGreaterThan(200);
});

test('a large header is told of by a small part of it', () => {
  const defines = Array.from({ length: 5000 }, (_, i) => `//R${i}\n#define R${i} ${i} /* { */\n`);
  const members = Array.from({ length: 5000 }, (_, i) => `\tM${i} = ${i},\n`).join('');
  const text = `#ifndef H\n#define H\n${defines.join('')}enum e {\n${members}\tCONFIG_A\n};\n#endif\n`;
  const bytes = Buffer.from(text);
  thinner.room(bytes.length).set(bytes);
  const [{ offset }] = spotsIn(text) as [Spot];
  const { text: left, places, lines } = thinner.thin(bytes.length, [offset])!;
  expect(left.length).toBeLessThan(300);
  expect(left.slice(places[0])).toMatch(/^A\n/);
  expect(lines).toEqual([15004]);
  expect(thinly(text)).toEqual(fully(text));
  expect(fully(text)).toMatchObject([{ line: 15004, in: 'enum e', reached: true }]);
});

test('a line with thousands of mentions is gone through once', () => {
  const text = `int a = ${'1 + '.repeat(1 << 20)}${'CONFIG_A + '.repeat(8000)}1;\n`;
  const bytes = Buffer.from(text);
  thinner.room(bytes.length).set(bytes);
  const began = performance.now();
  const thin = thinner.thin(
    bytes.length,
    spotsIn(text).map(({ offset }) => offset),
  );
  expect(performance.now() - began).toBeLessThan(1000);
  expect(thin?.places).toHaveLength(8000);
  expect(new Set(thin?.lines)).toEqual(new Set([1]));
});

test('more than there is room for is left alone', () => {
  const text = '1;\n'.repeat(10) + 'CONFIG_A\n'.repeat(10_000);
  expect(thinly(text)).toBeUndefined();
  const offsets = spotsIn('CONFIG_A').map(({ offset }) => offset);
  const limited = Thinner.open() as Thinner;
  const room = limited.room(2 ** 32);
  expect(room).toHaveLength(2 ** 32);
  expect(limited.thin(8, offsets)).toBeUndefined();
  limited.room(8).write('CONFIG_A');
  expect(limited.thin(8, offsets)).toBeDefined();
});

test('what is not sure is left alone', () => {
  expect(thinly('int a = CONFIG_A;\n')).toHaveLength(1);
  for (const text of [
    "x ' CONFIG_A\n",
    '{ CONFIG_A\n',
    '/* a */ #if B\nCONFIG_A\n',
    '/* CONFIG_A',
  ]) {
    expect(thinly(text)).toBeUndefined();
  }
});
