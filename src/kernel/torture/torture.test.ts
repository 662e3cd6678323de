import { describe, expect, test } from 'vitest';
import { Random } from '../timed/random.ts';
import { shardsOf } from './cell.ts';
import {
  type Bin,
  runCell,
  runCells,
  type ShardResult,
  type ShardStore,
  type TortureCell,
} from './index.ts';
import { mergeShards } from './run-cell.ts';
import { runShard } from './run-shard.ts';
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
    expect(writers.loss_range?.from).toBeLessThan(writers.loss_range?.to ?? 0);
    expect(writers.loss).toBeGreaterThanOrEqual(writers.loss_range?.from ?? 1);
    expect(writers.loss).toBeLessThanOrEqual(writers.loss_range?.to ?? 0);
  });

  test('that goes round retries, and more often the more hostile the scheduler is', () => {
    const fair = runCell(cell({ lookup: 'wait' }));
    const hostile = runCell(cell({ lookup: 'wait', scheduler: 'hostile', lookups: 8 }));
    expect(fair.retries.max).toBeGreaterThanOrEqual(1);
    // Nothing but its patience ends it: each try meets a write-locked VMA.
    expect(hostile.exhausted).toBeGreaterThan(0.5);
    expect(hostile.retries.p50).toBeGreaterThan(fair.retries.max);
    for (const { lookups, retries, time_ns, histograms } of [fair, hostile]) {
      const sum = (bins: readonly Bin[] = []) => bins.reduce((n, { count }) => n + count, 0);
      expect([sum(histograms?.retries), sum(histograms?.time_ns)]).toEqual([lookups, lookups]);
      const [last, longest] = [histograms?.retries.at(-1), histograms?.time_ns.at(-1)];
      expect(last?.from).toBeLessThanOrEqual(retries.max);
      expect(last?.to).toBeGreaterThanOrEqual(retries.max);
      expect(longest?.from).toBeLessThanOrEqual(Math.round(time_ns.max));
      expect(longest?.to).toBeGreaterThanOrEqual(Math.round(time_ns.max));
    }
  });

  test('that takes its reference under mmap_lock needs one try even then', () => {
    const { outcome, retries, slow } = runCell(
      cell({ lookup: 'unlocked', scheduler: 'hostile', lookups: 60 }),
    );
    expect([outcome, retries.max]).toEqual(['completed', 0]);
    expect(slow.share).toBeGreaterThan(0.8);
  });

  // What lets their cells share pieces.
  test.for(['mprotect', 'fixed', 'sleep'] as const)(
    'that is killable does the same where nobody is killed: %s',
    (adversary) => {
      for (const lookup of ['wait', 'unlocked'] as const) {
        const of = (name: TortureCell['lookup']) => {
          const c = cell({ lookup: name, adversary, lookups: 60 });
          return runShard(c, { lookups: c.lookups, steps: c.steps, seed: 5 });
        };
        expect(of(`${lookup}-killable`)).toEqual(of(lookup));
      }
    },
  );

  test('that goes round does not lose to one writer for ever', () => {
    const { outcome, retries } = runCell(cell({ lookup: 'wait', adversary: 'fixed' }));
    expect(outcome).toBe('completed');
    expect(retries.max).toBeGreaterThan(10);
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

describe('cells in worker threads', () => {
  const store = () => {
    const kept = new Map<string, ShardResult>();
    const key = (...parts: unknown[]) => JSON.stringify(parts);
    const shards: ShardStore = {
      get: (c, shard) => kept.get(key(c, shard)),
      put: (c, shard, result) => kept.set(key(c, shard), result),
    };
    return { shards, kept };
  };

  test('give what one thread gives, in the order of the cells', async () => {
    const cells = [cell({ lookups: 200 }), cell({ lookup: 'mmap_lock', lookups: 100 })];
    const { shards, kept } = store();
    const seen: string[] = [];
    const onProgress = (done: number, total: number) => void seen.push(`${done}/${total}`);
    const results = await runCells(cells, { jobs: 2, store: shards, onProgress });
    expect(results).toEqual(cells.map((c) => runCell(c)));
    expect(seen).toEqual(['0/2', '1/2', '2/2']);
    // A second time there is nothing to do.
    expect([kept.size, await runCells(cells, { store: shards })]).toEqual([2, results]);
  });

  test('share pieces where a lookup differs only when somebody is killed', async () => {
    const cells = [
      cell({ lookup: 'wait', lookups: 60 }),
      cell({ lookup: 'wait-killable', lookups: 60 }),
    ];
    const { shards, kept } = store();
    const seen: string[] = [];
    const onProgress = (done: number, total: number) => void seen.push(`${done}/${total}`);
    const results = await runCells(cells, { jobs: 2, store: shards, onProgress });
    expect(seen).toEqual(['0/2', '2/2']);
    expect([results, kept.size]).toEqual([cells.map((c) => runCell(c)), 2]);
  });

  test('go on where they were interrupted', async () => {
    const cells = [cell({ lookups: 100 }), cell({ lookups: 100, adversary: 'fork' })];
    const { shards, kept } = store();
    const stop = new AbortController();
    const onProgress = (done: number) => done === 1 && stop.abort(new Error('enough'));
    const run = runCells(cells, { jobs: 1, store: shards, signal: stop.signal, onProgress });
    await expect(run).rejects.toThrow('enough');
    expect(kept.size).toBe(1);
    expect(await runCells(cells, { store: shards })).toEqual(cells.map((c) => runCell(c)));
  });
});

describe('pieces of a cell', () => {
  const shard = (changes: Partial<ShardResult>): ShardResult => ({
    outcome: 'completed',
    detail: '',
    retries: [],
    most: 0,
    times: [],
    slow: 0,
    exhausted: 0,
    unfinished: null,
    rounds: 0,
    seconds: 0,
    alone: [],
    ...changes,
  });

  test('have all lookups and steps of it, and seeds of their own', () => {
    const pieces = shardsOf(cell({ lookups: 400_003, steps: 500 }));
    expect(pieces.map((p) => p.lookups)).toEqual([80_000, 80_001, 80_000, 80_001, 80_001]);
    expect(pieces.every((p) => p.steps === 100)).toBe(true);
    expect(new Set(pieces.map((p) => p.seed)).size).toBe(5);
    expect(shardsOf(cell({}))).toEqual([{ lookups: 500, steps: 3_000_000, seed: 1 }]);
  });

  test('are put together as if they were one run', () => {
    const parts = [
      shard({
        retries: [[0, 99]],
        slow: 10,
        rounds: 30,
        seconds: 1,
        alone: [
          { rounds: 100, seconds: 1 },
          { rounds: 80, seconds: 1 },
        ],
      }),
      shard({
        retries: [
          [0, 98],
          [7, 1],
        ],
        most: 7,
        rounds: 70,
        seconds: 1,
        outcome: 'stopped',
        unfinished: { retries: 9, age_ns: 5 },
      }),
    ];
    const { outcome, lookups, retries, slow, unfinished, writers } = mergeShards(cell({}), parts);
    expect([outcome, lookups, retries.max, retries.p99]).toEqual(['stopped', 198, 7, 0]);
    expect([slow.share, writers.ops_per_second, writers.loss]).toEqual([10 / 198, 50, 0.5]);
    expect(unfinished).toEqual({ retries: 9, age_ns: 5 });
    // 70 rounds beside against 80 alone, and 30 against 100.
    expect(writers.loss_range).toEqual({ from: 0.125, to: 0.7 });
  });

  test('bound the tail without a word on how lookups of a piece depend on each other', () => {
    const piece = shard({ retries: [[0, 100]] });
    const pieces = Array.from({ length: 20 }, () => piece);
    const { pieces: told } = mergeShards(cell({}), pieces);
    expect(told).toEqual({ count: 20, lookups: 100, beyond_max: upperBound(0, 20) });
    expect(told?.beyond_max).toBeCloseTo(0.139, 3);
    expect(mergeShards(cell({}), [piece]).pieces).toBeUndefined();
    const cut = shard({ retries: [[0, 10]], outcome: 'stopped' });
    expect(mergeShards(cell({}), [piece, cut]).pieces).toBeUndefined();
  });

  test('hold the greatest of all as often as the bound says', () => {
    // Whole numbers with a long tail: the chance of more than the greatest of n is known.
    const beyond = (most: number) => 2 ** -(most + 1);
    const random = new Random(1);
    const n = 50;
    const held = Array.from({ length: 2000 }, () => {
      const greatest = Math.max(
        ...Array.from({ length: n }, () => Math.clz32(random.next30() << 2)),
      );
      return beyond(greatest) <= upperBound(0, n);
    });
    expect(held.filter(Boolean).length / held.length).toBeGreaterThan(0.94);
  });
});
