import type { Measurement } from '../kernel/index.ts';
import type { CellResult, MatrixResult } from '../matrix/index.ts';
import type { ReportCell, ReportKernel } from './model.ts';

/** A distinct kernel beside the first cell that instantiates it. */
export interface KernelCell {
  readonly kernel: ReportKernel;
  readonly cell: CellResult;
}

/** The distinct kernels of a result in the order of their first cells. */
export function distinctKernels(result: MatrixResult): KernelCell[] {
  return result.cells
    .filter((cell) => cell.status === 'ok' && cell.sameAs === null)
    .map((cell) => ({
      cell,
      kernel: {
        id: cell.spec.id,
        edition: cell.spec.edition,
        config: { ...cell.relevant },
        lockPresent: cell.lock?.present ?? false,
        cells: result.cells
          .filter((other) => kernelOf(other) === cell.spec.id)
          .map((other) => other.spec.id),
      },
    }));
}

/** Id of the kernel a cell instantiates, `null` if Kconfig rejected the cell. */
export function kernelOf(cell: CellResult): string | null {
  return cell.status === 'ok' ? (cell.sameAs ?? cell.spec.id) : null;
}

/** Whether a workload ran to its end: only then are its figures any. */
export function completed({ outcome }: Measurement): boolean {
  return outcome.kind === 'completed';
}

/** An object with one entry per kernel, in the kernels' order. */
export function perKernel<T>(
  kernels: readonly KernelCell[],
  entry: (cell: CellResult) => T,
): Record<string, T> {
  return Object.fromEntries(kernels.map(({ kernel, cell }) => [kernel.id, entry(cell)]));
}

/** Names that occur in any list, in name order by code unit so that no locale takes part. */
export function unionOfNames(lists: Iterable<readonly { readonly name: string }[]>): string[] {
  const names = new Set<string>();
  for (const list of lists) for (const { name } of list) names.add(name);
  return [...names].sort(byCodeUnit);
}

/** Order by UTF-16 code unit. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** All a cell asks for but for one axis, as a key: cells equal in it are neighbours on that axis. Options beside the axes count as well. */
export function allBut(axis: string, { edition, set }: ReportCell): string {
  const rest = Object.entries(set).filter(([name]) => name !== axis);
  return JSON.stringify([
    axis === 'edition' ? null : edition,
    rest.sort(([a], [b]) => byCodeUnit(a, b)),
  ]);
}
