import { describe, expect, test } from 'vitest';
import { runCell, runCells, type TortureCell, type TortureResult } from './index.ts';
import { Tally, upperBound } from './tail.ts';

const cell = (changes: Partial<TortureCell>): TortureCell => ({
  edition: 'v7.0',
  lookup: 'classic',
  adversary: 'mprotect',
  writers: 1,
  place: 'beside',
  scheduler: 'fair',
  lookups: 500,
  steps: 3_000_000,
  profile: 'server',
  seed: 1,
  ...changes,
});

describe('what is known of the tail', () => {
  test('of an event never seen: the rule of three', () => {
    expect(upperBound(0, 10_000_000)).toBeCloseTo(3e-7, 8);
    expect(upperBound(0, 0)).toBe(1);
  });
  test('of one seen: more than its share', () => {
    expect(upperBound(50, 1000)).toBeGreaterThan(0.05);
    expect(upperBound(50, 1000)).toBeLessThan(0.065);
  });
  test('quantiles are numbers that occurred', () => {
    const tally = new Tally();
    for (let i = 0; i < 99; i++) tally.record(0);
    tally.record(7);
    expect([tally.quantile(0.5), tally.quantile(0.99), tally.quantile(0.999)]).toEqual([0, 0, 7]);
    expect([tally.max, tally.above(0), tally.above(7)]).toEqual([7, 1, 0]);
  });
});

describe('lookups under a writer', () => {
  test('that falls back never tries twice, and waits for mmap_lock instead', () => {
    const { outcome, lookups, retries, slow, writers } = runCell(cell({}));
    expect([outcome, lookups, retries.max]).toEqual(['completed', 500, 0]);
    expect(slow.share).toBeGreaterThan(0.05);
    expect(slow.bound).toBeGreaterThan(slow.share);
    expect(writers.alone).toBeGreaterThan(writers.ops_per_second);
  });

  test('that goes round retries, and more often the more hostile the scheduler is', () => {
    const fair = runCell(cell({ lookup: 'wait' }));
    const hostile = runCell(cell({ lookup: 'wait', scheduler: 'hostile', lookups: 8 }));
    expect(fair.retries.max).toBeGreaterThanOrEqual(1);
    // Nothing but its patience ends it: each try meets a write-locked VMA.
    expect(hostile.exhausted).toBeGreaterThan(0.5);
    expect(hostile.retries.p50).toBeGreaterThan(fair.retries.max);
  });

  test('that takes its reference under mmap_lock needs one try even then', () => {
    const { outcome, retries, slow } = runCell(
      cell({ lookup: 'unlocked', scheduler: 'hostile', lookups: 60 }),
    );
    expect([outcome, retries.max]).toEqual(['completed', 0]);
    expect(slow.share).toBeGreaterThan(0.8);
  });

  test('as posted crashes the kernel', () => {
    const { outcome, detail } = runCell(cell({ lookup: 'unlocked-as-posted' }));
    expect([outcome, detail.slice(0, 24)]).toEqual(['oops', 'NULL pointer dereference']);
  });

  test('that an edition cannot have is said to be impossible', () => {
    expect(runCell(cell({ edition: 'v6.12', lookup: 'wait' })).outcome).toBe('impossible');
  });

  test('a cell that is stopped says what was under way', () => {
    const stopped = runCell(
      cell({ lookup: 'wait', adversary: 'sleep', writers: 2, steps: 400_000 }),
    );
    expect(stopped.outcome).toBe('stopped');
    expect(stopped.unfinished?.age_ns).toBeGreaterThan(0);
  });
});

test('workers give what one thread gives, in the order of the cells', async () => {
  const cells = [cell({}), cell({ lookup: 'mmap_lock', lookups: 100 })];
  const seen: number[] = [];
  const results: TortureResult[] = await runCells(cells, {
    jobs: 2,
    onResult: (index) => seen.push(index),
  });
  expect(results).toEqual(cells.map((c) => runCell(c)));
  expect(seen.sort()).toEqual([0, 1]);
});
