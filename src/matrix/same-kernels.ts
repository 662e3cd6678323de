import type { CellResult } from './types.ts';

/** What makes kernels the same: the edition, and every option the instantiated kernel looked at. */
export function kernelKey(edition: string, relevant: Readonly<Record<string, string>>): string {
  return JSON.stringify([edition, relevant]);
}

/** Cells that were made apart, with those that are one kernel told and sharing what there is of it. */
export function sameKernels(cells: readonly CellResult[]): CellResult[] {
  const firsts = new Map<string, CellResult>();
  return cells.map((cell) => {
    if (cell.relevant === null) return cell;
    const key = kernelKey(cell.spec.edition, cell.relevant);
    const first = firsts.get(key);
    if (!first) {
      const own = { ...cell, sameAs: null };
      firsts.set(key, own);
      return own;
    }
    const { lock, surface, fallbackSites } = first;
    return { ...cell, sameAs: first.spec.id, lock, surface, fallbackSites };
  });
}
