/** How fast something goes, and how long it will take yet. */
export interface Pace {
  /** Steps a second since it began. */
  readonly rate: number;
  /** `null` before there is something to judge by. */
  readonly secondsLeft: number | null;
}

/** Before this much time has passed, a rate says nothing. */
const LEAST_SECONDS = 0.5;

/**
 * Measures a pace by a clock in milliseconds. What was done when it began does not count: results that
 * are only fetched from a cache would make the rest look quick.
 */
export class PaceMeter {
  readonly #began: number;
  readonly #before: number;

  constructor(now: number, done: number) {
    this.#began = now;
    this.#before = done;
  }

  /** The pace at a time, with so much done of all. */
  at(now: number, done: number, total: number): Pace {
    const seconds = (now - this.#began) / 1000;
    const own = done - this.#before;
    if (own <= 0 || seconds < LEAST_SECONDS) return { rate: 0, secondsLeft: null };
    const rate = own / seconds;
    return { rate, secondsLeft: Math.max(0, total - done) / rate };
  }
}
