import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { PREFIX, type PrefixFinder, plainFinder, SLACK } from './prefix-finder.ts';

const SIZE = 400;
const plain = plainFinder(Buffer.alloc(SIZE + SLACK));

/** All prefixes between two places of a text, the bytes behind it being what they are. */
function all(finder: PrefixFinder, text: string, from: number, to: number): number[] {
  finder.bytes.fill('CONFIG_');
  finder.bytes.write(text, 'latin1');
  const found: number[] = [];
  for (let at = finder.find(from, to); at >= 0; at = finder.find(at + 1, to)) found.push(at);
  return found;
}

test('what is found is what a search of the text finds', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'CONFIG_',
      'CONFIG',
      'FIG_',
      'CON',
      'C',
      'F.G',
      'CONFIGCONFIG_',
      '\0',
      'ONFIG_',
    ),
    fc.nat(40).map((n) => 'FxG'.repeat(n).slice(0, n)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(SIZE), fc.nat(SIZE), (parts, a, b) => {
      const text = parts.join('').slice(0, SIZE);
      const [from, to] = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)];
      const expected: number[] = [];
      for (let at = text.indexOf(PREFIX, from); at >= 0; at = text.indexOf(PREFIX, at + 1)) {
        if (at + PREFIX.length <= to) expected.push(at);
      }
      expect(all(plain, text, from, to)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

it('finds a prefix at each place of its bytes, the last one included', () => {
  for (let at = 0; at + PREFIX.length <= SIZE; at++) {
    const text = PREFIX.padStart(at + PREFIX.length, '.');
    expect(all(plain, text, 0, text.length)).toEqual([at]);
    expect(all(plain, text, 0, text.length - 1)).toEqual([]);
  }
});
