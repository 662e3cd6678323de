/** Values of an axis that starts at zero: round steps up to or just above the greatest value. */
export function ticks(greatest: number, most = 5): number[] {
  if (!(greatest > 0)) return [0, 1];
  const rough = greatest / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough * (1 - 1e-9)) ?? rough;
  return Array.from({ length: Math.ceil(greatest / step - 1e-9) + 1 }, (_, i) => i * step);
}

/** Values of an axis that goes by the logarithm: round numbers from just below the least to just above the greatest value. */
export function logTicks(least: number, greatest: number, most = 7): number[] {
  const low = Math.max(least, 1e-3);
  const high = Math.max(greatest, low * 1.001);
  for (const steps of [[1, 2, 5], [1]]) {
    const all: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
      all.push(...steps.map((step) => step * 10 ** power));
    const from = all.findLastIndex((value) => value <= low * (1 + 1e-9));
    const to = all.findIndex((value) => value >= high * (1 - 1e-9));
    const marks = all.slice(Math.max(0, from), to + 1);
    if (marks.length <= most || steps.length === 1) return marks;
  }
  return [low, high];
}

/** A number of an axis in at most three digits and a letter: `7.5M`, `400k`. */
export function compact(value: number): string {
  const [size, letter] =
    value >= 1e9 ? [1e9, 'G'] : value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${Number((value / size).toPrecision(3))}${letter}`;
}

/** A coordinate with one decimal: the same on every machine, and no longer than a screen can show. */
export function at(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Move labels of given heights apart, keeping their order, so that no two are nearer than `gap`. */
export function apart(heights: readonly number[], gap: number, bottom: number): number[] {
  const order = heights.map((_, i) => i).sort((a, b) => heights[b]! - heights[a]! || b - a);
  const moved = [...heights];
  let limit = bottom;
  for (const i of order) {
    moved[i] = Math.min(heights[i]!, limit);
    limit = moved[i]! - gap;
  }
  return moved;
}
