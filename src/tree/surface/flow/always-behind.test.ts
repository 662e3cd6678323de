import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alwaysBehind } from './always-behind.ts';
import { END } from './flow-graph.ts';

const graph = (ways: readonly (readonly number[])[]) => ({
  steps: ways.map((next) => ({ code: undefined, kind: 'plain' as const, next: [...next] })),
});

/** Can the end be reached without some step. */
function leads(ways: readonly (readonly number[])[], from: number, without: number): boolean {
  const seen = new Set([from]);
  for (const at of seen) {
    for (const next of ways[at] ?? []) if (next !== without) seen.add(next);
  }
  return seen.has(END);
}

test('steps on every way to the end are those without which there is none', () => {
  const ways = fc
    .integer({ min: 2, max: 9 })
    .chain((size) =>
      fc.array(fc.array(fc.nat({ max: size - 1 }), { maxLength: 3 }), {
        minLength: size,
        maxLength: size,
      }),
    )
    .map((all) => [[], ...all.slice(1)]);
  fc.assert(
    fc.property(ways, (all) => {
      const from = all.length - 1;
      const wanted = all.flatMap((_, step) =>
        step === END || (step !== from && leads(all, from, -1) && !leads(all, from, step))
          ? [step]
          : [],
      );
      expect([...alwaysBehind(graph(all), from)].sort()).toEqual(wanted.sort());
    }),
    { numRuns: 2000 },
  );
});

test('a function of a hundred thousand steps is no matter', () => {
  const size = 100_000;
  const ways = Array.from({ length: size }, (_, at) =>
    at === 0 ? [] : [at - 1, Math.max(0, at - 2)],
  );
  expect([...alwaysBehind(graph(ways), size - 1)]).toEqual([END]);
});
