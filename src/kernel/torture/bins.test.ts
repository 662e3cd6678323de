import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binsOf, fromZero } from './bins.ts';

describe('bins', () => {
  const entries = fc.array(fc.tuple(fc.nat(1e6), fc.integer({ min: 1, max: 1e6 })));
  const perOctave = fc.constantFrom(1, 2, 4, 8);

  it('hold every count once, in the bin it lies in, and follow each other', () => {
    fc.assert(
      fc.property(entries, perOctave, (all, per) => {
        const bins = binsOf(all, per);
        for (const [i, { from, to, count }] of bins.entries()) {
          if (i > 0) expect(from).toBe(bins[i - 1]!.to + 1);
          // Exact where numbers are small, and never wider than its share of what it holds.
          expect(to - from + 1).toBeLessThanOrEqual(Math.max(1, from / per));
          const inside = all.filter(([value]) => from <= value && value <= to);
          expect(count).toBe(inside.reduce((sum, [, n]) => sum + n, 0));
        }
        const total = all.reduce((sum, [, n]) => sum + n, 0);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(total);
        const first = fromZero(bins, per)[0];
        expect(first?.from ?? 0).toBe(0);
      }),
    );
  });

  it('have the same bounds whatever they hold, so that they can be added', () => {
    fc.assert(
      fc.property(entries, entries, perOctave, (a, b, per) => {
        const sums = new Map<number, number>();
        for (const { from, count } of [...binsOf(a, per), ...binsOf(b, per)])
          sums.set(from, (sums.get(from) ?? 0) + count);
        for (const { from, count } of binsOf([...a, ...b], per))
          expect(sums.get(from) ?? 0).toBe(count);
      }),
    );
  });
});
