import { picoseconds } from './profile.ts';
import { Timers } from './timers.ts';

/** Threads that have left their CPU for a time of their own choice. */
export class Pauses {
  readonly #timers: Timers;
  /** When each thread's paced pause was over last, 0 before the first. */
  readonly #pace: Float64Array;
  readonly #latency: number;
  /** What the step that runs has asked for: nanoseconds, 0 if nothing. */
  #asked = 0;
  #paced = false;

  /** @param latency  from the end of a pause until the thread is runnable, in picoseconds */
  constructor(threads: number, latency: number) {
    this.#timers = new Timers(threads);
    this.#pace = new Float64Array(threads);
    this.#latency = latency;
  }

  /** Threads that pause now. */
  get size(): number {
    return this.#timers.size;
  }

  /** Whether a pause was asked for and has not begun. */
  get asked(): boolean {
    return this.#asked !== 0;
  }

  /** The step wants its thread to pause for `ns`, or, `paced`, until `ns` after its last such pause was over. */
  ask(ns: number, paced: boolean): void {
    this.#asked = ns;
    this.#paced = paced;
  }

  /** Begins the pause asked for at `times[at]`. Whether there is one: it may be over already. */
  begin(tid: number, times: Float64Array, at: number): boolean {
    const ps = picoseconds(this.#asked);
    this.#asked = 0;
    const now = times[at] as number;
    let due = now + ps;
    if (this.#paced) {
      const last = this.#pace[tid] as number;
      if (last !== 0) due = last + ps;
      this.#pace[tid] = Math.max(due, now);
      if (due <= now) return false;
    }
    this.#timers.due[tid] = due + this.#latency;
    this.#timers.push(tid);
    return true;
  }

  /** Puts into `times[at]` when the next pause ends; infinity if none does. */
  next(times: Float64Array, at: number): void {
    const timers = this.#timers;
    times[at] =
      timers.size === 0 ? Number.POSITIVE_INFINITY : (timers.due[timers.first()] as number);
  }

  /** Ends the pause that ends first, the moment of which comes into `times[at]`. Gives its thread. */
  end(times: Float64Array, at: number): number {
    const tid = this.#timers.first();
    times[at] = this.#timers.due[tid] as number;
    this.#timers.shift();
    return tid;
  }
}
