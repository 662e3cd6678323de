/** How often an operation of the model pays each price: the derivatives of its modelled time. */
import { instantiate } from '../model/index.ts';
import { simulate } from '../simulate.ts';
import type { CostProfile } from '../timed/index.ts';
import type { Measurements } from './measurements.ts';
import { freeProfile, type Price } from './prices.ts';

/** One measured figure: an operation on a kernel. */
export interface Observation {
  readonly workload: string;
  readonly kernel: string;
  readonly measured: number;
  /** How often one operation pays each price, in the order of the prices. */
  readonly pays: readonly number[];
}

/**
 * Runs every operation once for each price, with that price at 1 and all others at 0: on one CPU nothing waits for anything, so
 * the modelled time is the sum of prices times how often each is paid, and this is how often.
 */
export function observations(
  measurements: Measurements,
  prices: readonly Price[],
  profile: CostProfile,
  onProgress: (done: number, total: number) => void = () => {},
  signal?: AbortSignal,
): Observation[] {
  const { kernels, edition, operations } = measurements;
  const built = new Map(
    Object.entries(kernels).map(([name, options]) => [
      name,
      instantiate(edition, { get: (symbol) => options[symbol] ?? '' }),
    ]),
  );
  const free = freeProfile(profile);
  const total = operations.reduce((n, o) => n + Object.keys(o.values).length, 0);
  const found: Observation[] = [];
  for (const { workload, values } of operations) {
    for (const [kernel, measured] of Object.entries(values)) {
      const cost = (priced: CostProfile): number => {
        const { performance, outcome } = simulate(
          built.get(kernel) as ReturnType<typeof instantiate>,
          workload,
          { cpus: [1], runs: 1, seed: 1, profile: priced, signal },
        );
        if (outcome.kind !== 'completed') throw new RangeError(`${workload}: ${outcome.kind}`);
        const ops = performance[0]?.ops_per_second ?? 0;
        return ops === 0 ? 0 : 1e9 / ops;
      };
      found.push({ workload, kernel, measured, pays: prices.map((p) => cost(p.set(free, 1))) });
      onProgress(found.length, total);
    }
  }
  return found;
}
