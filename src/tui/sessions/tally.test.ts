import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ShardResult } from '../../kernel/index.ts';
import { binsOf } from './tally.ts';

const piece = (retries: [number, number][], times: [number, number][] = []): ShardResult => ({
  ...{ outcome: 'completed', detail: '', most: 0, slow: 0, exhausted: 0, unfinished: null },
  ...{ rounds: 0, seconds: 0, alone: [], retries, times },
});

describe('bins', () => {
  it('hold every count once, in the bin it lies in, whatever pieces it comes in', () => {
    const entries = fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: 1, max: 1e6 })));
    fc.assert(
      fc.property(entries, fc.nat(), (all, at) => {
        const cut = all.length === 0 ? 0 : at % all.length;
        const bins = binsOf([piece(all.slice(0, cut)), piece(all.slice(cut))], 'retries');
        expect(bins).toEqual(binsOf([piece(all)], 'retries'));
        for (const [i, { from, to, count }] of bins.entries()) {
          if (i > 0) expect(from).toBe(bins[i - 1]!.to + 1);
          const inside = all.filter(([value]) => from <= value && value <= to);
          expect(count).toBe(inside.reduce((sum, [, n]) => sum + n, 0));
        }
        const total = all.reduce((sum, [, n]) => sum + n, 0);
        expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(total);
      }),
    );
  });

  it('of times begin with the first that occurs, in nanoseconds', () => {
    // Buckets of the kernel's histogram: 5 ns and 9 ns in picoseconds.
    expect(
      binsOf(
        [
          piece(
            [],
            [
              [796, 2],
              [908, 1],
            ],
          ),
        ],
        'time',
      ),
    ).toEqual([
      { from: 4, to: 7, count: 2 },
      { from: 8, to: 15, count: 1 },
    ]);
    expect(binsOf([], 'time')).toEqual([]);
  });
});
