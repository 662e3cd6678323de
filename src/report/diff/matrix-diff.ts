import type { ReportCell } from '../model.ts';
import { diffKernels, isEmptyDiff, kernelNotes } from './diff.ts';
import { Gatherer } from './gather.ts';
import type { CellChange, MatrixDiff, MatrixEnd } from './matrix-model.ts';
import type {
  CountDiff,
  CounterDiff,
  FallbackDiff,
  FunctionDiff,
  NameDiff,
  OptionDiff,
  OutcomeDiff,
  PerformanceDiff,
  SizeDiff,
  StructDiff,
  VerdictDiff,
} from './model.ts';
import { diffOptions } from './options.ts';
import {
  cellsOf,
  editionsOf,
  type Pairing,
  type PairOptions,
  pairCells,
  type Selection,
} from './pair-cells.ts';
import { sideOfCell } from './side.ts';
import { diffVerdicts, verdictsOn } from './verdicts.ts';

/**
 * Compare two reports, or two editions of one: every cell with the cell that asks for the same, and
 * every difference once with the cells it is found in.
 */
export function diffMatrices(
  left: Selection,
  right: Selection,
  options: PairOptions = {},
): MatrixDiff {
  const pairing = pairCells(left, right, options);
  const order = pairing.pairs.map(({ pair }) => pair.key);
  const found = newGatherers();
  const notes = new Gatherer<{ text: string }>();
  const sources = { left: left.source, right: right.source };
  for (const { pair, left: a, right: b } of pairing.pairs) {
    const change = changeOf(a, b);
    if (change) found.cells.add([change], [pair.key]);
    const sides = [
      sideOfCell(left.report, a.id, sources.left),
      sideOfCell(right.report, b.id, sources.right),
    ] as const;
    found.options.add(diffOptions(...sides), [pair.key]);
  }
  for (const { a, b, where } of kernelPairs(pairing)) {
    const kernels = [
      { report: left.report, id: a },
      { report: right.report, id: b },
    ] as const;
    const layers = diffKernels(...kernels);
    found.functions.add(layers.surface.functions, where);
    found.structs.add(layers.surface.structs, where);
    found.counters.add(layers.surface.counters, where);
    found.names.add(layers.surface.names, where);
    found.fallbacks.add(layers.fallbacks, where);
    found.sizes.add(layers.sizes, where);
    found.counts.add(layers.counters, where);
    found.outcomes.add(layers.outcomes, where);
    found.performance.add(layers.performance, where);
    const remarks = kernelNotes(
      { name: 'the left side', kernel: kernels[0] },
      { name: 'the right side', kernel: kernels[1] },
    );
    notes.add(
      remarks.map((text) => ({ text })),
      where,
    );
  }
  for (const [where, a, b] of editionPairs(left, right, pairing)) {
    found.verdicts.add(diffVerdicts(verdictsOn(left.report, a), verdictsOn(right.report, b)), [
      where,
    ]);
  }
  return {
    schemaVersion: 1,
    kind: 'matrix-diff',
    left: endOf(left),
    right: endOf(right),
    notes: [
      ...verdictNotes(left, right),
      ...notes.list(order).map(({ text, where }) => `${text}${inSome(where, order)}`),
    ],
    pairs: pairing.pairs.map(({ pair }) => pair),
    removed: pairing.removed,
    added: pairing.added,
    cells: found.cells.list(order),
    options: found.options.list(order),
    surface: {
      functions: found.functions.list(order),
      structs: found.structs.list(order),
      counters: found.counters.list(order),
      names: found.names.list(order),
    },
    fallbacks: found.fallbacks.list(order),
    sizes: found.sizes.list(order),
    counters: found.counts.list(order),
    outcomes: found.outcomes.list(order),
    performance: found.performance.list(order),
    verdicts: found.verdicts.list([]),
  };
}

/** Whether two sets of cells are the same, cell by cell. */
export function isEmptyMatrixDiff(diff: MatrixDiff): boolean {
  const { removed, added, cells } = diff;
  return removed.length + added.length + cells.length === 0 && isEmptyDiff(diff);
}

function newGatherers() {
  return {
    cells: new Gatherer<CellChange>(),
    options: new Gatherer<OptionDiff>(),
    functions: new Gatherer<FunctionDiff>(),
    structs: new Gatherer<StructDiff>(),
    counters: new Gatherer<CounterDiff>(),
    names: new Gatherer<NameDiff>(),
    fallbacks: new Gatherer<FallbackDiff>(),
    sizes: new Gatherer<SizeDiff>(),
    counts: new Gatherer<CountDiff>(),
    outcomes: new Gatherer<OutcomeDiff>(),
    performance: new Gatherer<PerformanceDiff>(),
    verdicts: new Gatherer<VerdictDiff>(),
  };
}

function changeOf(left: ReportCell, right: ReportCell): CellChange | undefined {
  if (left.status === right.status) return undefined;
  const rejecting = left.status === 'rejected' ? left : right;
  return { left: left.status, right: right.status, refusals: rejecting.refusals };
}

/** Cells often share their kernels: each two kernels are compared once, for all pairs of cells that have them. */
function kernelPairs({ pairs }: Pairing): { a: string; b: string; where: string[] }[] {
  const known = new Map<string, { a: string; b: string; where: string[] }>();
  for (const { pair, left, right } of pairs) {
    if (left.kernel === null || right.kernel === null) continue;
    const key = JSON.stringify([left.kernel, right.kernel]);
    const one = known.get(key) ?? { a: left.kernel, b: right.kernel, where: [] };
    one.where.push(pair.key);
    known.set(key, one);
  }
  return [...known.values()];
}

/** Editions whose verdicts stand opposite each other. */
function editionPairs(
  left: Selection,
  right: Selection,
  { acrossEditions }: Pairing,
): [where: string, left: string, right: string][] {
  if (acrossEditions) {
    const [[a = ''], [b = '']] = [editionsOf(left), editionsOf(right)];
    return [[`${a} -> ${b}`, a, b]];
  }
  const after = new Set(askedEditions(right));
  return askedEditions(left)
    .filter((name) => after.has(name))
    .map((name) => [name, name, name]);
}

/** The model checker is asked of editions, also of such as no cell has. */
function askedEditions({ report, edition }: Selection): string[] {
  const all = report.verification.flatMap(({ verdicts }) => verdicts.map((one) => one.edition));
  return [...new Set(all)].filter((name) => edition === undefined || name === edition);
}

function endOf(side: Selection): MatrixEnd {
  const [edition, ...others] = editionsOf(side);
  const only = edition !== undefined && others.length === 0 ? edition : null;
  return {
    name: side.edition ?? side.report.name,
    edition: only,
    source: side.source,
    cells: cellsOf(side).length,
  };
}

/** Verdicts that one side lacks altogether were not compared; a silent gap would read as no difference. */
function verdictNotes(left: Selection, right: Selection): string[] {
  const has = ({ report }: Selection): boolean => report.verification.length > 0;
  if (has(left) === has(right)) return [];
  return [
    `Only the ${has(left) ? 'left' : 'right'} side holds verdicts of the model checker: not compared.`,
  ];
}

function inSome(where: readonly string[], all: readonly string[]): string {
  return where.length === all.length ? '' : ` (${where.length} of ${all.length} cells)`;
}
