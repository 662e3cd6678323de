import { keyOf, symbolsOf } from '../condition/formula.ts';
import { languageOf } from '../refs/language.ts';
import { byBytes, sortByBytes } from '../scan/list-files.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { plainMacros } from './answered.ts';
import { isBuilt, isCompiled } from './built.ts';
import { type Body, bodyOf } from './function-changes.ts';
import { itemsOf } from './items.ts';
import type { SurfaceSide } from './surface.ts';
import { type Values, viewOf } from './view.ts';

/** A configuration before and after a change of the tree; undefined where Kconfig rejects it. */
export interface ChangedCell {
  readonly id: string;
  readonly before: Values | undefined;
  readonly after: Values | undefined;
}

/** What became of a function in every configuration. */
export interface AvailabilityChange {
  readonly name: string;
  /** Where its code is, or else its stub; after the change, or else before it. */
  readonly file: string;
  /** In the order of the configurations; null where a configuration is rejected. */
  readonly before: readonly (Body | null)[];
  readonly after: readonly (Body | null)[];
}

/** What is compared in all configurations. */
export interface AvailabilityOptions {
  /** Options whose values differ in some configuration. */
  readonly options: readonly string[];
  /** The folder below arch/ that is compiled. */
  readonly arch: string;
}

/** The more of a function there is, the later. */
const RANK: readonly Body[] = ['absent', 'stub-empty', 'stub-constant', 'code'];

/**
 * Functions that are code, a stub or absent in other configurations than before. `after` is the tree of `before` with
 * changes in memory; only files that changed, or that mention an option whose value did, are looked at.
 */
export function availabilityChanges(
  before: SourceTree,
  after: SourceTree,
  cells: readonly ChangedCell[],
  { options, arch }: AvailabilityOptions,
): AvailabilityChange[] {
  const files = new Set(after.overlay.keys());
  for (const tree of [before, after]) {
    for (const name of options.flatMap((option) => [option, `${option}_MODULE`])) {
      for (const { path } of tree.index.mentions(name)) files.add(path);
    }
  }
  for (const path of rebuilt(before, after, new Set(options), arch)) files.add(path);
  const paths = sortByBytes([...files].filter((path) => isCompiled(path, arch)));
  const [was, is] = [
    new Availability(
      before,
      arch,
      cells.map((cell) => cell.before),
    ),
    new Availability(
      after,
      arch,
      cells.map((cell) => cell.after),
    ),
  ];
  for (const path of paths) for (const side of [was, is]) side.take(path);
  return [...new Set([...was.functions.keys(), ...is.functions.keys()])]
    .map((name) => ({
      name,
      file: is.fileOf(name) ?? was.fileOf(name) ?? '',
      before: was.bodies(name),
      after: is.bodies(name),
    }))
    .filter((one) => one.before.some((body, i) => isOther(body, one.after[i] ?? null)))
    .sort((a, b) => byBytes(a.file, b.file) || byBytes(a.name, b.name));
}

/** Files Kbuild compiles under another condition, or under one that asks for these options. */
function rebuilt(
  before: SourceTree,
  after: SourceTree,
  options: ReadonlySet<string>,
  arch: string,
): readonly string[] {
  const mentions = [...options].flatMap((name) => after.index.mentions(name));
  const makefiles = [...after.overlay.keys(), ...mentions.map(({ path }) => path)].filter(
    (path) => languageOf(path) === 'makefile',
  );
  const folders = [...new Set(makefiles.map((path) => path.slice(0, path.lastIndexOf('/') + 1)))];
  return after.index.files.filter((path) => {
    if (!folders.some((folder) => path.startsWith(folder)) || !isCompiled(path, arch)) return false;
    const [was, is] = [before.kbuild.conditionOf(path), after.kbuild.conditionOf(path)];
    return keyOf(was) !== keyOf(is) || [...symbolsOf(is)].some((name) => options.has(name));
  });
}

/** A configuration that is rejected tells nothing. */
function isOther(before: Body | null, after: Body | null): boolean {
  return before !== null && after !== null && before !== after;
}

/** What the functions of some files are in every configuration of a tree. */
class Availability {
  readonly functions = new Map<string, { file: string; rank: number; cells: Uint8Array }>();
  readonly #tree: SourceTree;
  readonly #arch: string;
  readonly #cells: readonly (Values | undefined)[];
  readonly #files: ReadonlyMap<string, number>;

  constructor(tree: SourceTree, arch: string, cells: readonly (Values | undefined)[]) {
    this.#tree = tree;
    this.#arch = arch;
    this.#cells = cells;
    this.#files = new Map(tree.index.files.map((path, at) => [path, at]));
  }

  take(path: string): void {
    const at = this.#files.get(path);
    const text = at === undefined ? undefined : this.#tree.text(path);
    if (at === undefined || text === undefined) return;
    const options = this.#optionsIn(at);
    // Configurations that differ in nothing the file asks for see the same.
    const views = new Map<string, ReadonlyMap<string, Body>>();
    for (const [cell, values] of this.#cells.entries()) {
      const side: SurfaceSide | undefined = values && { tree: this.#tree, values };
      if (!side || !isBuilt(path, { ...side, arch: this.#arch })) continue;
      const key = options.map((name) => side.values(name) ?? '').join('\0');
      let bodies = views.get(key);
      if (!bodies) views.set(key, (bodies = bodiesOf(text, side)));
      for (const [name, body] of bodies) this.#put(name, path, cell, RANK.indexOf(body));
    }
  }

  /** A function may be code in one file and a stub in another: the code counts. */
  #put(name: string, file: string, cell: number, rank: number): void {
    let one = this.functions.get(name);
    if (!one) {
      one = { file, rank, cells: new Uint8Array(this.#cells.length) };
      this.functions.set(name, one);
    }
    if (rank > one.rank) [one.file, one.rank] = [file, rank];
    one.cells[cell] = Math.max(one.cells[cell] as number, rank);
  }

  fileOf(name: string): string | undefined {
    return this.functions.get(name)?.file;
  }

  bodies(name: string): (Body | null)[] {
    const ranks = this.functions.get(name)?.cells;
    return this.#cells.map((values, cell) => (values ? (RANK[ranks?.[cell] ?? 0] as Body) : null));
  }

  /** What a file mentions, and what width of words is asked by. */
  #optionsIn(file: number): readonly string[] {
    const { start, name, names } = this.#tree.index.columns;
    const ids = new Set(name.subarray(start[file], start[file + 1]));
    return ['64BIT', ...[...ids].map((id) => names[id] as string)].flatMap((one) => [
      one,
      one.replace(/_MODULE$/, ''),
    ]);
  }
}

function bodiesOf(text: string, { tree, values }: SurfaceSide): ReadonlyMap<string, Body> {
  const { functions } = itemsOf(viewOf(text, values, plainMacros(tree.defines)).text);
  return new Map([...functions].map(([name, { body }]) => [name, bodyOf(body)]));
}
