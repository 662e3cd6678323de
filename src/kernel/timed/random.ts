/**
 * Pseudo-random numbers of the executor: start offsets and user jitter. 32 bits of state, so that no number is
 * ever boxed; the sequence depends on the seed alone.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = mix(seed);
  }

  /** A whole number from 0 to 2^30 - 1 (mulberry32). */
  next30(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return (x ^ (x >>> 14)) >>> 2;
  }
}

/** Spreads the bits of two seeds over one word that is never 0 (the finaliser of MurmurHash3). */
export function mix(seed: number, salt = 0): number {
  let x = (seed ^ Math.imul(salt + 1, 0x9e3779b1)) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  x ^= x >>> 16;
  return x === 0 ? 1 : x;
}
