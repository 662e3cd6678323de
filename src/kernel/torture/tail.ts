/** Counts of small whole numbers, their quantiles, and what they say about rarer ones. */

/** Retries beyond this are counted as this many. */
const MOST = 1 << 12;

/** How often each number occurred. Fixed size: recording never allocates. */
export class Tally {
  readonly #counts = new Float64Array(MOST + 1);
  #total = 0;
  #max = 0;

  record(value: number): void {
    const at = Math.min(value, MOST);
    this.#counts[at] = (this.#counts[at] as number) + 1;
    this.#total++;
    if (value > this.#max) this.#max = value;
  }

  get total(): number {
    return this.#total;
  }

  get max(): number {
    return this.#max;
  }

  /** What was recorded, as numbers and how often each was, to be given to {@link add} of another. */
  entries(): [value: number, count: number][] {
    return [...this.#counts.entries()].filter(([, count]) => count > 0);
  }

  /** Records what another's {@link entries} and greatest number tell. */
  add(entries: readonly (readonly [value: number, count: number])[], max: number): void {
    for (const [value, count] of entries) {
      this.#counts[value] = (this.#counts[value] as number) + count;
      this.#total += count;
    }
    this.#max = Math.max(this.#max, max);
  }

  /** The smallest number at or below which the fraction `q` lies. */
  quantile(q: number): number {
    const rank = Math.max(1, Math.ceil(q * this.#total));
    let seen = 0;
    for (let value = 0; value <= MOST; value++) {
      seen += this.#counts[value] as number;
      if (seen >= rank) return value;
    }
    return this.#max;
  }

  /** Occurrences of numbers above `value`. */
  above(value: number): number {
    let n = 0;
    for (let i = value + 1; i <= MOST; i++) n += this.#counts[i] as number;
    return n;
  }
}

/** One-sided confidence of every bound. */
export const CONFIDENCE = 0.95;
/** Its quantile of the normal distribution. */
const Z = 1.6448536269514722;

/**
 * Highest chance an event can have that was seen `hits` times in `n` independent tries, with {@link CONFIDENCE}: exact where it was
 * never seen (1 - 0.05^(1/n)), Wilson's bound otherwise. 1 without tries.
 */
export function upperBound(hits: number, n: number): number {
  if (n === 0) return 1;
  if (hits === 0) return 1 - (1 - CONFIDENCE) ** (1 / n);
  const p = hits / n;
  const z2 = (Z * Z) / n;
  const spread = Z * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n));
  return Math.min(1, (p + z2 / 2 + spread) / (1 + z2));
}
