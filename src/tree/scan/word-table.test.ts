import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WordTable } from './word-table.ts';

test('words are found where an expression finds them', () => {
  const word = fc.stringMatching(/^[A-Ca_0]{1,4}$/);
  const text = fc.array(fc.oneof(word, fc.constantFrom(' ', '(', '\n', '\xe9', '\0')));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), text, (words, parts) => {
      const distinct = [...new Set(words)];
      const table = new WordTable(distinct);
      const whole = parts.join('');
      const expected = distinct.filter((one) =>
        new RegExp(`(?<![A-Za-z0-9_])${one}(?![A-Za-z0-9_])`).test(whole),
      );
      // Twice: nothing of a call is left for the next one.
      for (let n = 0; n < 2; n++) {
        const found = table.in(Buffer.from(whole, 'latin1')).map((id) => distinct[id]);
        expect(found.sort()).toEqual([...expected].sort());
      }
    }),
  );
});
