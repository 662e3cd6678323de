/** How often one operation pays each price of a profile: the derivatives of its modelled time on one CPU. */
import { type SimulatedKernel, simulate } from '../simulate.ts';
import { type CostProfile, loadProfile } from '../timed/index.ts';
import type { Workload } from '../workloads/index.ts';
import { freeProfile, type Price, prices } from './prices.ts';

/**
 * Runs an operation once for each price, with that price at 1 and all others at 0: on one CPU nothing waits for anything, so
 * the modelled time is the sum of prices times how often each is paid, and this is how often.
 */
export function timesPaid(
  kernel: SimulatedKernel,
  workload: Workload | string,
  prices: readonly Price[],
  profile: CostProfile,
  signal?: AbortSignal,
): number[] {
  const free = freeProfile(profile);
  return prices.map((price) => {
    const { performance, outcome } = simulate(kernel, workload, {
      ...{ cpus: [1], runs: 1, seed: 1, signal },
      profile: price.set(free, 1),
    });
    if (outcome.kind !== 'completed')
      throw new RangeError(`${kernel.edition.name}: ${outcome.kind}`);
    const ops = performance[0]?.ops_per_second ?? 0;
    return ops === 0 ? 0 : 1e9 / ops;
  });
}

/** A price one operation pays: what it is in the profile, and how often it is paid. */
export interface Payment {
  readonly price: string;
  /** In the profile's unit: nanoseconds or instructions. */
  readonly each: number;
  readonly times: number;
}

/** The prices one operation of a workload pays on one CPU, of a profile, by name or path or as it is. */
export function payments(
  kernel: SimulatedKernel,
  workload: Workload,
  profile?: string | CostProfile,
): Payment[] {
  const costs = typeof profile === 'object' ? profile : loadProfile(profile);
  const all = prices(costs.unit);
  return timesPaid(kernel, workload, all, costs)
    .map((times, i) => ({ price: all[i]!.name, each: all[i]!.get(costs), times }))
    .filter(({ each, times }) => times > 0 && each > 0);
}
