/** An axis from 0 to `max` with round numbers marked on it. */
export interface Scale {
  readonly max: number;
  readonly ticks: readonly number[];
}

/** Of this, a step of a hundred ticks is still a normal number. */
const SMALLEST = 1e-300;

/**
 * A scale from zero up to `highest`, marked in steps of 1, 2, 2.5 or 5 times a power of ten. From zero,
 * because a cut-off axis makes a difference within the spread look like one beyond it.
 */
export function niceScale(highest: number, maxTicks: number): Scale {
  if (!(highest > 0)) return { max: 1, ticks: [0] };
  // Below the least power of ten there is nothing to mark steps by.
  if (highest < SMALLEST) return { max: highest, ticks: [0] };
  const rough = highest / Math.max(1, maxTicks - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((size) => size >= rough * 0.999_999)!;
  const steps = Math.floor((highest / step) * 1.000_001);
  return { max: highest, ticks: Array.from({ length: steps + 1 }, (_, index) => index * step) };
}
