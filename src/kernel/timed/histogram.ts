/** Significant bits kept of a value: its bucket is at most 1/128 of it wide. */
const SUB_BITS = 7;
const SUB = 1 << SUB_BITS;
/** Values up to 2^53, the largest whole number of a double. */
const BUCKETS = (53 - SUB_BITS + 1) * SUB;

/** Greatest relative error of a quantile: half a bucket. */
export const HISTOGRAM_ERROR = 1 / (2 * SUB);

/**
 * Counts of values in buckets whose width grows with the value: linear inside each power of two, exact below
 * 256 (the layout of HdrHistogram). Fixed size, so that recording never allocates.
 */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;

  /** Values recorded. */
  get total(): number {
    return this.#total;
  }

  /**
   * Records the difference of two times. They come as places in an array because a double handed to a
   * function may be boxed.
   */
  recordDifference(ends: Float64Array, end: number, begins: Float64Array, begin: number): void {
    this.record((ends[end] as number) - (begins[begin] as number));
  }

  /** Records a whole number from 0 to 2^53. */
  record(value: number): void {
    const b = bucketOf(value);
    this.#counts[b] = (this.#counts[b] as number) + 1;
    this.#total++;
  }

  /** What was recorded, as buckets and how many lie in each, to be given to {@link add} of another. */
  entries(): [bucket: number, count: number][] {
    return [...this.#counts.entries()].filter(([, count]) => count > 0);
  }

  /** Records what another's {@link entries} tell. */
  add(entries: readonly (readonly [bucket: number, count: number])[]): void {
    for (const [b, count] of entries) {
      this.#counts[b] = (this.#counts[b] as number) + count;
      this.#total += count;
    }
  }

  /** What {@link entries} holds, as values: each the middle of its bucket. */
  static values(
    entries: readonly (readonly [bucket: number, count: number])[],
  ): [value: number, count: number][] {
    return entries.map(([bucket, count]) => [middleOf(bucket), count]);
  }

  /**
   * The value below or at which the fraction `q` of the values lies: the middle of its bucket, 0 if nothing
   * was recorded.
   */
  quantile(q: number): number {
    if (this.#total === 0) return 0;
    const rank = Math.max(1, Math.ceil(q * this.#total));
    let seen = 0;
    for (let b = 0; b < BUCKETS; b++) {
      seen += this.#counts[b] as number;
      if (seen >= rank) return middleOf(b);
    }
    return middleOf(BUCKETS - 1);
  }
}

function bucketOf(value: number): number {
  // Shifts work on 31 bits; larger values lose low bits that their bucket ignores anyway.
  let v = value;
  let scale = 0;
  while (v >= 0x40000000) {
    v /= 1024;
    scale += 10;
  }
  v = Math.floor(v);
  if (v < 2 * SUB && scale === 0) return v;
  const shift = 31 - Math.clz32(v) - SUB_BITS;
  return (shift + scale) * SUB + (v >> shift);
}

function middleOf(bucket: number): number {
  if (bucket < 2 * SUB) return bucket;
  const shift = Math.floor(bucket / SUB) - 1;
  const width = 2 ** shift;
  return ((bucket % SUB) + SUB) * width + (width - 1) / 2;
}
