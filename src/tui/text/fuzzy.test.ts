import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzyRank, fuzzyScore } from './fuzzy.ts';

const rank = (items: readonly string[], typed: string): readonly string[] =>
  fuzzyRank(items, typed, (item) => item);

describe('fuzzy matching', () => {
  it('puts whole words first, then runs, then scattered letters', () => {
    expect(rank(['step over mode', 'remodel', 'mode of locks', 'unlock'], 'mode')).toEqual([
      'mode of locks',
      'step over mode',
      'remodel',
    ]);
    expect(rank(['next difference', 'next tab', 'no'], 'nt')).toEqual([
      'next tab',
      'next difference',
    ]);
  });

  it('wants every word, in any order and case', () => {
    expect(rank(['PER_VMA_LOCK stats', 'per vma'], 'stats per')).toEqual(['PER_VMA_LOCK stats']);
  });

  it('keeps the order while nothing is typed, and of equals', () => {
    expect(rank(['b', 'a'], ' ')).toEqual(['b', 'a']);
    expect(rank(['xa', 'xb'], 'x')).toEqual(['xa', 'xb']);
  });

  it('matches what it was made from', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z _]{1,30}$/),
        fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
        (text, kept) => {
          const typed = [...text].filter((c, index) => kept[index] && c !== ' ').join('');
          expect(fuzzyScore(text, typed)).not.toBeNull();
        },
      ),
    );
  });
});
