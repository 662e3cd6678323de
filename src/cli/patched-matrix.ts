import { inputError, toJson } from '../input/index.ts';
import { Resolver } from '../matrix/index.ts';
import {
  availabilityChanges,
  type ChangedCell,
  compareDangling,
  fallbackChanges,
  type PatchedTree,
  removedOptions,
  type SourceTree,
  treeKconfig,
} from '../tree/index.ts';
import type { Context } from './command.ts';
import { loadMatrix } from './matrix-options.ts';
import { writeResult } from './output.ts';
import { type MatrixChanges, matrixChangesText } from './patched-matrix-text.ts';
import { readingOptions } from './source-tree.ts';
import { archFolder, valuesOf } from './surface-side.ts';
import { toolchainOf } from './toolchain-option.ts';
import { treeCells, whyRejected } from './tree-cells.ts';

const SCHEMA_VERSION = 1;

/** What a series changes in every cell of a matrix: the options of its cells, asked of the tree's Kconfig before and after. */
export async function writeMatrixChanges(
  context: Context,
  before: SourceTree,
  { tree: after, changed, conflicts, fuzzy }: PatchedTree,
): Promise<MatrixChanges> {
  const { args } = context;
  for (const name of ['left', 'right', 'symbol']) {
    if (args.has(name)) throw inputError('usage', `--matrix and --${name} exclude each other`);
  }
  // Both widths of x86 are in its tree of options: cells may ask for either.
  const arch = args.text('arch') ?? 'x86';
  const folder = archFolder(before, arch);
  const { cells, options } = resolved(context, before, after, folder === '' ? '' : arch);
  const functions = availabilityChanges(before, after, cells, { options, arch: folder });
  const threads = readingOptions(context);
  const fallbacks = await fallbackChanges(before, after, functions, threads);
  const changes: MatrixChanges = {
    series: { changed, conflicts, fuzzy },
    removedOptions: removedOptions(before, after),
    dangling: (await compareDangling(before, after, threads))
      .filter((one) => one.defined.before && !one.defined.after && one.references.length > 0)
      .map(({ symbol, references }) => ({ symbol, references })),
    cells: cells.map(({ id, rejected }) => ({ id, ...rejected })),
    functions,
    stubsDeleted: functions
      .filter((one) => one.before.some(isStub) && !one.after.some(isStub))
      .map(({ name }) => name),
    fallbacks,
  };
  writeResult(
    context,
    args.text('format') === 'json'
      ? toJson({ schemaVersion: SCHEMA_VERSION, ...changes })
      : matrixChangesText(changes),
  );
  return changes;
}

function isStub(body: string | null): boolean {
  return body?.startsWith('stub') === true;
}

interface ResolvedPair extends ChangedCell {
  /** Why Kconfig rejects it. */
  readonly rejected: { readonly before: string | null; readonly after: string | null };
}

/** The cells of the matrix, and the options that have another value in one of them after the change. */
function resolved(
  context: Context,
  before: SourceTree,
  after: SourceTree,
  arch: string,
): { cells: ResolvedPair[]; options: string[] } {
  const matrix = loadMatrix(context.args.text('matrix'), context);
  const profile = toolchainOf(context);
  const [was, is] = [
    { kconfig: treeKconfig(before, arch, profile), label: before.root },
    { kconfig: treeKconfig(after, arch, profile), label: `${before.root} (patched)` },
  ];
  const [left, right] = [new Resolver(was, matrix.base), new Resolver(is, matrix.base)];
  const names = new Set(
    [was, is].flatMap(({ kconfig }) => [...kconfig.symbols].map((s) => s.name)),
  );
  const options = new Set<string>();
  const cells = treeCells(matrix, was).map(({ id, spec }): ResolvedPair => {
    const [a, b] = [left.resolve(spec, []), right.resolve(spec, [])];
    const rejected = { before: whyRejected(a), after: whyRejected(b) };
    const [before, after] = [
      rejected.before === null ? valuesOf(a.config) : undefined,
      rejected.after === null ? valuesOf(b.config) : undefined,
    ];
    if (before && after)
      for (const name of names) if (before(name) !== after(name)) options.add(name);
    return { id, before, after, rejected };
  });
  return { cells, options: [...options].sort() };
}
