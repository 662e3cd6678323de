import { grown, NoRoomError } from './interner.ts';

/** The transitions of an exploration: from each state at most one for each thread. */
export class Edges {
  readonly threads: number;
  #to = new Int32Array(1 << 12).fill(-1);
  #loops = new Int32Array(1 << 12);

  readonly #mostBytes: number;

  /**
   * @param mostBytes bytes they may take, also while they grow
   */
  constructor(threads: number, mostBytes = Number.POSITIVE_INFINITY) {
    this.threads = threads;
    this.#mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.#to.byteLength + this.#loops.byteLength;
  }

  /** Notes that thread `t` goes from a state to another. */
  lead(state: number, t: number, to: number): void {
    const at = this.#reserve(state, t);
    this.#to[at] = to;
  }

  /** Notes which loops the step of thread `t` passes, one bit each. */
  passes(state: number, t: number, loops: number): void {
    const at = this.#reserve(state, t);
    this.#loops[at] = loops;
  }

  #reserve(state: number, t: number): number {
    const at = state * this.threads + t;
    while (at >= this.#to.length) {
      if (this.bytes * 3 > this.#mostBytes) throw new NoRoomError('the steps take too much memory');
      const before = this.#to.length;
      this.#to = grown(this.#to);
      this.#to.fill(-1, before);
      this.#loops = grown(this.#loops);
    }
    return at;
  }

  /** State that thread `t` goes to, -1 where it does not move. */
  to(state: number, t: number): number {
    return this.#to[state * this.threads + t] ?? -1;
  }

  loops(state: number, t: number): number {
    return this.#loops[state * this.threads + t] as number;
  }
}
