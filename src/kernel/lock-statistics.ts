/** What a simulation tells of locks. */
import { EXCLUSIVE, LOCK_EVENT } from './model/machine/index.ts';
import { LOCK_SUM, type LockTally, type LockTimes, PS_PER_NS } from './timed/index.ts';

/**
 * What one class of locks went through in one mode over all runs at one CPU count, as /proc/lock_stat would tell. Times are simulated
 * nanoseconds; counts are those of all runs together.
 */
export interface LockStatistics {
  /** The field that is the lock: `mm.mmap_lock`. */
  readonly lock: string;
  readonly mode: 'read' | 'write';
  readonly acquisitions: number;
  /** Those that did not get it at once. */
  readonly contended: number;
  /** Of the contended. */
  readonly wait_ns: { readonly mean: number; readonly p99: number; readonly max: number };
  readonly hold_ns: { readonly mean: number; readonly max: number };
  /** Times a writer got it by spinning while the owner ran. */
  readonly spun: number;
  /** Times a waiter went to sleep. */
  readonly slept: number;
  /** Times the first waiter kept others from stealing it. */
  readonly handoffs: number;
  /** Readers woken together. */
  readonly reader_batches: {
    readonly count: number;
    readonly mean: number;
    readonly max: number;
  };
}

/** Locks at one CPU count, over `runs` runs. */
export interface LocksAt {
  readonly cpus: number;
  readonly runs: number;
  readonly locks: readonly LockStatistics[];
}

/** The statistics of all classes, in the order of their names. */
export function lockStatistics(times: LockTimes): LockStatistics[] {
  return times.tallies
    .map((tally) => statisticsOf(tally, times))
    .sort((a, b) => order(a.lock, b.lock) || order(a.mode, b.mode));
}

function statisticsOf(tally: LockTally, times: LockTimes): LockStatistics {
  const sum = (place: number) => tally.sums[place] as number;
  const event = (name: keyof typeof LOCK_EVENT) => sum(LOCK_SUM.events + LOCK_EVENT[name]);
  const ns = (ps: number) => ps / PS_PER_NS;
  const mean = (total: number, n: number) => (n === 0 ? 0 : total / n);
  const batches = times.batchesOf(tally);
  const contended = sum(LOCK_SUM.contended);
  const longest = ns(sum(LOCK_SUM.longestWait));
  return {
    lock: tally.name,
    mode: tally.mode === EXCLUSIVE ? 'write' : 'read',
    acquisitions: sum(LOCK_SUM.acquired),
    contended,
    wait_ns: {
      mean: ns(mean(sum(LOCK_SUM.waited), contended)),
      // The histogram gives the middle of a bucket, which may lie above all that was seen.
      p99: Math.min(longest, ns(tally.waits.quantile(0.99))),
      max: longest,
    },
    hold_ns: {
      mean: ns(mean(sum(LOCK_SUM.held), sum(LOCK_SUM.holds))),
      max: ns(sum(LOCK_SUM.longestHold)),
    },
    spun: event('spun'),
    slept: event('slept'),
    handoffs: event('handoff'),
    reader_batches: {
      count: event('readers_woken'),
      mean: mean(batches.sum, event('readers_woken')),
      max: batches.largest,
    },
  };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
