/** Fitting a cost profile to measured costs of single operations, and saying how well it fits. */
import type { CostProfile } from '../timed/index.ts';
import { FIT_OPTIONS, fitPrices, modelled } from './fit.ts';
import type { MeasuredAgain } from './judge-difference.ts';
import type { Measurements } from './measurements.ts';
import { prices } from './prices.ts';
import { type Observation, observations } from './sensitivity.ts';

/** How far the fit is from one measured figure. All in the measurements' unit. */
export interface Residual {
  readonly workload: string;
  readonly kernel: string;
  readonly measured: number;
  /** How far apart repeats of the measurement were, where that is known. */
  readonly spread: number | undefined;
  /** How much more than this kernel the first one took where it was measured again. */
  readonly again: MeasuredAgain | undefined;
  readonly modelled: number;
  /** What a fit to all other operations says of this one: the figure was not seen. */
  readonly heldOut: number;
}

export interface Calibration {
  readonly profile: CostProfile;
  readonly residuals: readonly Residual[];
  /** Prices, by name, that no operation of the file pays: they are still first estimates. */
  readonly unseen: readonly string[];
}

export interface CalibrateOptions {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fits the prices one CPU can tell of a profile to measurements; the others stay as they are.
 *
 * @param start first estimates, which the fit is drawn to weakly and keeps near
 */
export function calibrate(
  measurements: Measurements,
  start: CostProfile,
  { onProgress, signal }: CalibrateOptions = {},
): Calibration {
  const all = prices(measurements.unit);
  const names = all.map((p) => p.name);
  const estimates = all.map((p) => p.get(start));
  const seen = observations(measurements, all, start, onProgress, signal);
  const fitted = (of: readonly Observation[]) => fitPrices(of, names, estimates, FIT_OPTIONS);
  const rounded = fitted(seen).map((price) => Math.round(price * 100) / 100);
  const operations = new Map(measurements.operations.map((o) => [o.workload, o]));
  const heldOut = new Map(
    measurements.operations.map(({ workload }) => [
      workload,
      fitted(seen.filter((o) => o.workload !== workload)),
    ]),
  );
  return {
    profile: all.reduce((p, price, i) => price.set(p, rounded[i] as number), start),
    residuals: seen.map((o) => ({
      workload: o.workload,
      kernel: o.kernel,
      measured: o.measured,
      spread: operations.get(o.workload)?.spreads[o.kernel],
      again: operations.get(o.workload)?.again[o.kernel],
      modelled: modelled(o, rounded),
      heldOut: modelled(o, heldOut.get(o.workload) ?? rounded),
    })),
    unseen: names.filter((_, i) => seen.every(({ pays }) => pays[i] === 0)),
  };
}
