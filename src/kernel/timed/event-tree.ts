/**
 * The next event of each of a fixed set of sources (CPUs, and the timers as one), as a tournament tree.
 *
 * Every source has exactly one next event, so the queue is an array of keys and a tree of winners over it:
 * changing one key replays log2(sources) matches, nothing is ever inserted or allocated. Keys are (time,
 * sequence): times are whole picoseconds, and among equal times the event scheduled first comes first, which
 * makes the order total and a run reproducible.
 */
export class EventTree {
  /** Time of each source's event in picoseconds; Infinity when it has none. */
  readonly time: Float64Array;
  readonly #sequence: Float64Array;
  /** Winner of each inner node; node 1 is the root, the children of n are 2n and 2n+1. */
  readonly #winner: Int32Array;
  readonly #leaves: number;
  #scheduled = 0;

  constructor(sources: number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(2, sources)));
    this.time = new Float64Array(this.#leaves).fill(Number.POSITIVE_INFINITY);
    this.#sequence = new Float64Array(this.#leaves);
    this.#winner = new Int32Array(2 * this.#leaves);
    for (let i = 0; i < this.#leaves; i++) this.#winner[this.#leaves + i] = i;
    for (let n = this.#leaves - 1; n > 0; n--) this.#winner[n] = this.#winner[2 * n] as number;
  }

  /** The source whose event is next. */
  first(): number {
    return this.#winner[1] as number;
  }

  /** The source whose event would be next if `source`, which is the first, had none. */
  second(source: number): number {
    let best = -1;
    for (let n = this.#leaves + source; n > 1; n >>= 1) {
      const rival = this.#winner[n ^ 1] as number;
      if (best < 0 || this.#before(rival, best)) best = rival;
    }
    return best;
  }

  /** To be called after `time[source]` was set: gives the event its place in the order. */
  update(source: number): void {
    this.#sequence[source] = ++this.#scheduled;
    const winner = this.#winner;
    for (let n = (this.#leaves + source) >> 1; n > 0; n >>= 1) {
      const a = winner[2 * n] as number;
      const b = winner[2 * n + 1] as number;
      winner[n] = this.#before(b, a) ? b : a;
    }
  }

  /** Whether the event of `a` comes before that of `b`. */
  #before(a: number, b: number): boolean {
    const ta = this.time[a] as number;
    const tb = this.time[b] as number;
    return ta < tb || (ta === tb && (this.#sequence[a] as number) < (this.#sequence[b] as number));
  }
}
