import { toJson } from '../input/index.ts';
import {
  anyBreaks,
  type CheckChanges,
  checkChangesCsv,
  checkChangesDocument,
  checkChangesJunit,
  checkChangesMarkdown,
  checkChangesSarif,
  checkChangesText,
} from '../report/index.ts';
import { patchTree, readPatches, type SourceTree } from '../tree/index.ts';
import { type CheckCells, checkCells } from './check-cells.ts';
import { isSourceFor, wantSource } from './check-sources.ts';
import { checkedSides } from './checked-sides.ts';
import type { Context } from './command.ts';
import { writeConflicts } from './conflicts.ts';
import { sarifWriter } from './format.ts';
import { exit } from './io.ts';
import { writeRemark, writeResult } from './output.ts';
import { userPath } from './paths.ts';
import { scanOf } from './source-tree.ts';

const SCHEMA_VERSION = 1;

/** What a tree is compared with, and what that is called. */
export interface OtherTree {
  readonly tree: SourceTree;
  readonly name: string;
  /** Do patches not fit it. */
  readonly conflicts: boolean;
}

/**
 * The tree on the right of a check: another one, or one with patches on top, whose conflicts are said on standard error;
 * undefined where none is asked for. Throws an InputError for patches, or a tree, that cannot be read.
 */
export async function otherTree(
  context: Context,
  before: SourceTree,
): Promise<OtherTree | undefined> {
  const { args, io } = context;
  const other = args.text('right-tree');
  const files = args.all('patch');
  if (other === undefined && files.length === 0) return undefined;
  const patches = files.flatMap((path) => readPatches(userPath(path, io)));
  const tree = other === undefined ? before : await scanOf(context, other);
  const name = [other ?? args.text('tree'), ...files].join(' + ');
  if (patches.length === 0) return { tree, name, conflicts: false };
  const patched = patchTree(tree, patches);
  writeConflicts(io, patched);
  return { tree: patched.tree, name, conflicts: patched.conflicts.length > 0 };
}

/**
 * Check files, by their names on the command line and their paths, in two trees, and write what is different. Gives the exit
 * code: no where something breaks on the right only, patches do not fit, or nothing was checked. Throws an InputError for a
 * file that neither side has, or that is no text.
 */
export async function writeCheckChanges(
  context: Context,
  files: readonly { readonly name: string; readonly path: string }[],
  before: SourceTree,
  after: OtherTree,
): Promise<number> {
  const { args, io } = context;
  for (const { path } of files) {
    // What patches make is text; of what nobody has that is said.
    if (isSourceFor(before, path) || !isSourceFor(after.tree, path)) wantSource(path);
  }
  const [was, is] = checkCells(context, before, after.tree) as [CheckCells, CheckCells];
  const changes: CheckChanges = {
    trees: { before: args.text('tree') as string, after: after.name },
    cells: was.all.map(({ id, rejected }, i) => ({
      id,
      before: rejected,
      after: is.all[i]!.rejected,
    })),
    files: await bothSides(context, files, [before, was], [after.tree, is]),
  };
  const checked = changes.cells.some((cell) => cell.before === null || cell.after === null);
  if (!checked) writeRemark(io, 'Kconfig rejects every configuration: nothing was checked');
  writeResult(context, rendered(changes, context));
  return !checked || after.conflicts || anyBreaks(changes) ? exit.no : exit.done;
}

async function bothSides(
  context: Context,
  files: readonly { readonly name: string; readonly path: string }[],
  ...trees: readonly [tree: SourceTree, cells: CheckCells][]
): Promise<CheckChanges['files']> {
  const sides = trees.map(([tree, { cells }]) => ({
    tree,
    cells,
    there: files.filter(({ path }) => isSourceFor(tree, path)),
  }));
  const checked = await checkedSides(
    context,
    sides.map((side) => ({ ...side, paths: side.there.map(({ path }) => path) })),
  );
  // Named as on the command line, so that a report is the same wherever it is made.
  const [was, is] = sides.map(
    ({ there }, at) =>
      new Map(there.map(({ name, path }, i) => [path, { ...checked[at]![i]!, file: name }])),
  );
  return files.map(({ name, path }) => ({
    file: name,
    before: was?.get(path) ?? null,
    after: is?.get(path) ?? null,
  }));
}

function rendered(changes: CheckChanges, context: Context): string {
  const { args } = context;
  const all = args.has('all');
  switch (args.text('format')) {
    case 'json':
      return toJson({ schemaVersion: SCHEMA_VERSION, ...checkChangesDocument(changes) });
    case 'md':
      return checkChangesMarkdown(changes, all);
    case 'csv':
      return checkChangesCsv(changes);
    case 'sarif':
      return checkChangesSarif(changes, sarifWriter(context));
    case 'junit':
      return checkChangesJunit(changes);
    default:
      return checkChangesText(changes, all);
  }
}
