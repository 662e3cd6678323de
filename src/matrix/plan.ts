import {
  type Diagnostic,
  didYouMean,
  errorDiagnostic,
  InputError,
  inputError,
  type Span,
} from '../input/index.ts';
import { type Combination, combinationCount, expand, type Values } from './expand.ts';
import { type Entry, type MatrixFile, type Setting, TOP_KEYS, type Word } from './matrix-file.ts';
import type { CellSpec, MatrixPlace } from './types.ts';
import { valueProblem } from './value.ts';

/** The types a Kconfig symbol can have. */
export type SymbolType = 'bool' | 'tristate' | 'int' | 'hex' | 'string';

/** What the names of a matrix file may refer to. */
export interface KnownNames {
  readonly editions: readonly string[];
  readonly workloads: readonly string[];
  /** Names of all symbols any edition's Kconfig defines, for suggestions. */
  symbolNames(): Iterable<string>;
  /** Types the editions give the symbol (usually one); empty where none defines it. */
  symbolTypes(name: string): readonly SymbolType[];
}

/** The cells of a matrix and remarks that do not stop it. */
export interface Plan {
  readonly cells: readonly CellSpec[];
  /** Axis names in order, `edition` first where it is one. */
  readonly axes: readonly string[];
  readonly show: readonly string[];
  readonly warnings: readonly Diagnostic[];
}

/** Above this a matrix is a slip (an axis of numbers, a wrong base), not a wish. */
export const MAX_CELLS = 100_000;

const EDITION = 'edition';

/** Check every name and value of a matrix file and make its cells. Throws one `InputError` with all that is wrong. */
export function planMatrix(file: MatrixFile, known: KnownNames): Plan {
  checkNames(file, known);
  const count =
    combinationCount(file.axes.map(axisValues)) + file.include.length + file.cells.length;
  if (count > MAX_CELLS) {
    throw inputError(
      'too-many-cells',
      `this matrix has ${count} combinations; the most is ${MAX_CELLS}`,
      file.matrixSpan,
      'leave out an axis or some values; "exclude" counts only afterwards',
    );
  }
  const { combinations, idleExcludes } = expand(
    file.axes.map(axisValues),
    file.exclude.map((e) => valuesOf(e.settings)),
    file.include.map((e) => valuesOf(e.settings)),
  );
  const axes = axisOrder(file);
  const sources = [
    ...combinations.map((c) => fromCombination(c, file)),
    ...file.cells.map((entry) => ({
      values: valuesOf(entry.settings),
      entries: [entry],
      span: entry.span,
    })),
  ];
  return {
    cells: makeCells(sources, file, axes),
    axes,
    show: file.show.map((word) => word.text),
    warnings: idleExcludes.map((i) => idleExclude(file.exclude[i]!, file)),
  };
}

function axisValues(axis: { name: string; values: readonly Word[] }): {
  name: string;
  values: string[];
} {
  return { name: axis.name, values: axis.values.map((word) => word.text) };
}

function valuesOf(settings: readonly Setting[]): Values {
  return new Map(settings.map((s) => [s.name, s.value]));
}

function axisOrder(file: MatrixFile): string[] {
  const names = file.axes.map((axis) => axis.name);
  return names.includes(EDITION) ? [EDITION, ...names.filter((n) => n !== EDITION)] : names;
}

/** A cell before it has a name: its values, the entries that took part, and where to point. */
interface Source {
  readonly values: Values;
  readonly entries: readonly Entry[];
  readonly span: Span;
}

function fromCombination(combination: Combination, file: MatrixFile): Source {
  const entries = combination.included.map((i) => file.include[i]!);
  const own = combination.original ? undefined : entries[0];
  return { values: combination.values, entries, span: own?.span ?? file.matrixSpan };
}

