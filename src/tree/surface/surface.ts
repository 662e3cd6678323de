import { type Skip, sortByBytes } from '../scan/list-files.ts';
import { type ThreadOptions, Threads } from '../scan/threads.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { isBuilt, isCompiled } from './built.ts';
import { Collector } from './collector.ts';
import type { FunctionChange } from './function-changes.ts';
import { type MovedFile, movedFiles } from './moved-files.ts';
import type { OpenQuestion } from './open-questions.ts';
import { differingRust } from './rust-files.ts';
import { Slices } from './slices.ts';
import type { Values } from './view.ts';

export { type Body, bodyOf, type FunctionChange } from './function-changes.ts';

/** A member of a struct that one side lacks or declares otherwise. */
export interface FieldChange {
  readonly struct: string;
  readonly field: string;
  readonly file: string;
  /** The declaration; null where there is no such field. */
  readonly left: string | null;
  readonly right: string | null;
}

/** A struct in one configuration. */
export interface StructSide {
  /** Bytes, where it was asked for (`structLayouts`). */
  readonly size: number | null;
  readonly fields: readonly string[];
}

/** A struct that differs; null where it is not there. */
export interface StructChange {
  readonly name: string;
  readonly file: string;
  readonly left: StructSide | null;
  readonly right: StructSide | null;
}

/** A macro, enumerator or object that differs: what it is on each side, null where it is not there. */
export interface NameChange {
  readonly name: string;
  readonly file: string;
  readonly left: string | null;
  readonly right: string | null;
}

/** What is different between two configurations of a tree; lists sorted by file and name. */
export interface Surface {
  /** Options whose values differ. */
  readonly options: readonly string[];
  readonly functions: readonly FunctionChange[];
  readonly structs: readonly StructChange[];
  readonly fields: readonly FieldChange[];
  readonly macros: readonly NameChange[];
  readonly enumerators: readonly NameChange[];
  /** Variables, by what they are declared as and begin with; of a long initializer the part that differs. */
  readonly variables: readonly NameChange[];
  /** Objects Kbuild makes in one of the two only. */
  readonly objects: readonly {
    readonly name: string;
    readonly left: boolean;
    readonly right: boolean;
  }[];
  /** Files that have another path on the right; what is different within them is told of the new one. */
  readonly moved: readonly MovedFile[];
  /** Files whose braces or conditionals do not add up; what is said of them may be incomplete. */
  readonly unparsed: readonly Skip[];
  /** Questions taken for not so because it is not known what they ask for, where more might be different by them. */
  readonly unanswered: readonly OpenQuestion[];
}

/** One of the two that are compared: a tree, maybe with patches on top, in a configuration. */
export interface SurfaceSide {
  readonly tree: SourceTree;
  readonly values: Values;
}

/** What is compared, and with how many threads. */
export interface SurfaceOptions extends ThreadOptions {
  /** Options whose values differ. */
  readonly options: readonly string[];
  /** The folder below arch/ that is compiled. */
  readonly arch: string;
  /** Also tell of functions in which nothing is different but what a macro stands for. Default: yes. */
  readonly byMacro?: boolean;
}

/** A macro that keeps a header from being read twice. */
const GUARD = /^_*[A-Z0-9_]+_H_*$/;

/** Rounds in which macros that use changed macros are looked for. */
const ROUNDS = 3;

/**
 * What is different between two configurations of a tree, or between two trees: functions, types, macros, enumerators,
 * variables, objects. Headers are not included; macros are replaced only where they are called at file scope, for what they
 * declare, but a function that uses a macro whose definition is different is told too.
 */
