import { basename, dirname, extname, isAbsolute, join, sep } from 'node:path';
import {
  didYouMean,
  inputError,
  parseYaml,
  readText,
  type Span,
  type YamlNode,
} from '../input/index.ts';

/** Option sets to start from that need no file, as the kernel's `conf` names them. */
export const BASE_MODES = ['alldefconfig', 'allnoconfig', 'allyesconfig', 'allmodconfig'] as const;

/** One of the option sets that need no file. */
export type BaseMode = (typeof BASE_MODES)[number];

/** What every cell's options start from. */
export type Base =
  | { readonly kind: 'mode'; readonly mode: BaseMode }
  | { readonly kind: 'file'; readonly path: string; readonly text: string };

/** A word of the file and where it stands. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** An option (or the edition) and the value asked for. */
export interface Setting {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: string;
  readonly valueSpan: Span;
}

/** An axis as written. */
export interface FileAxis {
  readonly name: string;
  readonly span: Span;
  readonly values: readonly Word[];
}

/** An entry of `include`, `exclude` or `cells`. */
export interface Entry {
  readonly span: Span;
  readonly settings: readonly Setting[];
  readonly cpus?: readonly number[];
  readonly workloads?: readonly Word[];
}

/** A matrix file as written: its structure is right, its names are not checked yet. */
export interface MatrixFile {
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly base: Base;
  readonly show: readonly Word[];
  readonly cpus: readonly number[];
  /** Names of shipped workloads, or paths made relative to where kmatrix runs. */
  readonly workloads: readonly Word[];
  /** Workloads of which a single operation is priced, in time and in instructions, on one CPU. */
  readonly costs: readonly Word[];
  readonly runs: number;
  readonly seed: number;
  readonly matrixSpan: Span;
  readonly axes: readonly FileAxis[];
  readonly exclude: readonly Entry[];
  readonly include: readonly Entry[];
  /** Cells beside the matrix; no `include` or `exclude` touches them. */
  readonly cells: readonly Entry[];
}

/** The keys of a matrix file. */
export const TOP_KEYS = [
  'name',
  'description',
  'base',
  'show',
  'cpus',
  'workloads',
  'costs',
  'runs',
  'seed',
  'matrix',
  'cells',
] as const;

/** More CPUs than any truth or fact we have reaches; a mistyped number is likelier. */
const MAX_CPUS = 1024;

const MAX_RUNS = 1000;

/** Read and parse a matrix file. */
export function readMatrixFile(path: string): MatrixFile {
  return parseMatrixFile(readText(path, 'matrix file'), path);
}

/** Parse the text of a matrix file; `path` is used in messages and for files named relative to it. */
export function parseMatrixFile(text: string, path: string): MatrixFile {
  const root = parseYaml(text, path);
  if (root.kind === 'null') root.fail('empty-file', 'the matrix file is empty');
  root.onlyKeys(TOP_KEYS);
  const folder = dirname(path);
  const matrix = root.get('matrix');
  const cells = entriesOf(root.get('cells'), folder);
  if (!matrix && cells.length === 0) root.require('matrix');
  const axes = matrix ? axesOf(matrix) : [];
  const include = entriesOf(matrix?.get('include'), folder);
  if (matrix && axes.length === 0 && include.length === 0) {
    matrix.fail('empty-matrix', 'the matrix has no axis', 'give it one, e.g. "edition: [v7.0]"');
  }
  return {
    path,
    name: root.get('name')?.asString() ?? basename(path, extname(path)),
    description: root.get('description')?.asString().trim() ?? '',
    base: baseOf(root.get('base'), folder),
    show: distinct(root.get('show')?.items() ?? []),
    cpus: cpusOf(root.get('cpus')) ?? [1],
    workloads: workloadsOf(root.get('workloads'), folder) ?? [],
    costs: workloadsOf(root.get('costs'), folder) ?? [],
    runs: root.get('runs')?.asInteger({ min: 1, max: MAX_RUNS }) ?? 1,
    seed: root.get('seed')?.asInteger({ min: 0, max: 0xffff_ffff }) ?? 1,
    matrixSpan: root.keys().find((k) => k.name === 'matrix')?.span ?? root.span,
    axes,
    exclude: entriesOf(matrix?.get('exclude'), folder, 'axes only'),
    include,
    cells,
  };
}

