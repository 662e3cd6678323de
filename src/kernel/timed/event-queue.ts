/** Keys of events reach this far from the base in both directions, so that the difference of two fits a word: half a millisecond. */
const FAR = 2 ** 29;

/** Places in the queue's counters. */
const BASE = 0;
const SCHEDULED = 1;

/**
 * The next event of each of a fixed set of sources (CPUs, and the timers as one), as a tournament: a tree whose leaves are the
 * sources and whose every other node names the earlier of the two below it.
 *
 * Every source has exactly one next event, so nothing is ever inserted, taken out or allocated: an event that changes plays its matches on the
 * way to the root again. With many CPUs the next step of one comes anywhere among those of all others, so who wins a match cannot be guessed:
 * matches are played with arithmetic on whole words, without a branch. Times are doubles, so a word holds how far an event is from
 * a base that moves along.
 *
 * Keys are (time, sequence): times are whole picoseconds, and among equal times the event scheduled first comes first, which
 * makes the order total and a run reproducible.
 */
export class EventQueue {
  /** Time of each source's event in picoseconds; Infinity when it has none. */
  readonly time: Float64Array;
  readonly #sequence: Float64Array;
  /** Time of each source's event from the base on, within {@link FAR}: where two are equal, their times tell. */
  readonly #key: Int32Array;
  /** Who wins at each node: the root is 1, the nodes below `i` are `2 i` and `2 i + 1`, the leaves are the last. */
  readonly #winner: Int32Array;
  readonly #sources: number;
  /** The base, and how many times an event was scheduled: in an array so that they are never boxed. */
  readonly #counters = new Float64Array(2);

  constructor(sources: number) {
    this.time = new Float64Array(sources).fill(Number.POSITIVE_INFINITY);
    this.#sequence = new Float64Array(sources);
    this.#key = Int32Array.from({ length: sources }, (_, source) => FAR + 1 + source);
    this.#winner = Int32Array.from({ length: 2 * sources }, (_, at) => Math.max(0, at - sources));
    this.#sources = sources;
    for (let at = sources - 1; at > 0; at--) {
      this.#winner[at] = this.#winner[2 * at] as number;
    }
  }

  /** The source whose event is next. */
  first(): number {
    return this.#winner[1] as number;
  }

  /** The source whose event would be next if `source` had none; there must be two sources. */
  other(source: number): number {
    const winner = this.#winner;
    let at = this.#sources + source;
    let best = winner[at ^ 1] as number;
    for (at >>= 1; at > 1; at >>= 1) {
      const next = winner[at ^ 1] as number;
      if (this.#isEarlier(next, best)) best = next;
    }
    return best;
  }

  /** To be called after `time[source]` was set: gives the event its place in the order. */
  update(source: number): void {
    const winner = this.#winner;
    const keys = this.#key;
    const scheduled = (this.#counters[SCHEDULED] as number) + 1;
    this.#counters[SCHEDULED] = scheduled;
    this.#sequence[source] = scheduled;
    let who = source;
    let key = this.#place(source);
    for (let at = this.#sources + source; at > 1; ) {
      const rival = winner[at ^ 1] as number;
      const theirs = keys[rival] as number;
      let lead = (key - theirs) | 0;
      if (lead === 0) lead = this.#isEarlier(who, rival) ? -1 : 1;
      // All bits where `who` is earlier, none otherwise.
      const wins = lead >> 31;
      key = theirs ^ ((key ^ theirs) & wins);
      who = rival ^ ((who ^ rival) & wins);
      at >>= 1;
      winner[at] = who;
    }
    if (key > FAR / 2) this.#moveBase(who);
  }

  /** Sets and gives the key of a source. Those that have no event are not compared any closer. */
  #place(source: number): number {
    const ahead = (this.time[source] as number) - (this.#counters[BASE] as number);
    const far = ahead === Number.POSITIVE_INFINITY ? FAR + 1 + source : FAR;
    const key = ahead >= FAR ? far : ahead <= -FAR ? -FAR : ahead | 0;
    this.#key[source] = key;
    return key;
  }

  /** Keys count from the next event on. That changes no order, so all matches end as before. */
  #moveBase(first: number): void {
    const time = this.time[first] as number;
    if (time === Number.POSITIVE_INFINITY) return;
    this.#counters[BASE] = time;
    for (let source = 0; source < this.#sources; source++) this.#place(source);
  }

  #isEarlier(a: number, b: number): boolean {
    const ta = this.time[a] as number;
    const tb = this.time[b] as number;
    if (ta !== tb) return ta < tb;
    return (this.#sequence[a] as number) < (this.#sequence[b] as number);
  }
}
