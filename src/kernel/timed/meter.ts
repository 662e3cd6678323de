import { Histogram } from './histogram.ts';

/**
 * What is measured while programs run: how often and how long counted operations are, and how many there are
 * while every counted thread is still at work.
 *
 * Throughput is taken over that window, from the start of the first counted thread to the end of the first: after
 * it, the machine is less loaded than it was meant to be. (Benchmarks that run for a fixed time do the same.)
 */
export class Meter {
  /** Latencies in picoseconds. */
  latencies = new Histogram();
  /** Operations of each thread, background threads included. */
  readonly ops: Float64Array;
  readonly #counted: Uint8Array;
  /** Threads made at run time: operations of theirs count, but the window hangs on those that were there. */
  readonly #made: Uint8Array;
  /** When each thread's operation began; picoseconds. */
  readonly #began: Float64Array;
  /** Sum of the latencies, and the longest: picoseconds, exact up to 2^53. */
  readonly #sum = new Float64Array(2);
  #total = 0;
  #windowBegin = Number.POSITIVE_INFINITY;
  #windowEnd = Number.POSITIVE_INFINITY;
  #windowOps = 0;

  constructor(threads: number) {
    this.ops = new Float64Array(threads);
    this.#counted = new Uint8Array(threads);
    this.#made = new Uint8Array(threads);
    this.#began = new Float64Array(threads);
  }

  /** Forgets everything: a new run begins. */
  begin(): void {
    this.latencies = new Histogram();
    this.ops.fill(0);
    this.#counted.fill(0);
    this.#sum.fill(0);
    this.#total = 0;
    this.#windowBegin = Number.POSITIVE_INFINITY;
    this.#windowEnd = Number.POSITIVE_INFINITY;
    this.#windowOps = 0;
  }

  /** A thread will start at `at`. */
  expect(tid: number, counted: boolean, at: number): void {
    this.#counted[tid] = counted ? 1 : 0;
    this.#made[tid] = 0;
    if (counted) this.#windowBegin = Math.min(this.#windowBegin, at);
  }

  /** A thread comes to life in the middle of the run: its operations count if those of `parent` do. */
  inherit(tid: number, parent: number): void {
    this.#counted[tid] = this.#counted[parent] as number;
    this.#made[tid] = 1;
  }

  opBegin(tid: number, clock: Float64Array, now: number): void {
    this.#began[tid] = clock[now] as number;
  }

  opEnd(tid: number, clock: Float64Array, now: number): void {
    this.ops[tid] = (this.ops[tid] as number) + 1;
    if (this.#counted[tid] === 0) return;
    this.#total++;
    this.latencies.recordDifference(clock, now, this.#began, tid);
    const sum = this.#sum;
    const taken = (clock[now] as number) - (this.#began[tid] as number);
    sum[0] = (sum[0] as number) + taken;
    if (taken > (sum[1] as number)) sum[1] = taken;
  }

  /** A thread has ended, at a time that lies in `times[at]`. */
  end(tid: number, times: Float64Array, at: number): void {
    if (this.#counted[tid] === 0 || this.#made[tid] === 1) return;
    if (this.#windowEnd !== Number.POSITIVE_INFINITY) return;
    this.#windowEnd = times[at] as number;
    this.#windowOps = this.#total;
  }

  /** Counted operations of the whole run. */
  get total(): number {
    return this.#total;
  }

  /** Mean latency of counted operations in picoseconds, 0 if there were none. */
  get meanLatency(): number {
    return this.#total === 0 ? 0 : (this.#sum[0] as number) / this.#total;
  }

  /** Longest latency of a counted operation in picoseconds. */
  get maxLatency(): number {
    return this.#sum[1] as number;
  }

  /** Operations per simulated second while every counted thread was at work; 0 if there were none. */
  get opsPerSecond(): number {
    const window = this.#windowEnd - this.#windowBegin;
    return this.#windowOps === 0 || window <= 0 ? 0 : (this.#windowOps / window) * 1e12;
  }
}
