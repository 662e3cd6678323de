import { type Diagnostic, InputError, type Span } from '../input/index.ts';
import type { Measurement } from '../kernel/index.ts';
import type { CellResult, MatrixFile, MatrixResult, OptionSource } from '../matrix/index.ts';
import { buildReport, type Side, sideOfCell } from '../report/index.ts';
import type { CellName } from './cell-id.ts';
import type { Context } from './command.ts';
import { editionOf } from './edition.ts';
import { loadMatrix, runLoaded, toldSourceOf } from './matrix-options.ts';
import { writeRemark } from './output.ts';

/**
 * The sides of a diff for cells named on the command line, in order; `undefined` if Kconfig rejects one,
 * after saying why.
 */
export async function cellSides(
  context: Context,
  names: readonly CellName[],
): Promise<Side[] | undefined> {
  const distinct = new Map(names.map((name) => [keyOf(name), name]));
  const result = await runNamed(context, [...distinct.values()]);
  if (!result) return undefined;
  const report = buildReport(result);
  const keys = [...distinct.keys()];
  return names.map((name) => {
    const cell = report.cells[keys.indexOf(keyOf(name))];
    if (!cell) throw new Error(`the run of ${name.edition} yielded no cell`);
    return sideOfCell(report, cell.id, cell.kconfig);
  });
}

/**
 * Run one workload on the cell named on the command line; `undefined` if Kconfig rejects the cell, after
 * saying why.
 */
export async function cellMeasurement(
  context: Context,
  name: CellName,
  workload: string,
): Promise<Measurement | undefined> {
  const words = [{ text: workload, span: HERE }];
  const result = await runNamed(context, [name], (matrix) => ({ ...matrix, workloads: words }));
  if (!result) return undefined;
  const [cell] = result.cells;
  for (const note of cell?.notes ?? []) writeRemark(context.io, note);
  const measurement = cell?.measurements[0];
  if (!measurement) throw new Error(`${workload} yielded no measurement`);
  return measurement;
}

/** Two ways to write one cell are one cell; a matrix would refuse them as duplicates. */
function keyOf({ edition, settings }: CellName): string {
  const sorted = settings.map(({ name, value }) => `${name}=${value}`).sort();
  return JSON.stringify([edition, sorted]);
}

/** Run cells with base, workloads, CPU counts, runs and seed of a matrix, or of what is made of it. */
async function runNamed(
  context: Context,
  names: readonly CellName[],
  change: (matrix: MatrixFile) => MatrixFile = (matrix) => matrix,
): Promise<MatrixResult | undefined> {
  const matrix = change(loadMatrix(context.args.text('matrix'), context));
  const source = toldSourceOf(context);
  const result = await readingCommandLine(() =>
    runLoaded(context, matrixOf(matrix, names, source), source),
  );
  const rejected = result.cells.filter((cell) => cell.status === 'rejected');
  for (const cell of rejected) reportRejected(cell, context);
  return rejected.length > 0 ? undefined : result;
}

/** What is wrong with a cell of the command line is shown without a place, for it stands in no file. */
export async function readingCommandLine<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.diagnostics.map(withoutPlace), { cause: error });
  }
}

/** The matrix with the named cells in place of its own. */
function matrixOf(
  matrix: MatrixFile,
  names: readonly CellName[],
  source: OptionSource,
): MatrixFile {
  return {
    ...matrix,
    costs: [],
    axes: [],
    exclude: [],
    include: [],
    show: shownSymbols(matrix, names, source),
    cells: names.map(entryOf),
  };
}

/** A cell to be asked for, with CPU counts and workloads of its own where it has any. */
export interface AskedCell extends CellName {
  readonly cpus?: readonly number[];
  readonly workloads?: readonly string[];
}

/** A cell as an entry of a matrix file. */
export function entryOf({
  edition,
  settings,
  cpus,
  workloads,
}: AskedCell): MatrixFile['cells'][number] {
  return {
    span: HERE,
    settings: [{ name: 'edition', value: edition }, ...settings].map(({ name, value }) => ({
      name,
      nameSpan: HERE,
      value,
      valueSpan: HERE,
    })),
    ...(cpus && { cpus }),
    ...(workloads && { workloads: workloads.map((text) => ({ text, span: HERE })) }),
  };
}

/** Beyond this a Kconfig is that of a real tree, where showing every option would take minutes. */
const MANY_SYMBOLS = 2_000;

/** Every option there is, where that is feasible: a diff is to show all that differ, not a matrix's choice. */
export function shownSymbols(
  matrix: MatrixFile,
  names: readonly CellName[],
  source: OptionSource,
): MatrixFile['show'] {
  const symbols = new Set(matrix.show.map(({ text }) => text));
  for (const { edition, settings } of names) {
    const table = source.optionsOf(editionOf(edition)).kconfig.symbols;
    if (table.size <= MANY_SYMBOLS) {
      for (const { name, defined } of table) if (defined) symbols.add(name);
    }
    for (const { name } of settings) if (table.get(name)?.defined) symbols.add(name);
  }
  return [...symbols].map((text) => ({ text, span: HERE }));
}

const HERE: Span = { file: 'command line', line: 1, column: 1 };

function withoutPlace(diagnostic: Diagnostic): Diagnostic {
  if (diagnostic.span?.file !== HERE.file) return diagnostic;
  const { span: _, ...rest } = diagnostic;
  return rest;
}

function reportRejected({ spec, refusals }: CellResult, { io }: Context): void {
  for (const { symbol, wanted, got, reason } of refusals) {
    const outcome = got === '' ? '' : `, it is ${got}`;
    writeRemark(io, `${spec.id}: ${symbol}=${wanted} does not take effect${outcome}: ${reason}`);
  }
}
