import type { PricedMeasurement } from '../matrix/index.ts';
import { completed, type KernelCell } from './kernels.ts';
import type { CostRow } from './model.ts';

/** What single operations cost on each kernel: the reciprocals of their throughput on one CPU. */
export function costRows(kernels: readonly KernelCell[]): CostRow[] {
  return kernels.flatMap(({ kernel, cell }) =>
    (cell.costs ?? []).filter(completed).flatMap((measurement) => costRow(kernel.id, measurement)),
  );
}

function costRow(
  kernel: string,
  { workload, profile, performance, pays = [] }: PricedMeasurement,
): CostRow[] {
  const [figure] = performance;
  if (!figure || figure.min <= 0) return [];
  return [
    {
      operation: workload,
      kernel,
      profile,
      // The profile that counts instructions has a thousand million of them to a second.
      unit: profile === 'instructions' ? 'instructions' : 'ns',
      each: rounded(1e9 / figure.ops_per_second),
      least: rounded(1e9 / figure.max),
      most: rounded(1e9 / figure.min),
      runs: figure.runs,
      pays: pays.map(({ price, each, times }) => ({ price, each, times: rounded(times) })),
    },
  ];
}

/** To a millionth: what lies below comes from adding up and differs between orders of adding. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
