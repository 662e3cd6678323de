/** Bins of a distribution: every small number on its own, then bins that grow with what they hold. */

/** How often something lay from `from` up to `to`, both counted in. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * Bins of whole numbers, without a gap from the first that holds something to the last. Their bounds depend on `perOctave`
 * alone, so that counts of several distributions can be added bin by bin.
 *
 * @param perOctave a power of two: bins between a number and its double; numbers below twice as many stand alone
 */
export function binsOf(
  entries: Iterable<readonly [value: number, count: number]>,
  perOctave: number,
): Bin[] {
  const counts: number[] = [];
  for (const [value, count] of entries) {
    const bin = binOf(value, perOctave);
    counts[bin] = (counts[bin] ?? 0) + count;
  }
  const first = counts.findIndex((count) => count > 0);
  if (first < 0) return [];
  return Array.from(counts, (count = 0, bin) => ({ ...boundsOf(bin, perOctave), count })).slice(
    first,
  );
}

/** The same bins without a gap from that of 0 on. */
export function fromZero(bins: readonly Bin[], perOctave: number): Bin[] {
  const before = binOf(bins[0]?.from ?? 0, perOctave);
  return [
    ...Array.from({ length: before }, (_, bin) => ({ ...boundsOf(bin, perOctave), count: 0 })),
    ...bins,
  ];
}

function binOf(value: number, perOctave: number): number {
  if (value < 2 * perOctave) return value;
  const octave = Math.floor(Math.log2(value / perOctave));
  return octave * perOctave + Math.floor(value / 2 ** octave);
}

function boundsOf(bin: number, perOctave: number): { from: number; to: number } {
  if (bin < 2 * perOctave) return { from: bin, to: bin };
  const width = 2 ** (Math.floor(bin / perOctave) - 1);
  const from = ((bin % perOctave) + perOctave) * width;
  return { from, to: from + width - 1 };
}