export async function surfaceOf(
  left: SurfaceSide,
  right: SurfaceSide,
  options: SurfaceOptions,
): Promise<Surface> {
  const compiled = [left, right].flatMap(({ tree }) => tree.index.files);
  const known = new Set(compiled.filter((path) => isCompiled(path, options.arch)));
  const all = sortByBytes([...known]);
  const objects = objectChanges(all, left, right, options.arch);
  const files = new Set<string>(objects.map(({ path }) => path));
  for (const { tree } of [left, right]) {
    for (const option of options.options) {
      for (const name of [option, `${option}_MODULE`]) {
        for (const { path } of tree.index.mentions(name)) if (known.has(path)) files.add(path);
      }
    }
  }
  const slices = new Slices(options);
  if (left.tree !== right.tree) {
    for (const [at, path] of all.entries()) {
      if (isOther(path, left, right)) files.add(path);
      if (slices.isOver) await slices.next(at + 1, all.length);
    }
  }
  const moved = left.tree === right.tree ? [] : movedFiles(left.tree, right.tree, files);
  const wasAt = new Map(moved.map(({ from, to }) => [to, from]));
  for (const { from } of moved) files.delete(from);
  const found = new Collector(left, right, options);
  await found.leaveUnreached(files, all, options);
  const paths = sortByBytes([...files]);
  for (const [at, path] of paths.entries()) {
    found.take(path, wasAt.get(path));
    if (slices.isOver) await slices.next(at + 1, paths.length);
  }
  if (options.byMacro !== false) await macroUsers(all, left, found, options);
  const other = (path: string): boolean => isOther(path, left, right);
  for (const path of differingRust(left, right, options.options, other))
    found.leaveOut(path, 'Rust is not compared');
  return found.surface({
    options: options.options,
    moved,
    objects: objects.map(({ path, left: l, right: r }) => ({
      name: path.replace(/\.[^.]+$/, '.o'),
      left: l,
      right: r,
    })),
  });
}

/** Do the bytes of a file differ between two trees. */
function isOther(path: string, left: SurfaceSide, right: SurfaceSide): boolean {
  // The same tree below: only what patches touch can differ.
  if (left.tree.root === right.tree.root) {
    if (!left.tree.overlay.has(path) && !right.tree.overlay.has(path)) return false;
  }
  return (
    left.tree.has(path) !== right.tree.has(path) || left.tree.text(path) !== right.tree.text(path)
  );
}

function objectChanges(
  compiled: readonly string[],
  left: SurfaceSide,
  right: SurfaceSide,
  arch: string,
): { path: string; left: boolean; right: boolean }[] {
  const [l, r] = [
    { ...left, arch },
    { ...right, arch },
  ];
  return compiled
    .filter((path) => !path.endsWith('.h'))
    .map((path) => ({ path, left: isBuilt(path, l), right: isBuilt(path, r) }))
    .filter((one) => one.left !== one.right);
}

/** Functions that are different only because a macro they can see is. */
async function macroUsers(
  compiled: readonly string[],
  { tree }: SurfaceSide,
  found: Collector,
  options: ThreadOptions,
): Promise<void> {
  const { changed } = found;
  const files = compiled.filter((path) => tree.has(path) && !tree.overlay.has(path));
  const patched = compiled.filter((path) => tree.overlay.get(path) !== undefined);
  let known = 0;
  let fresh: readonly Pick<NameChange, 'name' | 'file'>[] = [];
  const threads = new Threads(options);
  const slices = new Slices(options);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const more = found.macros.slice(known).filter(({ name }) => !GUARD.test(name));
      known = found.macros.length;
      fresh = [...fresh, ...more];
      if (fresh.length === 0) break;
      for (const { name, file } of fresh) changed.add(name, file);
      const words = [...new Set(fresh.map(({ name }) => name))];
      const parts = await threads.words(tree.root, files, words);
      const paths = parts.flatMap((part) =>
        part.found
          .map(([at, ids]) => ({ path: files[at] as string, ids }))
          .filter(({ path, ids }) => ids.some((id) => changed.isIn(words[id] as string, path)))
          .map(({ path }) => path),
      );
      const next: { name: string; file: string }[] = [];
      const all = sortByBytes([...paths, ...patched]);
      for (const [at, path] of all.entries()) {
        const isChanged = (name: string): boolean => changed.isIn(name, path);
        for (const name of found.users(path, isChanged)) next.push({ name, file: path });
        if (slices.isOver) await slices.next(at + 1, all.length);
      }
      fresh = next;
    }
  } finally {
    await threads.end();
  }
}
