import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, suggest } from './suggest.ts';

const SYMBOLS = ['64BIT', 'SMP', 'MMU', 'PER_VMA_LOCK', 'PER_VMA_LOCK_STATS', 'USERFAULTFD'];

test.each([
  ['PER_VMA_LCOK', 'PER_VMA_LOCK'],
  ['per_vma_lock', 'PER_VMA_LOCK'],
  ['PER_VMA_LOCK_STAT', 'PER_VMA_LOCK_STATS'],
  ['64BITS', '64BIT'],
  ['SPM', 'SMP'],
  ['USERFAULTD', 'USERFAULTFD'],
  ['SHMEM', undefined],
  ['y', undefined],
  ['x'.repeat(5000), undefined],
])('%s → %s', (word, expected) => {
  expect(suggest(word, SYMBOLS)).toBe(expected);
});

test('the hint is a sentence', () => {
  expect(didYouMean('SPM', SYMBOLS)).toBe('did you mean "SMP"?');
  expect(didYouMean('zzz', SYMBOLS)).toBeUndefined();
});

test('one slip in a long word is always found', () => {
  const word = fc.stringMatching(/^[A-Z_]{6,20}$/);
  fc.assert(
    fc.property(word, fc.nat(19), fc.constantFrom('drop', 'swap', 'change'), (known, at, slip) => {
      const i = at % (known.length - 1);
      const [a, b] = [known[i]!, known[i + 1]!];
      const middle = { drop: b, swap: b + a, change: `#${b}` }[slip];
      const typed = known.slice(0, i) + middle + known.slice(i + 2);
      fc.pre(typed !== known);
      expect(suggest(typed, [known])).toBe(known);
    }),
  );
});
