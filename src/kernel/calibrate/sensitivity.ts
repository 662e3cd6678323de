/** How often an operation of the model pays each price: the derivatives of its modelled time. */
import { instantiate } from '../model/index.ts';
import type { CostProfile } from '../timed/index.ts';
import type { Measurements } from './measurements.ts';
import { timesPaid } from './payments.ts';
import type { Price } from './prices.ts';

/** One measured figure: an operation on a kernel. */
export interface Observation {
  readonly workload: string;
  readonly kernel: string;
  readonly measured: number;
  /** How often one operation pays each price, in the order of the prices. */
  readonly pays: readonly number[];
}

/** Runs every operation of a file of measurements on every kernel it was measured on, once for each price. */
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
  const total = operations.reduce((n, o) => n + Object.keys(o.values).length, 0);
  const found: Observation[] = [];
  for (const { workload, values } of operations) {
    for (const [kernel, measured] of Object.entries(values)) {
      const pays = timesPaid(
        built.get(kernel) as ReturnType<typeof instantiate>,
        workload,
        prices,
        profile,
        signal,
      );
      found.push({ workload, kernel, measured, pays });
      onProgress(found.length, total);
    }
  }
  return found;
}
