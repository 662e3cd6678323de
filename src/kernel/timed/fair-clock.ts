/**
 * Virtual run times of CFS, after kernel/sched/fair.c up to 6.5: of the threads of a CPU the one that has run least comes next, one that is
 * made starts a slice behind, and one that slept gets at most half a latency of what it missed. Weights of nice values are 1.25
 * apart (sched_prio_to_weight).
 */
import { NONE, type RunQueues } from './run-queues.ts';

/** Threads of a CPU among which CFS shares sched_latency_ns; more get sched_min_granularity_ns each (sched_nr_latency). */
const SCHED_NR_LATENCY = 8;
/** sched_latency_ns and sched_wakeup_granularity_ns by sched_min_granularity_ns: 6 ms, 1 ms and 0.75 ms, all scaled alike. */
const LATENCY = 8;
const WAKEUP_GRANULARITY = 4 / 3;
const NICE = 1.25;

export class FairClock {
  readonly #queues: RunQueues;
  readonly #current: Int32Array;
  readonly #vruntime: Float64Array;
  /** Never goes back: what threads are placed by that come to a CPU. */
  readonly #minVruntime: Float64Array;
  /** Since when what a CPU's thread has run is not in its virtual run time yet. */
  readonly #execStart: Float64Array;
  readonly #nice: Int8Array;
  readonly #granularity: number;

  /**
   * @param current  thread each CPU runs, as it changes
   * @param nice  of each thread
   * @param granularity  sched_min_granularity_ns in the unit of times
   */
  constructor(queues: RunQueues, current: Int32Array, nice: Int8Array, granularity: number) {
    this.#nice = nice;
    this.#queues = queues;
    this.#current = current;
    this.#vruntime = new Float64Array(nice.length);
    this.#minVruntime = new Float64Array(current.length);
    this.#execStart = new Float64Array(current.length);
    this.#granularity = granularity;
  }

  /** How long a thread runs among so many (sched_slice). */
  slice(running: number): number {
    const few = running < SCHED_NR_LATENCY;
    return few ? Math.round((this.#granularity * LATENCY) / running) : this.#granularity;
  }

  /** The CPU's thread begins to run at `at`. */
  begin(cpu: number, at: number): void {
    this.#execStart[cpu] = at;
  }

  /** Counts what the CPU's thread has run until `at` (update_curr). */
  update(cpu: number, at: number): void {
    const tid = this.#current[cpu] as number;
    const ran = at - (this.#execStart[cpu] as number);
    if (tid === NONE || ran <= 0) return;
    this.#execStart[cpu] = at;
    const weighed = Math.round(ran * NICE ** (this.#nice[tid] as number));
    const vruntime = (this.#vruntime[tid] as number) + weighed;
    this.#vruntime[tid] = vruntime;
    const next = this.#queues.least(cpu, this.#vruntime);
    const least = next === NONE ? vruntime : Math.min(vruntime, this.#vruntime[next] as number);
    this.#minVruntime[cpu] = Math.max(this.#minVruntime[cpu] as number, least);
  }

  /** A thread just made comes to a CPU: its parent's time, but a slice behind what is there (START_DEBIT). */
  placeNew(tid: number, cpu: number): void {
    const running = this.#queues.length(cpu) + (this.#current[cpu] === NONE ? 1 : 2);
    this.#vruntime[tid] = (this.#minVruntime[cpu] as number) + this.slice(running);
  }

  /** A thread that slept comes back to its CPU (GENTLE_FAIR_SLEEPERS). */
  placeWoken(tid: number, cpu: number): void {
    const earliest = (this.#minVruntime[cpu] as number) - (this.#granularity * LATENCY) / 2;
    this.#vruntime[tid] = Math.max(this.#vruntime[tid] as number, earliest);
  }

  /** A thread keeps what it is ahead or behind when it changes its CPU. */
  migrate(tid: number, from: number, to: number): void {
    const ahead = (this.#vruntime[tid] as number) - (this.#minVruntime[from] as number);
    this.#vruntime[tid] = (this.#minVruntime[to] as number) + ahead;
  }

  /** Whether a woken thread has run so much less than the CPU's that it comes at once (wakeup_preempt_entity). */
  preempts(tid: number, cpu: number): boolean {
    const ahead =
      (this.#vruntime[this.#current[cpu] as number] as number) - (this.#vruntime[tid] as number);
    return ahead > this.#granularity * WAKEUP_GRANULARITY;
  }

  /** The thread to run next of those that wait for a CPU and the one it runs, if that may go on; {@link NONE}: that one. */
  next(cpu: number, goesOn: boolean): number {
    const least = this.#queues.least(cpu, this.#vruntime);
    if (least === NONE || !goesOn) return least;
    const current = this.#vruntime[this.#current[cpu] as number] as number;
    return (this.#vruntime[least] as number) < current ? least : NONE;
  }
}
