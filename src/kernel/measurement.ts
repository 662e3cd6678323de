/** What running a workload on an instantiated kernel yields. Keys are stable: they are exported as JSON. */

import type { LocksAt } from './lock-statistics.ts';
import type { Outcome } from './outcome.ts';

/** How often mmap_lock was taken. A downgrade from write to read counts as one more read. */
export interface MmapLockCounts {
  readonly read_acquired: number;
  readonly write_acquired: number;
  /** Trylocks and killable waits that gave up. */
  readonly read_failed: number;
  readonly write_failed: number;
}

/** A point of a distribution: so large a share of all operations took no longer, as median, least and greatest of the runs. */
export interface LatencyPoint {
  /** Between 0 and 1. */
  readonly share: number;
  readonly ns: number;
  readonly min: number;
  readonly max: number;
}

/** Shares of the operations whose latency is kept. */
export const LATENCY_SHARES = [0.25, 0.5, 0.75, 0.9, 0.99, 0.999] as const;

/** One figure over several runs. `spread` is (max - min) / median; 0 for a single run. */
export interface Performance {
  readonly cpus: number;
  /** Workload operations completed per simulated second: median over runs. */
  readonly ops_per_second: number;
  /** Latency of one operation in simulated nanoseconds, median over runs. */
  readonly p50_ns: number;
  readonly p99_ns: number;
  /** Mean of a run and its longest, medians over runs. */
  readonly mean_ns: number;
  readonly max_ns: number;
  /** The distribution, by ascending share; figures of earlier versions lack it. */
  readonly latency?: readonly LatencyPoint[];
  readonly spread: number;
  readonly runs: number;
  /** Extremes of ops_per_second over the runs. */
  readonly min: number;
  readonly max: number;
}

/** Hits of a registered fallback site. */
export interface FallbackHits {
  readonly site: string;
  readonly hits: number;
}

/**
 * A simulated workload. Where it did not complete there is no performance, and the counts are those of the first run up to
 * where it stopped.
 */
export interface Measurement {
  readonly edition: string;
  readonly workload: string;
  /** The cost profile the times come from. */
  readonly profile: string;
  readonly seed: number;
  /** Options the kernel looked at, by name, in name order. */
  readonly config: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
  /** /proc/vmstat deltas over the measured part of the first run at the first CPU count, in name order. */
  readonly counters: Readonly<Record<string, number>>;
  /** Names in `counters` that /proc/vmstat of this kernel does not show; they are counted as a tracer would. */
  readonly not_exported: readonly string[];
  readonly mmap_lock: MmapLockCounts;
  /** Its acquisitions by the way it was taken: read, read_trylock, read_killable, write, write_killable, downgrade. */
  readonly mmap_lock_by: Readonly<Record<string, number>>;
  /** VMA write locks really taken (already-locked ones not counted). */
  readonly vma_write_locks: number;
  readonly fallbacks: readonly FallbackHits[];
  readonly performance: readonly Performance[];
  /** Locks over the measured part of all runs, by CPU count. */
  readonly locks: readonly LocksAt[];
}
