/** Running one torture cell: its pieces, put together. */
import { Histogram, PS_PER_NS } from '../timed/index.ts';
import { type Bin, binsOf } from './bins.ts';
import { shardsOf, type TortureCell } from './cell.ts';
import { runShard, type ShardResult, type TortureOutcome, type Writing } from './run-shard.ts';
import { Tally, upperBound } from './tail.ts';

/** How a cell ended. Times are in simulated nanoseconds. */
export interface TortureResult {
  readonly cell: TortureCell;
  readonly outcome: TortureOutcome;
  /** What the kernel found wrong; empty when it completed. */
  readonly detail: string;
  /** Lookups made. */
  readonly lookups: number;
  /** Tries of one lookup beyond the first. */
  readonly retries: Quantiles;
  /** Both distributions as they are; results of earlier versions lack them. Lookups that did not end are in neither. */
  readonly histograms?: {
    /** Exact below 16, then eight bins between a number and its double. */
    readonly retries: readonly Bin[];
    /** Four bins between a number and its double. */
    readonly time_ns: readonly Bin[];
  };
  /** The oldest lookup that was under way when the cell was stopped. */
  readonly unfinished: { readonly retries: number; readonly age_ns: number } | null;
  /**
   * Upper bound, with 95% confidence, of the chance that a lookup retries more often than the most seen: what lies beyond the greatest of n
   * draws is below 1 - 0.05^(1/n) as often (a tolerance bound by order statistics). For lookups that do not depend on each other.
   */
  readonly beyond_max: number;
  /**
   * The same for pieces of a cell, each a machine of its own: the chance that another as long as these holds a lookup that retries more. Lookups
   * of a piece may depend on each other as they like. Absent with one piece, or where one was cut off.
   */
  readonly pieces?: {
    readonly count: number;
    /** Lookups in each, or one more. */
    readonly lookups: number;
    readonly beyond_max: number;
  };
  /** Share of lookups that took mmap_lock, with its upper bound. */
  readonly slow: { readonly share: number; readonly bound: number };
  /** Time from the call of a lookup to its return. The longest is how long the victim starved. */
  readonly time_ns: Quantiles;
  /** Share of lookups that a hostile scheduler gave up holding back. */
  readonly exhausted: number;
  /**
   * Rounds of all writers per simulated second, beside the victim and beside one that sleeps for 2 ms, and what the victim costs them:
   * less than nothing where that is lost in the randomness of both.
   */
  readonly writers: {
    readonly ops_per_second: number;
    readonly alone: number;
    readonly loss: number;
    /** The least and the greatest loss of any piece beside any of five runs alone; results of earlier versions lack it. */
    readonly loss_range?: { readonly from: number; readonly to: number };
  };
}

/** Of a distribution: median, upper tails and maximum, in the unit of what is counted. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Runs a cell. The same cell gives the same result, byte for byte. */
export function runCell(cell: TortureCell, signal?: AbortSignal): TortureResult {
  const shards: ShardResult[] = [];
  for (const shard of shardsOf(cell)) {
    const result = runShard(cell, shard, signal);
    shards.push(result);
    if (endsCell(result)) break;
  }
  return mergeShards(cell, shards);
}

/** Whether the pieces behind this one are not wanted: the kernel does not survive the lookup, or cannot have it. */
export function endsCell({ outcome }: ShardResult): boolean {
  return outcome === 'oops' || outcome === 'hung' || outcome === 'impossible';
}

/** Of the pieces of a cell, in order, those that count: none behind one that ends it, also where it is there already. */
export function countedPieces<T extends ShardResult | undefined>(
  pieces: readonly T[],
): readonly T[] {
  const end = pieces.findIndex((piece) => piece !== undefined && endsCell(piece));
  return end < 0 ? pieces : pieces.slice(0, end + 1);
}

/** @param shards  all pieces in order, or those up to the first that ends the cell */
export function mergeShards(cell: TortureCell, shards: readonly ShardResult[]): TortureResult {
  const retries = new Tally();
  const times = new Histogram();
  for (const shard of shards) {
    retries.add(shard.retries, shard.most);
    times.add(shard.times);
  }
  const total = (of: (s: ShardResult) => number) => shards.reduce((sum, s) => sum + of(s), 0);
  const told = shards.find(endsCell) ?? shards.find((s) => s.outcome === 'stopped') ?? shards[0];
  const n = retries.total;
  const slow = total((s) => s.slow);
  const time = (q: number) => times.quantile(q) / PS_PER_NS;
  const rate = ({ rounds, seconds }: Writing) => (seconds > 0 ? rounds / seconds : 0);
  const calm = shards[0]?.alone.map(rate) ?? [];
  const [alone = 0] = calm;
  const beside = rate({ rounds: total((s) => s.rounds), seconds: total((s) => s.seconds) });
  return {
    cell,
    outcome: told?.outcome ?? 'completed',
    detail: told?.detail ?? '',
    lookups: n,
    retries: {
      p50: retries.quantile(0.5),
      p99: retries.quantile(0.99),
      p999: retries.quantile(0.999),
      max: retries.max,
    },
    histograms: { retries: binsOf(retries.entries(), 8), time_ns: timeBins(shards, 4) },
    unfinished: oldest(shards),
    beyond_max: upperBound(0, n),
    ...(shards.length > 1 &&
      shards.every((s) => s.outcome === 'completed') && {
        pieces: {
          count: shards.length,
          lookups: Math.floor(n / shards.length),
          beyond_max: upperBound(0, shards.length),
        },
      }),
    slow: { share: n === 0 ? 0 : slow / n, bound: upperBound(slow, n) },
    time_ns: { p50: time(0.5), p99: time(0.99), p999: time(0.999), max: time(1) },
    exhausted: n === 0 ? 0 : total((s) => s.exhausted) / n,
    writers: {
      ...{ ops_per_second: beside, alone, loss: alone === 0 ? 0 : 1 - beside / alone },
      ...lossRange(shards.map(rate), calm),
    },
  };
}

function lossRange(
  beside: readonly number[],
  alone: readonly number[],
): Pick<TortureResult['writers'], 'loss_range'> {
  const losses = alone.filter((a) => a > 0).flatMap((a) => beside.map((b) => 1 - b / a));
  if (losses.length === 0) return {};
  return { loss_range: { from: Math.min(...losses), to: Math.max(...losses) } };
}

/** Times of lookups in nanoseconds. */
export function timeBins(shards: readonly ShardResult[], perOctave: number): Bin[] {
  const times = shards.flatMap((shard) => Histogram.values(shard.times));
  return binsOf(
    times.map(([ps, count]) => [Math.round(ps / PS_PER_NS), count]),
    perOctave,
  );
}

function oldest(shards: readonly ShardResult[]): TortureResult['unfinished'] {
  return shards.reduce<TortureResult['unfinished']>(
    (old, { unfinished }) =>
      unfinished !== null && (old === null || unfinished.age_ns > old.age_ns) ? unfinished : old,
    null,
  );
}
