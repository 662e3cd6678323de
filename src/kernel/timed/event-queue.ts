/** Children of a node lie side by side, so that one line of the host's cache has the keys of all. */
const CHILDREN = 4;

/**
 * The next event of each of a fixed set of sources (CPUs, and the timers as one), as a heap of four children a node.
 *
 * Every source has exactly one next event, so nothing is ever inserted, taken out or allocated: an event that changes moves
 * to its new place. Most events are soon, behind few others, and move a level or two however many sources there are. Keys are (time,
 * sequence): times are whole picoseconds, and among equal times the event scheduled first comes first, which
 * makes the order total and a run reproducible.
 */
export class EventQueue {
  /** Time of each source's event in picoseconds; Infinity when it has none. */
  readonly time: Float64Array;
  readonly #sequence: Float64Array;
  /** The heap: times, the sources they belong to, and where each source's is. Behind the last source all is Infinity. */
  readonly #key: Float64Array;
  readonly #who: Int32Array;
  readonly #place: Int32Array;
  #scheduled = 0;

  constructor(sources: number) {
    const room = CHILDREN * sources + CHILDREN + 1;
    this.time = new Float64Array(sources).fill(Number.POSITIVE_INFINITY);
    this.#sequence = new Float64Array(sources);
    this.#key = new Float64Array(room).fill(Number.POSITIVE_INFINITY);
    this.#who = Int32Array.from({ length: room }, (_, i) => (i < sources ? i : 0));
    this.#place = Int32Array.from({ length: sources }, (_, i) => i);
  }

  /** The source whose event is next. */
  first(): number {
    return this.#who[0] as number;
  }

  /** The source whose event would be next if that which is the first had none; there must be two sources. */
  second(): number {
    return this.#who[this.#firstOf(1)] as number;
  }

  /** To be called after `time[source]` was set: gives the event its place in the order. */
  update(source: number): void {
    this.#sequence[source] = ++this.#scheduled;
    const at = this.#place[source] as number;
    if ((this.time[source] as number) < (this.#key[at] as number)) this.#rise(source, at);
    else this.#sink(source, at);
  }

  /** Moves the event up from `from`. It is the latest scheduled, so it passes later events only. */
  #rise(source: number, from: number): void {
    const key = this.#key;
    const time = this.time[source] as number;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 2;
      if (time >= (key[parent] as number)) break;
      this.#moveTo(at, parent);
      at = parent;
    }
    key[at] = time;
    this.#who[at] = source;
    this.#place[source] = at;
  }

  /** Moves the event down from `from`. It is the latest scheduled, so equal ones pass it; those that are never need not. */
  #sink(source: number, from: number): void {
    const key = this.#key;
    const time = this.time[source] as number;
    const places = this.time.length;
    let at = from;
    for (;;) {
      const children = CHILDREN * at + 1;
      if (children >= places) break;
      const child = this.#firstOf(children);
      const soonest = key[child] as number;
      if (soonest > time || soonest === Number.POSITIVE_INFINITY) break;
      this.#moveTo(at, child);
      at = child;
    }
    key[at] = time;
    this.#who[at] = source;
    this.#place[source] = at;
  }

  #moveTo(at: number, from: number): void {
    const source = this.#who[from] as number;
    this.#key[at] = this.#key[from] as number;
    this.#who[at] = source;
    this.#place[source] = at;
  }

  /** Which of four neighbours from `children` on comes first. */
  #firstOf(children: number): number {
    const key = this.#key;
    let first = children;
    let soonest = key[children] as number;
    for (let at = children + 1; at < children + CHILDREN; at++) {
      const time = key[at] as number;
      if (time > soonest) continue;
      if (time === soonest && this.#isEarlier(first, at)) continue;
      first = at;
      soonest = time;
    }
    return first;
  }

  /** Which of two events at the same time was scheduled first. */
  #isEarlier(a: number, b: number): boolean {
    const who = this.#who;
    return (
      (this.#sequence[who[a] as number] as number) <= (this.#sequence[who[b] as number] as number)
    );
  }
}
