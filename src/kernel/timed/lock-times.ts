import { LOCK_EVENT, type LockEvent, type LockMode } from '../model/machine/index.ts';
import { COST, NOW } from './cache-lines.ts';
import { Histogram } from './histogram.ts';

/** Locks one thread may hold at once and still have their times taken (MAX_LOCK_DEPTH of lockdep). */
const DEPTH = 48;

/** What one class of locks went through in one mode. Times are picoseconds. */
export class LockTally {
  readonly name: string;
  readonly mode: LockMode;
  readonly waits = new Histogram();
  /** Sums and greatest of times, and counts; in an array so that they are never boxed. */
  readonly sums = new Float64Array(11);

  constructor(name: string, mode: LockMode) {
    this.name = name;
    this.mode = mode;
  }
}

/** Places in {@link LockTally.sums}. */
export const LOCK_SUM = {
  acquired: 0,
  contended: 1,
  waited: 2,
  longestWait: 3,
  held: 4,
  longestHold: 5,
  /** Times held, of those whose beginning was seen. */
  holds: 6,
  /** By {@link LOCK_EVENT}: how often, from here on. */
  events: 7,
} as const;

/** Sizes of batches of woken readers: their sum and the greatest. */
export interface Batches {
  readonly sum: number;
  readonly largest: number;
}

/**
 * How long locks are waited for and held, by class, in the manner of /proc/lock_stat. A class is all locks of one name: the same field of
 * any object of a pool. Nothing is allocated after a class is seen for the first time.
 */
export class LockTimes {
  readonly tallies: LockTally[] = [];
  readonly #nameOf: (address: number) => string;
  /** For each word and mode the class's place in {@link tallies}, plus 1; 0 before it is seen. */
  readonly #classOf: Uint16Array;
  readonly #places = new Map<string, number>();
  /** The lock each thread waits for, and since when. */
  readonly #awaited: Int32Array;
  readonly #since: Float64Array;
  /** Locks each thread holds, and since when. */
  readonly #held: Int32Array;
  readonly #heldSince: Float64Array;
  readonly #depth: Int32Array;
  readonly #batches: Float64Array[] = [];

  /** @param nameOf  the name of a word, see `MemoryMap.nameOf` */
  constructor(threads: number, words: number, nameOf: (address: number) => string) {
    this.#nameOf = nameOf;
    this.#classOf = new Uint16Array(2 * words);
    this.#awaited = new Int32Array(threads);
    this.#since = new Float64Array(threads);
    this.#held = new Int32Array(threads * DEPTH);
    this.#heldSince = new Float64Array(threads * DEPTH);
    this.#depth = new Int32Array(threads);
  }

  /** A new run begins: nobody waits or holds. */
  begin(): void {
    this.#awaited.fill(0);
    this.#depth.fill(0);
  }

  contended(tid: number, lock: number, clock: Float64Array): void {
    if (this.#awaited[tid] === lock) return;
    this.#awaited[tid] = lock;
    this.#since[tid] = (clock[NOW] as number) + (clock[COST] as number);
  }

  acquired(tid: number, lock: number, mode: LockMode, clock: Float64Array): void {
    const tally = this.#tallyOf(lock, mode);
    const { sums } = tally;
    const now = (clock[NOW] as number) + (clock[COST] as number);
    sums[LOCK_SUM.acquired] = (sums[LOCK_SUM.acquired] as number) + 1;
    if (this.#awaited[tid] === lock) {
      this.#awaited[tid] = 0;
      const wait = now - (this.#since[tid] as number);
      sums[LOCK_SUM.contended] = (sums[LOCK_SUM.contended] as number) + 1;
      sums[LOCK_SUM.waited] = (sums[LOCK_SUM.waited] as number) + wait;
      if (wait > (sums[LOCK_SUM.longestWait] as number)) sums[LOCK_SUM.longestWait] = wait;
      tally.waits.record(wait);
    }
    const depth = this.#depth[tid] as number;
    if (depth === DEPTH) return;
    this.#held[tid * DEPTH + depth] = lock;
    this.#heldSince[tid * DEPTH + depth] = now;
    this.#depth[tid] = depth + 1;
  }

  /** One that this thread did not take, or gave up waiting for, has no time. */
  released(tid: number, lock: number, mode: LockMode, clock: Float64Array): void {
    if (this.#awaited[tid] === lock) this.#awaited[tid] = 0;
    const held = this.#held;
    const from = tid * DEPTH;
    const last = from + (this.#depth[tid] as number) - 1;
    let at = last;
    while (at >= from && held[at] !== lock) at--;
    if (at < from) return;
    const { sums } = this.#tallyOf(lock, mode);
    const time = (clock[NOW] as number) + (clock[COST] as number) - (this.#heldSince[at] as number);
    sums[LOCK_SUM.holds] = (sums[LOCK_SUM.holds] as number) + 1;
    sums[LOCK_SUM.held] = (sums[LOCK_SUM.held] as number) + time;
    if (time > (sums[LOCK_SUM.longestHold] as number)) sums[LOCK_SUM.longestHold] = time;
    for (; at < last; at++) {
      held[at] = held[at + 1] as number;
      this.#heldSince[at] = this.#heldSince[at + 1] as number;
    }
    this.#depth[tid] = last - from;
  }

  event(lock: number, mode: LockMode, event: LockEvent, amount: number): void {
    const place = this.#placeOf(lock, mode);
    const { sums } = this.tallies[place] as LockTally;
    const at = LOCK_SUM.events + event;
    sums[at] = (sums[at] as number) + 1;
    if (event !== LOCK_EVENT.readers_woken) return;
    const batches = this.#batches[place] as Float64Array;
    batches[0] = (batches[0] as number) + amount;
    if (amount > (batches[1] as number)) batches[1] = amount;
  }

  /** Batches of readers of a tally's class. */
  batchesOf(tally: LockTally): Batches {
    const [sum = 0, largest = 0] = this.#batches[this.tallies.indexOf(tally)] ?? [];
    return { sum, largest };
  }

  #tallyOf(lock: number, mode: LockMode): LockTally {
    return this.tallies[this.#placeOf(lock, mode)] as LockTally;
  }

  #placeOf(lock: number, mode: LockMode): number {
    const seen = this.#classOf[2 * lock + mode] as number;
    return seen > 0 ? seen - 1 : this.#see(lock, mode);
  }

  #see(lock: number, mode: LockMode): number {
    const name = lockClass(this.#nameOf(lock));
    const key = `${name} ${mode}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.tallies.push(new LockTally(name, mode)) - 1;
      this.#batches.push(new Float64Array(2));
      this.#places.set(key, place);
    }
    this.#classOf[2 * lock + mode] = place + 1;
    return place;
  }
}

/** The class of a lock, from the name of its word: `mm#3.mmap_lock.count` is one of `mm.mmap_lock`. */
export function lockClass(word: string): string {
  return word
    .replace(/#\d+/g, '')
    .replace(/\[\d+\]/g, '')
    .replace(/\.count$/, '');
}
