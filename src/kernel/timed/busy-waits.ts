import { type CacheLines, COST, NOW } from './cache-lines.ts';
import type { Cpus } from './cpus.ts';
import { NONE } from './run-queues.ts';
import { Spinners } from './spinners.ts';

/**
 * CPUs that busy-wait. One has no event until the word it watches changes, its thread's timer runs out, its slice is over while
 * another thread waits for it and preemption is on, or, where it spins on an owner, one that could be this leaves its CPU.
 */
export class BusyWaits {
  readonly #spinners: Spinners;
  readonly #cpus: Cpus;
  readonly #lines: CacheLines;
  readonly #mem: Int32Array;
  readonly #time: Float64Array;
  readonly #clock: Float64Array;
  /** When each busy-waiting CPU's thread gives up by its timer; infinity if it does not. */
  readonly #end: Float64Array;
  /** 1 for a CPU that busy-waits with preemption off: no other thread gets it. */
  readonly #preemptOff: Uint8Array;
  /** The word each thread has busy-waited on last. */
  readonly #lastWord: Int32Array;

  constructor(threads: number, lines: number, cpus: Cpus, cacheLines: CacheLines, mem: Int32Array) {
    this.#spinners = new Spinners(lines, cpus.current.length);
    this.#cpus = cpus;
    this.#lines = cacheLines;
    this.#mem = mem;
    this.#time = cpus.time;
    this.#clock = cacheLines.clock;
    this.#end = new Float64Array(cpus.current.length);
    this.#preemptOff = new Uint8Array(cpus.current.length);
    this.#lastWord = new Int32Array(threads);
  }

  /** Whether a CPU busy-waits. */
  has(cpu: number): boolean {
    return this.#spinners.word[cpu] !== 0;
  }

  /** Whether a CPU busy-waits on a word of the line. */
  watches(line: number): boolean {
    return this.#spinners.first(line) !== NONE;
  }

  /** The word a thread has busy-waited on last. */
  lastWord(tid: number): number | undefined {
    return this.#lastWord[tid];
  }

  /** The thread of a CPU begins to busy-wait at `time[cpu]`. It gives up at `timers[timer]`; never where that is NONE. */
  begin(
    cpu: number,
    tid: number,
    word: number,
    optimistic: boolean,
    preemptOff: boolean,
    timers: Float64Array,
    timer: number,
  ): void {
    const now = this.#time[cpu] as number;
    this.#lastWord[tid] = word;
    this.#cpus.freeAt[cpu] = now;
    this.#spinners.add(cpu, word, this.#mem[word] as number, optimistic);
    this.#preemptOff[cpu] = preemptOff ? 1 : 0;
    const end = timer === NONE ? Number.POSITIVE_INFINITY : (timers[timer] as number);
    this.#end[cpu] = end > now ? end : now;
    this.#slice(cpu);
  }

  /** A busy-waiting CPU's own event has come. Whether its thread has given way to another; else it looks again. */
  end(cpu: number): boolean {
    const time = this.#time;
    const optimistic = this.#spinners.optimistic[cpu] === 1;
    this.#spinners.remove(cpu);
    const sliceOver = (time[cpu] as number) < (this.#end[cpu] as number);
    if (!sliceOver || optimistic) return false;
    this.#clock[NOW] = time[cpu] as number;
    this.#clock[COST] = 0;
    this.#cpus.yieldTo(cpu);
    this.ownerLeft();
    this.#cpus.events.update(cpu);
    return true;
  }

  /** A word of the line was written: who watched it looks again, who watched another takes its copy of the line back. */
  written(line: number): void {
    const spinners = this.#spinners;
    for (let cpu = spinners.first(line); cpu !== NONE; ) {
      const after = spinners.after(cpu);
      if (this.#mem[spinners.word[cpu] as number] !== spinners.value[cpu]) this.#lookAgain(cpu);
      else this.#lines.takeBack(cpu, line);
      cpu = after;
    }
  }

  /** A thread has left its CPU: who spins on an owner looks at whether it still runs, not only at the lock. */
  ownerLeft(): void {
    const { word, optimistic, count } = this.#spinners;
    if (count === 0) return;
    for (let cpu = 0; cpu < word.length; cpu++) {
      if (word[cpu] !== 0 && optimistic[cpu] === 1) this.#lookAgain(cpu);
    }
  }

  /** A thread was given to `cpu`: if that busy-waits, it now has an end to its slice. */
  queued(cpu: number): void {
    if (!this.has(cpu)) return;
    this.#time[cpu] = (this.#clock[NOW] as number) + (this.#clock[COST] as number);
    this.#slice(cpu);
    this.#cpus.events.update(cpu);
  }

  /** Sets when a busy-waiting CPU stops by itself: at the end of its slice or of the thread's timer, not before what its time is now. */
  #slice(cpu: number): void {
    const end = this.#end[cpu] as number;
    const from = this.#time[cpu] as number;
    const over = this.#cpus.sliceEnd[cpu] as number;
    const slice = over > from ? over : from;
    this.#time[cpu] = this.#preemptOff[cpu] === 1 || end < slice ? end : slice;
  }

  /** The busy-waiting CPU runs its step again, now or when its last access is over. */
  #lookAgain(cpu: number): void {
    this.#spinners.remove(cpu);
    const now = this.#clock[NOW] as number;
    const free = this.#cpus.freeAt[cpu] as number;
    this.#time[cpu] = free > now ? free : now;
    this.#cpus.events.update(cpu);
  }
}
