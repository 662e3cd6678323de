import { keyAnswers } from './answers/build.ts';
import type { Report, ReportCell } from './model.ts';
import { comparisons } from './performance-table.ts';
import { summarise } from './summary.ts';

/**
 * The report of some cells of a report, in its order: as if only they had been run. Kernels are named
 * after the first cell that is left of them, and editions nobody asks about any more lose their verdicts.
 * A name's file stays the one of the first kernel of the whole report that has it.
 */
export function selectCells(report: Report, ids: readonly string[]): Report {
  const wanted = new Set(ids);
  const names = new Map<string, string>();
  const cells = report.cells
    .filter(({ id }) => wanted.has(id))
    .map((cell): ReportCell => {
      if (cell.kernel === null) return cell;
      const first = names.get(cell.kernel);
      if (first !== undefined) return { ...cell, sameAs: first, kernel: first };
      names.set(cell.kernel, cell.id);
      return { ...cell, sameAs: null, kernel: cell.id };
    });
  const editions = new Set(cells.map(({ edition }) => edition));
  const { surface } = report;
  const performance = ofKernels(report.performance, names);
  const tables: Report = {
    ...report,
    summary: [],
    cells,
    kernels: [...names].map(([old, id]) => {
      const kernel = report.kernels.find((candidate) => candidate.id === old)!;
      return { ...kernel, id, cells: kernel.cells.filter((cell) => wanted.has(cell)) };
    }),
    surface: {
      functions: perKernel(surface.functions, names, ({ state }) => state !== 'absent'),
      structs: perKernel(surface.structs, names, (layout) => layout !== null),
      counters: perKernel(surface.counters, names, (present) => present),
      names: perKernel(surface.names, names, (entry) => entry !== null),
    },
    fallbacks: perKernel(report.fallbacks, names, (entry) => entry !== null),
    workloads: ofKernels(report.workloads, names),
    outcomes: ofKernels(report.outcomes, names),
    costs: ofKernels(report.costs, names),
    answers: [],
    performance,
    comparisons: comparisons(report.axes, cells, performance),
    verification: report.verification.flatMap(({ title, verdicts }) => {
      const own = verdicts.filter(({ edition }) => editions.has(edition));
      return own.length === 0 ? [] : [{ title, verdicts: own }];
    }),
  };
  return { ...tables, answers: keyAnswers(tables), summary: summarise(tables) };
}

/** The entries of the kernels that are left, under their new names; rows that nobody is left in go. */
function perKernel<R extends { readonly kernels: Readonly<Record<string, unknown>> }>(
  rows: readonly R[],
  names: ReadonlyMap<string, string>,
  isThere: (entry: R['kernels'][string]) => boolean,
): R[] {
  type Entries = Record<string, R['kernels'][string]>;
  return rows.flatMap((row) => {
    const kernels: Entries = {};
    for (const [old, name] of names)
      if (old in row.kernels) kernels[name] = row.kernels[old] as R['kernels'][string];
    return Object.values(kernels).some(isThere) ? [{ ...row, kernels }] : [];
  });
}

function ofKernels<R extends { readonly kernel: string }>(
  rows: readonly R[],
  names: ReadonlyMap<string, string>,
): R[] {
  const byKernel = Map.groupBy(rows, ({ kernel }) => kernel);
  return [...names].flatMap(([old, kernel]) =>
    (byKernel.get(old) ?? []).map((row) => ({ ...row, kernel })),
  );
}
