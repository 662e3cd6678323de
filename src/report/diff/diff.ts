import type { Report, ReportVerdict } from '../model.ts';
import {
  diffCounts,
  diffFallbacks,
  diffOutcomes,
  diffPerformance,
  sharedRows,
  workloadRowsOf,
} from './behaviour.ts';
import type { Diff, DiffEnd, Layers } from './model.ts';
import { diffOptions } from './options.ts';
import { type Side, type SideKernel, sideOfCell } from './side.ts';
import { diffSizes, diffSurface } from './surface.ts';
import { diffVerdicts, verdictsOn } from './verdicts.ts';

/** Compare two sides, layer by layer. */
export function diffSides(left: Side, right: Side): Diff {
  const kernels =
    left.kernel && right.kernel ? { left: left.kernel, right: right.kernel } : undefined;
  return {
    schemaVersion: 1,
    kind: 'diff',
    left: endOf(left),
    right: endOf(right),
    notes: notes(left, right),
    options: diffOptions(left, right),
    ...(kernels ? diffKernels(kernels.left, kernels.right) : NO_KERNELS),
    verdicts: diffVerdicts(verdictsOf(left), verdictsOf(right)),
  };
}

/** The layers that two kernels can differ in: all but what Kconfig and the model checker say. */
export type KernelLayers = Omit<Layers, 'options' | 'verdicts'>;

/** Compare two kernels, layer by layer. */
export function diffKernels(left: SideKernel, right: SideKernel): KernelLayers {
  const surface = diffSurface(left, right);
  return {
    surface,
    fallbacks: diffFallbacks(left, right),
    sizes: diffSizes(surface.structs),
    counters: diffCounts(left, right),
    outcomes: diffOutcomes(left, right),
    performance: diffPerformance(left, right),
  };
}

const NO_KERNELS: KernelLayers = {
  surface: { functions: [], structs: [], counters: [], names: [] },
  fallbacks: [],
  sizes: [],
  counters: [],
  outcomes: [],
  performance: [],
};

/** Compare two cells of one report. */
export function diffCells(report: Report, left: string, right: string): Diff {
  return diffSides(
    sideOfCell(report, left, report.matrixFile),
    sideOfCell(report, right, report.matrixFile),
  );
}

/** Whether there is no difference in any layer. */
export function isEmptyDiff(diff: Layers): boolean {
  const { functions, structs, counters, names } = diff.surface;
  return [
    diff.options,
    functions,
    structs,
    counters,
    names,
    diff.fallbacks,
    diff.sizes,
    diff.counters,
    diff.outcomes,
    diff.performance,
    diff.verdicts,
  ].every((list) => list.length === 0);
}

function verdictsOf({ kernel, edition }: Side): ReportVerdict[] {
  return kernel && edition !== null ? verdictsOn(kernel.report, edition) : [];
}

function endOf({ id, edition, source }: Side): DiffEnd {
  return { id, edition, source };
}

function notes(left: Side, right: Side): string[] {
  if (!left.kernel || !right.kernel) {
    const bare = [left, right].filter((side) => !side.kernel).map((side) => side.id);
    return [`Options only: no kernel was instantiated for ${[...new Set(bare)].join(' and ')}.`];
  }
  return kernelNotes(
    { name: left.id, kernel: left.kernel },
    { name: right.id, kernel: right.kernel },
  );
}

/** A kernel under the name that remarks give it. */
export interface NamedKernel {
  readonly name: string;
  readonly kernel: SideKernel;
}

/** What of two kernels could not be compared. */
export function kernelNotes(left: NamedKernel, right: NamedKernel): string[] {
  return [
    ...notRun(left, right.kernel),
    ...notRun(right, left.kernel),
    ...unlike(left.kernel, right.kernel),
  ];
}

/** Workloads that only one side ran cannot be compared; a silent gap would read as no difference. */
function notRun({ name, kernel: own }: NamedKernel, other: SideKernel): string[] {
  const shared = new Set(sharedRows(own, other).map(([row]) => row.workload));
  const ended = other.report.outcomes.filter((row) => row.kernel === other.id);
  const failed = new Set(ended.map((row) => row.workload));
  const only = workloadRowsOf(own).filter(
    ({ workload }) => !shared.has(workload) && !failed.has(workload),
  );
  if (only.length === 0) return [];
  return [`Only ${name} ran ${only.map((row) => row.workload).join(', ')}: not compared.`];
}

function unlike(left: SideKernel, right: SideKernel): string[] {
  const differing = sharedRows(left, right).filter(
    ([a, b]) => a.profile !== b.profile || a.seed !== b.seed,
  );
  const names = differing.map(([row]) => row.workload).join(', ');
  return differing.length === 0
    ? []
    : [`The sides ran ${names} with another cost profile or seed: figures differ for that too.`];
}