function axesOf(matrix: YamlNode): FileAxis[] {
  const spans = new Map(matrix.keys().map((k) => [k.name, k.span]));
  return matrix
    .entries()
    .filter(([name]) => name !== 'include' && name !== 'exclude')
    .map(([name, node]) => {
      const items = node.items();
      if (items.some((item) => item.kind === 'map')) {
        const hint = didYouMean(name, ['include', 'exclude']);
        throw inputError(
          'unknown-key',
          `an axis has values, not maps: "${name}"`,
          spans.get(name),
          hint,
        );
      }
      const values = distinct(items);
      if (values.length === 0) node.fail('empty-axis', `the axis "${name}" has no values`);
      return { name, span: spans.get(name)!, values };
    });
}

function distinct(items: readonly YamlNode[]): Word[] {
  const seen = new Set<string>();
  return items.map((item) => {
    const text = item.asScalarText();
    if (seen.has(text)) item.fail('duplicate-value', `"${text}" is given twice in this list`);
    seen.add(text);
    return { text, span: item.span };
  });
}

function entriesOf(
  list: YamlNode | undefined,
  folder: string,
  kind: 'any' | 'axes only' = 'any',
): Entry[] {
  if (!list || list.kind === 'null') return [];
  return list.items().map((item) => {
    const spans = new Map(item.keys().map((k) => [k.name, k.span]));
    const settings: Setting[] = [];
    let cpus: readonly number[] | undefined;
    let workloads: readonly Word[] | undefined;
    for (const [name, node] of item.entries()) {
      if (kind === 'any' && name === 'cpus') cpus = cpusOf(node);
      else if (kind === 'any' && name === 'workloads') workloads = workloadsOf(node, folder);
      else {
        settings.push({
          name,
          nameSpan: spans.get(name)!,
          value: node.asScalarText(),
          valueSpan: node.span,
        });
      }
    }
    if (settings.length === 0) item.fail('empty-entry', 'this entry names no axis and no option');
    return { span: item.span, settings, ...(cpus && { cpus }), ...(workloads && { workloads }) };
  });
}

function cpusOf(node: YamlNode | undefined): number[] | undefined {
  if (!node) return undefined;
  const seen = new Set<number>();
  for (const item of node.items()) {
    const count = item.asInteger({ min: 1, max: MAX_CPUS });
    if (seen.has(count)) item.fail('duplicate-value', `${count} is given twice in this list`);
    seen.add(count);
  }
  if (seen.size === 0) node.fail('empty-list', `"${node.path}" has no values`);
  return [...seen];
}

/** A word with a slash or a YAML ending is a file beside the matrix file; any other names a shipped workload. */
function workloadsOf(node: YamlNode | undefined, folder: string): Word[] | undefined {
  return (
    node &&
    distinct(node.items()).map(({ text, span }) => ({
      text: isPath(text) ? beside(folder, text) : text,
      span,
    }))
  );
}

function baseOf(node: YamlNode | undefined, folder: string): Base {
  if (!node) return { kind: 'mode', mode: 'alldefconfig' };
  const text = node.asScalarText();
  if (BASE_MODES.some((mode) => mode === text) || !isPath(text)) {
    return { kind: 'mode', mode: node.asOneOf(BASE_MODES) };
  }
  const path = beside(folder, text);
  return { kind: 'file', path, text: readText(path, '.config file') };
}

/** A path as seen from where kmatrix runs; it keeps a slash, so that it is not taken for a name. */
function beside(folder: string, path: string): string {
  if (isAbsolute(path)) return path;
  const joined = join(folder, path);
  return joined.includes(sep) ? joined : `.${sep}${joined}`;
}

function isPath(text: string): boolean {
  return /[/.]/.test(text);
}
