import type { CellResult, MatrixResult } from '../matrix/index.ts';
import { keyAnswers } from './answers/build.ts';
import { costRows } from './cost-table.ts';
import { fallbackTable } from './fallback-table.ts';
import { distinctKernels, kernelOf } from './kernels.ts';
import { lockReason } from './lock-reason.ts';
import type { KeyAnswer, Report, ReportCell, VerificationGroup } from './model.ts';
import { comparisons, outcomeRows, performanceRows, workloadRows } from './performance-table.ts';
import { provenanceOf } from './provenance.ts';
import { summarise } from './summary.ts';
import { surfaceTable } from './surface-table.ts';

/**
 * Build the report of one run of a matrix.
 *
 * A pure function of the result and the verdicts: no clock, no locale, no file system.
 */
export function buildReport(
  result: MatrixResult,
  verification: readonly VerificationGroup[] = [],
  { torture = [], references = null }: Partial<Pick<Report, 'torture' | 'references'>> = {},
): Report {
  const kernels = distinctKernels(result);
  const cells = result.cells.map(reportCell);
  const performance = performanceRows(kernels);
  const tables = {
    schemaVersion: 1,
    kind: 'matrix',
    name: result.name,
    description: result.description,
    matrixFile: result.matrixFile,
    axes: [...result.axes],
    seed: result.seed,
    profile: result.profile,
    provenance: provenanceOf(result.profile),
    summary: [] as string[],
    cells,
    kernels: kernels.map(({ kernel }) => kernel),
    surface: surfaceTable(kernels),
    fallbacks: fallbackTable(kernels),
    workloads: workloadRows(kernels),
    outcomes: outcomeRows(kernels),
    performance,
    comparisons: comparisons(result.axes, cells, performance),
    costs: costRows(kernels),
    verification,
    torture,
    references,
    answers: [] as KeyAnswer[],
  } as const satisfies Report;
  return { ...tables, answers: keyAnswers(tables), summary: summarise(tables) };
}

function reportCell(cell: CellResult): ReportCell {
  return {
    id: cell.spec.id,
    edition: cell.spec.edition,
    axes: { ...cell.spec.axes },
    set: { ...cell.spec.set },
    ...(cell.spec.places && { places: { ...cell.spec.places } }),
    status: cell.status,
    refusals: cell.refusals.map(({ symbol, wanted, got, reason }) => ({
      symbol,
      wanted,
      got,
      reason,
    })),
    notes: [...cell.notes],
    kconfig: cell.kconfig,
    options: cell.options.map(({ symbol, value, why }) => ({ symbol, value, why })),
    lock: cell.lock && { ...cell.lock, why: lockReason(cell) },
    sameAs: cell.sameAs,
    kernel: kernelOf(cell),
  };
}