function makeCells(
  sources: readonly Source[],
  file: MatrixFile,
  axes: readonly string[],
): CellSpec[] {
  const seen = new Map<string, Span>();
  return sources.map(({ values, entries, span }) => {
    const edition = values.get(EDITION);
    if (edition === undefined) {
      throw inputError(
        'no-edition',
        'this cell has no edition',
        span,
        'name one here, or make "edition" an axis',
      );
    }
    const onAxes = axes.filter((name) => name !== EDITION && values.has(name));
    const set = inOrder(values, axes);
    const key = cellId(edition, [...set].sort(byName));
    const id = cellId(edition, [...set]);
    const first = seen.get(key);
    if (first) {
      throw inputError(
        'duplicate-cell',
        `the cell ${id} is there already`,
        span,
        `it comes from line ${first.line}`,
      );
    }
    seen.set(key, span);
    return {
      id,
      edition,
      axes: Object.fromEntries(onAxes.map((name) => [name, values.get(name)!])),
      set: Object.fromEntries(set),
      places: placesOf(values, entries, file),
      cpus: entries.findLast((e) => e.cpus)?.cpus ?? file.cpus,
      workloads: (entries.findLast((e) => e.workloads)?.workloads ?? file.workloads).map(
        (word) => word.text,
      ),
      ...(file.costs.length > 0 && { costs: file.costs.map((word) => word.text) }),
    };
  });
}

/** Where each value of a cell was asked for: by the last entry that gives it, else by its axis. */
function placesOf(
  values: Values,
  entries: readonly Entry[],
  file: MatrixFile,
): Record<string, MatrixPlace> {
  const spanOf = (name: string, value: string): Span | undefined =>
    entries
      .flatMap(({ settings }) => settings)
      .findLast((s) => s.name === name && s.value === value)?.valueSpan ??
    file.axes.find((axis) => axis.name === name)?.values.find(({ text }) => text === value)?.span;
  return Object.fromEntries(
    [...values].flatMap(([name, value]) => {
      const span = spanOf(name, value);
      // A cell of the command line stands in no file.
      return span?.file === file.matrixSpan.file
        ? [[name, { line: span.line, column: span.column }]]
        : [];
    }),
  );
}

/**
 * The name of a configuration: `edition:NAME=value,NAME=value`, or the edition alone. A value that would be
 * misread is quoted.
 */
export function cellId(edition: string, settings: readonly (readonly [string, string])[]): string {
  if (settings.length === 0) return edition;
  const list = settings
    .map(([name, value]) => `${name}=${/^[\w./+-]+$/.test(value) ? value : JSON.stringify(value)}`)
    .join(',');
  return `${edition}:${list}`;
}

/** The options of a cell as its name has them: the matrix's axes first. */
function inOrder(values: Values, axes: readonly string[]): Map<string, string> {
  const onAxes = axes.filter((name) => name !== EDITION && values.has(name));
  const set = new Map(onAxes.map((name) => [name, values.get(name)!]));
  for (const [name, value] of values) if (name !== EDITION) set.set(name, value);
  return set;
}

