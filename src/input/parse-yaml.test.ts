import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { InputError } from './input-error.ts';
import { parseYaml } from './parse-yaml.ts';
import type { YamlNode } from './yaml-node.ts';

/** `line:column: message (hint)` of every diagnostic. */
function errorsOf(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.diagnostics.map((d) => {
      const at = d.span ? `${d.span.line}:${d.span.column}: ` : '';
      return `${at}${d.message}${d.hint ? ` (${d.hint})` : ''}`;
    });
  }
  throw new Error('nothing was thrown');
}

const parse = (text: string): YamlNode => parseYaml(text, 'm.yaml');

describe('structure', () => {
  test('keeps the order of the file and knows every place', () => {
    const root = parse('zeta: 1\nalpha:\n  - y\n  - 64\nbeta: {k: true}\nnone:\n');
    expect(root.kind).toBe('map');
    expect(
      root.entries().map(([k, v]) => `${k} ${v.kind} ${v.span.line}:${v.span.column}`),
    ).toEqual(['zeta scalar 1:7', 'alpha seq 3:3', 'beta map 5:7', 'none null 6:6']);
    expect(root.keys()[1]).toEqual({
      name: 'alpha',
      span: { file: 'm.yaml', line: 2, column: 1, endColumn: 6 },
    });
    expect(root.require('alpha').items()[1]!.path).toBe('alpha[1]');
  });

  test('an empty file is null, and has no keys', () => {
    expect(parse('').kind).toBe('null');
    expect(parse('# only a comment\n').get('x')).toBeUndefined();
    expect(errorsOf(() => parse('').require('name'))).toEqual(['1:1: the file needs a key "name"']);
  });

  test('follows aliases', () => {
    const root = parse('a: &x [1, 2]\nb: *x\n');
    expect(
      root
        .require('b')
        .items()
        .map((n) => n.asInteger()),
    ).toEqual([1, 2]);
  });

  test('reads JSON', () => {
    expect(parse('{"a": [1, "b"], "c": null}').require('a').items()[1]!.asString()).toBe('b');
  });

  test('any plain data survives', () => {
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.string({ minLength: 1 }), tie('tree'), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
      ),
    }));
    fc.assert(
      fc.property(tree, (data) => {
        expect(plain(parse(stringify(data)))).toEqual(data);
      }),
      { numRuns: 300 },
    );
  });
});

function plain(node: YamlNode): unknown {
  if (node.kind === 'map') return Object.fromEntries(node.entries().map(([k, v]) => [k, plain(v)]));
  if (node.kind === 'seq') return node.items().map(plain);
  for (const read of [() => node.asString(), () => node.asNumber(), () => node.asBoolean()]) {
    try {
      return read();
    } catch {}
  }
  return null;
}

describe('errors in the text', () => {
  test.each([
    [
      'a: [1, 2\nb: 3\n',
      ['2:1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
    ],
    ['a: 1\nb: 2\na: 3\n', ['3:1: "a" is given twice (the first one is on line 1)']],
    ['1: a\n"1": b\n', ['2:1: "1" is given twice (the first one is on line 1)']],
    ['? [a]\n: 1\n', ['1:3: a key must be a single word or a quoted text']],
    ['a: *nobody\n', ['1:4: this alias names no anchor above it']],
    ['a: &x [*x]\n', ['1:8: this value contains itself through an alias']],
    ['a: !secret b\n', ['1:4: tags ("!name") are not understood here']],
    ['a: 1\n---\nb: 2\n', ['2:1: there is more than one YAML document in this file']],
    ['\ta: 1\n', ['1:1: Tabs are not allowed as indentation']],
  ])('%j', (text, expected) => {
    expect(errorsOf(() => parse(text)).slice(0, 1)).toEqual(expected);
  });

  test('aliases of aliases do not explode', () => {
    const levels = Array.from(
      { length: 30 },
      (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}*l${i}]`,
    );
    const bomb = `l0: &l0 lol\n${levels.join('\n')}\n`;
    expect(errorsOf(() => parse(bomb))[0]).toMatch(/too many values: more than 1000000$/);
  });

  test('deep nesting is an error, not a crash', () => {
    expect(errorsOf(() => parse('['.repeat(200) + ']'.repeat(200)))[0]).toMatch(
      /lists and maps are nested more than 100 deep/,
    );
    expect(errorsOf(() => parse('['.repeat(200_000)))[0]).toMatch(/nested more than 100 deep/);
  });
});

describe('checks of a node', () => {
  const root = parse(
    'n: 42\nf: 2.5\nt: word\nb: true\nq: "7"\nhex: 0x10\nyes: y\nlist: [1]\nmap: {a: 1}\nempty:\n',
  );
  const at = (key: string): YamlNode => root.require(key);

  test('values as they are meant', () => {
    expect(at('n').asInteger({ min: 1, max: 42 })).toBe(42);
    expect(at('f').asNumber()).toBe(2.5);
    expect(at('t').asString()).toBe('word');
    expect(at('b').asBoolean()).toBe(true);
    expect(at('t').asOneOf(['other', 'word'])).toBe('word');
    expect(['n', 'b', 'q', 'hex', 'yes'].map((k) => at(k).asScalarText())).toEqual([
      '42',
      'true',
      '7',
      '0x10',
      'y',
    ]);
  });

  test.each<[string, () => unknown, string]>([
    [
      'number as text',
      () => at('n').asString(),
      '1:4: "n" must be text, not 42 (write "42" in quotes)',
    ],
    [
      'text as number',
      () => at('t').asInteger(),
      '3:4: "t" must be a whole number, not the text "word"',
    ],
    ['fraction', () => at('f').asInteger(), '2:4: "f" must be a whole number, not 2.5'],
    ['below', () => at('n').asInteger({ min: 50 }), '1:4: "n" must be at least 50, not 42'],
    ['above', () => at('n').asInteger({ max: 8 }), '1:4: "n" must be at most 8, not 42'],
    ['outside', () => at('n').asNumber({ min: 0, max: 8 }), '1:4: "n" must be from 0 to 8, not 42'],
    [
      'y is no boolean',
      () => at('yes').asBoolean(),
      '7:6: "yes" must be true or false, not the text "y"',
    ],
    ['list as text', () => at('list').asString(), '8:7: "list" must be text, not a list'],
    ['text as list', () => at('t').items(), '3:4: "t" must be a list, not the text "word"'],
    [
      'map as scalar',
      () => at('map').asScalarText(),
      '9:6: "map" must be a single value, not a map',
    ],
    [
      'list as map',
      () => at('list').keys(),
      '8:7: "list" must be a map of keys and values, not a list',
    ],
    ['empty', () => root.get('empty')!.asString(), '10:7: "empty" must be text, not empty'],
    ['required but empty', () => at('empty'), '10:7: the file needs a key "empty"'],
    [
      'near word',
      () => at('t').asOneOf(['words', 'work']),
      '3:4: "t" must be words or work, not "word" (did you mean "words"?)',
    ],
    [
      'unknown key',
      () => at('map').onlyKeys(['b', 'c']),
      '9:7: unknown key "a" ("map" takes b, c)',
    ],
    [
      'near key',
      () => parse('descripton: x\n').onlyKeys(['name', 'description']),
      '1:1: unknown key "descripton" (did you mean "description"?)',
    ],
    ['own check', () => at('n').fail('x', 'no good', 'try 43'), '1:4: no good (try 43)'],
  ])('%s', (_, action, expected) => {
    expect(errorsOf(action)).toEqual([expected]);
  });
});
