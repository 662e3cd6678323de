/** A figure drawn many times: how far it goes by itself, before any cost is changed. */
import { type CostProfile, mix } from '../timed/index.ts';
import { costsOf, scaled } from './costs.ts';

/** What one run is made with. */
export interface Draw {
  readonly profile: CostProfile;
  readonly seed: number;
}

/** So far apart prices are taken to say the same: none is known better. */
export const APART = 0.01;

/**
 * The profile and the seed themselves where `number` is 0; otherwise another seed, and each price up to {@link APART} less or more. Prices,
 * too, since a run that uses no random number is the same with every seed, and yet ends otherwise when a price is a trifle other.
 */
export function draw(profile: CostProfile, seed: number, number: number): Draw {
  if (number === 0) return { profile, seed };
  const salt = mix(seed, number);
  const factors = costsOf(profile).map((cost, i): [string, number] => {
    const unit = (mix(salt, i) >>> 0) / 2 ** 32;
    return [cost, 1 + APART * (2 * unit - 1)];
  });
  return { profile: scaled(profile, Object.fromEntries(factors)), seed: seed + number };
}

/** The geometric mean: of factors, half as good and twice as good are as good as before. */
export function meanOf(values: readonly number[]): number {
  const [first = Number.NaN] = values;
  if (values.every((value) => value === first)) return first;
  return Math.exp(sum(values.map(Math.log)) / values.length);
}

/** The standard deviation of the logarithms: about what share of a value others are off. 0 where all are the same, or one is not positive. */
export function deviationOf(values: readonly number[]): number {
  return pooledDeviation([values]);
}

/** The same of several groups, each about its own mean; groups of one say nothing. */
export function pooledDeviation(groups: readonly (readonly number[])[]): number {
  if (!groups.flat().every((value) => value > 0)) return 0;
  let squares = 0;
  let free = 0;
  for (const values of groups) {
    free += Math.max(0, values.length - 1);
    if (values.every((value) => value === values[0])) continue;
    const logs = values.map(Math.log);
    const middle = sum(logs) / logs.length;
    squares += sum(logs.map((x) => (x - middle) ** 2));
  }
  return free === 0 ? 0 : Math.sqrt(squares / free);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