/** The id a cell with these options has, or would have, in a matrix with these axes. */
export function cellIdOn(
  axes: readonly string[],
  edition: string,
  set: Readonly<Record<string, string>>,
): string {
  return cellId(edition, [...inOrder(new Map(Object.entries(set)), axes)]);
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function idleExclude(entry: Entry, file: MatrixFile): Diagnostic {
  const strange = entry.settings
    .map((s) => {
      const values = file.axes.find((a) => a.name === s.name)?.values.map((w) => w.text) ?? [];
      return values.includes(s.value) ? undefined : { s, values };
    })
    .find((found) => found !== undefined);
  if (!strange) {
    return warning(
      'idle-exclude',
      'this exclude removes nothing: its cells are gone already',
      entry.span,
    );
  }
  const { s, values } = strange;
  return warning(
    'idle-exclude',
    `this exclude removes nothing: the axis "${s.name}" has no value "${s.value}"`,
    s.valueSpan,
    didYouMean(s.value, values) ?? `it has ${values.join(', ')}`,
  );
}

function warning(code: string, message: string, span: Span, hint?: string): Diagnostic {
  return { code, severity: 'warning', message, span, ...(hint !== undefined && { hint }) };
}

function checkNames(file: MatrixFile, known: KnownNames): void {
  const problems: Diagnostic[] = [];
  const add = (problem: Diagnostic | undefined): void => {
    if (problem) problems.push(problem);
  };
  for (const word of file.show) add(symbolProblem(word.text, word.span, known));
  for (const word of [...file.workloads, ...file.costs]) add(workloadProblem(word, known));
  for (const axis of file.axes) {
    const problem = nameProblem(axis.name, axis.span, known);
    add(problem);
    if (problem) continue;
    for (const { text, span } of axis.values)
      add(settingValueProblem(axis.name, text, span, known));
  }
  for (const entry of file.exclude) {
    for (const s of entry.settings) add(axisProblem(s, file));
  }
  for (const entry of [...file.include, ...file.cells]) {
    for (const word of entry.workloads ?? []) add(workloadProblem(word, known));
    for (const s of entry.settings) {
      add(
        nameProblem(s.name, s.nameSpan, known) ??
          settingValueProblem(s.name, s.value, s.valueSpan, known),
      );
    }
  }
  if (problems.length > 0) throw new InputError(inFileOrder(problems));
}

function inFileOrder(problems: readonly Diagnostic[]): Diagnostic[] {
  return problems.toSorted(
    (a, b) => a.span!.line - b.span!.line || a.span!.column - b.span!.column,
  );
}

function nameProblem(name: string, span: Span, known: KnownNames): Diagnostic | undefined {
  if (name === EDITION) return undefined;
  if (TOP_KEYS.some((key) => key === name)) {
    return errorDiagnostic(
      'unknown-symbol',
      `"${name}" is no option`,
      span,
      'it belongs at the top of the file',
    );
  }
  return symbolProblem(name, span, known, ['edition', 'include', 'exclude', 'cpus', 'workloads']);
}

function symbolProblem(
  name: string,
  span: Span,
  known: KnownNames,
  others: readonly string[] = [],
): Diagnostic | undefined {
  if (known.symbolTypes(name).length > 0) return undefined;
  const bare = name.replace(/^CONFIG_/, '');
  const hint =
    known.symbolTypes(bare).length > 0
      ? `write it without CONFIG_: ${bare}`
      : didYouMean(bare, [...others, ...known.symbolNames()]);
  return errorDiagnostic('unknown-symbol', `no edition has an option "${name}"`, span, hint);
}

function settingValueProblem(
  name: string,
  value: string,
  span: Span,
  known: KnownNames,
): Diagnostic | undefined {
  if (name === EDITION) {
    if (known.editions.includes(value)) return undefined;
    return errorDiagnostic(
      'unknown-edition',
      `there is no edition "${value}"`,
      span,
      didYouMean(value, known.editions) ?? `the editions are ${known.editions.join(', ')}`,
    );
  }
  const problem = valueProblem(name, value, known.symbolTypes(name));
  return problem && errorDiagnostic('wrong-value', problem.message, span, problem.hint);
}

function workloadProblem(word: Word, known: KnownNames): Diagnostic | undefined {
  if (/[/.]/.test(word.text) || known.workloads.includes(word.text)) return undefined;
  return errorDiagnostic(
    'unknown-workload',
    `there is no workload "${word.text}"`,
    word.span,
    didYouMean(word.text, known.workloads) ??
      `shipped are ${known.workloads.join(', ')}; a file is named with its folder, e.g. ./mine.yaml`,
  );
}

function axisProblem(s: Setting, file: MatrixFile): Diagnostic | undefined {
  const names = file.axes.map((axis) => axis.name);
  if (names.includes(s.name)) return undefined;
  return errorDiagnostic(
    'unknown-axis',
    `"${s.name}" is no axis of this matrix`,
    s.nameSpan,
    didYouMean(s.name, names) ?? `the axes are ${names.join(', ')}`,
  );
}
