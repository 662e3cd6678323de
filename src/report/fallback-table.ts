import type { CellResult } from '../matrix/index.ts';
import { byCodeUnit, completed, type KernelCell, perKernel } from './kernels.ts';
import type { FallbackEntry, FallbackRow } from './model.ts';

/** Every fallback site over every kernel, with the hits each workload counted. */
export function fallbackTable(kernels: readonly KernelCell[]): FallbackRow[] {
  const sites = new Set(kernels.flatMap(({ cell }) => cell.fallbackSites.map(({ site }) => site)));
  return [...sites]
    .sort(byCodeUnit)
    .map((site) => ({ site, kernels: perKernel(kernels, (cell) => entryIn(cell, site)) }));
}

function entryIn(cell: CellResult, site: string): FallbackEntry | null {
  const found = cell.fallbackSites.find((candidate) => candidate.site === site);
  if (!found) return null;
  const { taken, file, caller, tries, trigger, fallback } = found;
  const hits = Object.fromEntries(
    cell.measurements
      .filter(completed)
      .map((measurement) => [
        measurement.workload,
        measurement.fallbacks.find((counted) => counted.site === site)?.hits ?? 0,
      ]),
  );
  return { taken, file, caller, tries, trigger, fallback, hits };
}
