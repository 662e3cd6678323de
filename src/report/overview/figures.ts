import type { OutcomeRow, PerformanceRow, Report, ReportCell } from '../model.ts';
import { type LockPresence, lockPresence } from './lock-state.ts';

/** How many functions and macros of all that some kernel of the report has are real, a stub or absent. */
export interface ApiCounts {
  readonly real: number;
  readonly stub: number;
  readonly absent: number;
}

/** Answers of the model checker, counted; mutants are not: they are there to be caught. */
export interface VerdictCounts {
  readonly holds: number;
  readonly violated: number;
  readonly undecided: number;
}

/** What is worth knowing of a cell at a glance. Cells that are one kernel share all but the lock's state. */
export interface CellFigures {
  readonly lock: LockPresence;
  /** `null` for a rejected cell. */
  readonly apis: ApiCounts | null;
  /** `null` where the model checker was not asked about the cell's edition. */
  readonly verdicts: VerdictCounts | null;
  /** Fallback hits over all sites, by workload; a workload that did not complete is missing. */
  readonly hits: ReadonlyMap<string, number>;
  /** Figures by workload, in order of CPUs. */
  readonly performance: ReadonlyMap<string, readonly PerformanceRow[]>;
  /** How workloads failed. */
  readonly failures: ReadonlyMap<string, OutcomeRow['outcome']>;
}

type KernelFigures = Pick<CellFigures, 'apis' | 'hits' | 'performance' | 'failures'>;

const NOTHING: KernelFigures = {
  apis: null,
  hits: new Map(),
  performance: new Map(),
  failures: new Map(),
};

/**
 * The figures of every cell by its id. Made in one pass over the report's tables, so that a matrix of a
 * thousand cells costs what its tables cost.
 */
export function cellFigures(report: Report): ReadonlyMap<string, CellFigures> {
  const kernels = kernelFigures(report);
  const verdicts = verdictCounts(report);
  const figures = (cell: ReportCell): CellFigures => ({
    ...(cell.kernel === null ? NOTHING : (kernels.get(cell.kernel) ?? NOTHING)),
    lock: lockPresence(report, cell),
    verdicts: cell.kernel === null ? null : (verdicts.get(cell.edition) ?? null),
  });
  return new Map(report.cells.map((cell) => [cell.id, figures(cell)]));
}

function kernelFigures(report: Report): Map<string, KernelFigures> {
  const hits = hitsByKernel(report);
  const performance = Map.groupBy(report.performance, ({ kernel }) => kernel);
  const failures = Map.groupBy(report.outcomes, ({ kernel }) => kernel);
  return new Map(
    report.kernels.map(({ id }) => [
      id,
      {
        apis: apiCounts(report, id),
        hits: hits.get(id) ?? new Map(),
        performance: byWorkload(performance.get(id) ?? []),
        failures: new Map(
          (failures.get(id) ?? []).map(({ workload, outcome }) => [workload, outcome]),
        ),
      },
    ]),
  );
}

function apiCounts({ surface }: Report, kernel: string): ApiCounts {
  const counts = { real: 0, stub: 0, absent: 0 };
  for (const { kernels } of surface.functions) counts[kernels[kernel]?.state ?? 'absent']++;
  return counts;
}

function hitsByKernel({ workloads, fallbacks }: Report): Map<string, Map<string, number>> {
  const hits = new Map<string, Map<string, number>>();
  for (const { kernel, workload } of workloads) {
    const own = hits.get(kernel) ?? new Map<string, number>();
    let sum = 0;
    for (const { kernels } of fallbacks) sum += kernels[kernel]?.hits[workload] ?? 0;
    hits.set(kernel, own.set(workload, sum));
  }
  return hits;
}

function byWorkload(rows: readonly PerformanceRow[]): Map<string, readonly PerformanceRow[]> {
  const groups = Map.groupBy(rows, ({ workload }) => workload);
  return new Map(
    [...groups].map(([workload, own]) => [workload, own.sort((a, b) => a.cpus - b.cpus)]),
  );
}

/** Verdicts by edition. */
function verdictCounts({ verification }: Report): Map<string, VerdictCounts> {
  const counts = new Map<string, { holds: number; violated: number; undecided: number }>();
  for (const { edition, question, verdict } of verification.flatMap((group) => group.verdicts)) {
    if (question.mutate !== undefined) continue;
    const own = counts.get(edition) ?? { holds: 0, violated: 0, undecided: 0 };
    own[verdict]++;
    counts.set(edition, own);
  }
  return counts;
}
