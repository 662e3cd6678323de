/** Fitting prices to measured costs: bounded, regularised least squares. */
import type { Observation } from './sensitivity.ts';

/** How a fit weighs what it is given. They hold for every profile and every operation alike. */
export interface FitOptions {
  /** Prices that are known and stay as they are, by name. */
  readonly known: ReadonlySet<string>;
  /** Weight of a price's relative distance from its first estimate, against relative errors of operations. */
  readonly ridge: number;
  /** A price stays within this factor of its first estimate, both ways. */
  readonly bound: number;
  /** Weight of differences between kernels, each error taken relative to what can be told apart. */
  readonly differences: number;
}

export const FIT_OPTIONS: FitOptions = {
  // One iteration of a rep-string instruction counts as one: 4096 bytes.
  known: new Set(['work.clear_page', 'work.copy_page']),
  ridge: 0.1,
  bound: 2,
  differences: 0.1,
};

/** Below this many units an operation's error counts as if it cost as much: nobody cares about half an instruction. */
const SMALL = 100;
/** Least difference between two kernels that is taken for one. */
const SMALL_DIFFERENCE = 8;
/**
 * Errors of operations beyond this weigh less with each round: what all prices together cannot explain is a mechanism that the model does
 * not have, and must not bend the prices of those it has.
 */
const TOLERATED = 0.05;
const ROUNDS = 8;
const SWEEPS = 4000;
const PRECISION = 1e-7;

/** What an operation costs at given prices. */
export function modelled({ pays }: Observation, prices: readonly number[]): number {
  return pays.reduce((sum, times, i) => sum + times * (prices[i] as number), 0);
}

/**
 * Prices that make the modelled costs come close to the measured ones, and differences between kernels with them.
 *
 * Errors are relative, so that no operation is preferred for being long. A price that no operation pays keeps its first estimate.
 *
 * @param estimates first estimates, in the order of `names`
 */
export function fitPrices(
  observations: readonly Observation[],
  names: readonly string[],
  estimates: readonly number[],
  options: FitOptions = FIT_OPTIONS,
): number[] {
  const free = names.map(
    (name, i) =>
      !options.known.has(name) &&
      (estimates[i] as number) > 0 &&
      observations.some(({ pays }) => (pays[i] as number) > 0),
  );
  // Unknowns are ratios to the estimates.
  let ratios = names.map(() => 1);
  let prices = [...estimates];
  for (let round = 0; round < ROUNDS; round++) {
    const rows: Row[] = observations.map((o) => {
      const scale = Math.max(o.measured, SMALL);
      const error = round === 0 ? 0 : (modelled(o, prices) - o.measured) / scale;
      return {
        pays: o.pays,
        value: o.measured,
        weight: 1 / (scale * Math.sqrt(1 + (error / TOLERATED) ** 2)),
      };
    });
    rows.push(...differenceRows(observations, options.differences));
    ratios = solve(rows, free, estimates, options, ratios);
    prices = ratios.map((ratio, i) => ratio * (estimates[i] as number));
  }
  return prices;
}

interface Row {
  readonly pays: readonly number[];
  readonly value: number;
  readonly weight: number;
}

/** Each operation on a kernel against the same on the first kernel it was measured on. */
function differenceRows(observations: readonly Observation[], weight: number): Row[] {
  const first = new Map<string, Observation>();
  return observations.flatMap((o) => {
    const base = first.get(o.workload);
    if (base === undefined) {
      first.set(o.workload, o);
      return [];
    }
    const value = base.measured - o.measured;
    return {
      pays: base.pays.map((times, i) => times - (o.pays[i] as number)),
      value,
      weight: weight / Math.max(SMALL_DIFFERENCE, Math.abs(value) / 4),
    };
  });
}

/** Coordinate descent on the normal equations, which keeps every ratio within its bounds. */
function solve(
  rows: readonly Row[],
  free: readonly boolean[],
  estimates: readonly number[],
  { ridge, bound }: FitOptions,
  start: readonly number[],
): number[] {
  const n = free.length;
  const unknown = [...free.keys()].filter((i) => free[i]);
  const gram = unknown.map(() => new Float64Array(unknown.length));
  const right = new Float64Array(unknown.length).fill(ridge ** 2);
  for (const { pays, value, weight } of rows) {
    let rest = value;
    for (let i = 0; i < n; i++) {
      if (!free[i]) rest -= (pays[i] as number) * (estimates[i] as number);
    }
    const scaled = unknown.map((i) => (pays[i] as number) * (estimates[i] as number) * weight);
    scaled.forEach((a, i) => {
      right[i] = (right[i] as number) + a * rest * weight;
      const line = gram[i] as Float64Array;
      scaled.forEach((b, j) => {
        line[j] = (line[j] as number) + a * b;
      });
    });
  }
  const ratios = Float64Array.from(unknown, (i) => start[i] as number);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let moved = 0;
    for (let i = 0; i < ratios.length; i++) {
      const line = gram[i] as Float64Array;
      let sum = right[i] as number;
      for (let j = 0; j < ratios.length; j++) {
        if (j !== i) sum -= (line[j] as number) * (ratios[j] as number);
      }
      const best = sum / ((line[i] as number) + ridge ** 2);
      const next = Math.min(bound, Math.max(1 / bound, best));
      moved = Math.max(moved, Math.abs(next - (ratios[i] as number)));
      ratios[i] = next;
    }
    if (moved < PRECISION) break;
  }
  const all = free.map(() => 1);
  unknown.forEach((i, at) => {
    all[i] = ratios[at] as number;
  });
  return all;
}
