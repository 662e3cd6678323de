import { type Formula, freeOf } from '../condition/formula.ts';
import { KernelFiles } from '../preprocess/kernel-files.ts';
import type { Files } from '../preprocess/unit.ts';
import { isAssembly } from '../refs/language.ts';
import { type Skip, sortByBytes } from '../scan/list-files.ts';
import { type ThreadOptions, Threads } from '../scan/threads.ts';
import { detached, detachedOr } from '../source/detached.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { plainMacros } from './answered.ts';
import { isBuilt, isCompiled } from './built.ts';
import type { Included } from './enumerators.ts';
import { type FunctionChange, FunctionChanges } from './function-changes.ts';
import { HeaderMacros } from './header-macros.ts';
import { HeaderNames } from './header-names.ts';
import { type Items, itemsOf } from './items.ts';
import { type MovedFile, movedFiles } from './moved-files.ts';
import { withoutMoved } from './moved-names.ts';
import { type OpenQuestion, OpenQuestions } from './open-questions.ts';
import { differingRust } from './rust-files.ts';
import { Slices } from './slices.ts';
import { unreachedHeaders } from './unreached.ts';
import { variableTexts } from './variable-changes.ts';
import { type Values, type View, viewOf } from './view.ts';
import { VisibleNames } from './visible-names.ts';

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
 * variables, objects. Headers are not included and macros not expanded, but a function that uses a macro whose definition is
 * different is told too.
 */
export async function surfaceOf(
  left: SurfaceSide,
  right: SurfaceSide,
  options: SurfaceOptions,
): Promise<Surface> {
  const compiled = [left, right].flatMap(({ tree }) => tree.index.files);
  const known = new Set(compiled.filter((path) => isCompiled(path, options.arch)));
  const all = sortByBytes([...known]);
  const objects = objectChanges(all, left, right);
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
): { path: string; left: boolean; right: boolean }[] {
  return compiled
    .filter((path) => !path.endsWith('.h'))
    .map((path) => ({ path, left: isBuilt(path, left), right: isBuilt(path, right) }))
    .filter((one) => one.left !== one.right);
}

/** Gathers the differences of file after file. */
class Collector {
  readonly #functions = new FunctionChanges();
  readonly macros: NameChange[] = [];
  /** Macros that are different, or use one that is. */
  readonly changed = new VisibleNames();
  readonly #taken = new Set<string>();
  readonly #structs: StructChange[] = [];
  readonly #fields: FieldChange[] = [];
  /** Of a type only one side has: all that it declares. */
  readonly #declared = new Map<StructChange, string>();
  readonly #enumerators: NameChange[] = [];
  readonly #variables: NameChange[] = [];
  readonly #unparsed = new Map<string, string>();
  readonly #left: SurfaceSide;
  readonly #right: SurfaceSide;

  readonly #headerMacros: ReadonlyMap<SurfaceSide, HeaderMacros>;
  readonly #files: ReadonlyMap<SurfaceSide, Files>;
  #unreached: ReadonlyMap<SurfaceSide, ReadonlySet<string>> = new Map();

  readonly #questions: OpenQuestions;

  constructor(left: SurfaceSide, right: SurfaceSide, { arch, options }: SurfaceOptions) {
    this.#left = left;
    this.#right = right;
    const trees = new Map([left, right].map(({ tree }) => [tree, new HeaderNames(tree, arch)]));
    this.#headerMacros = new Map(
      [left, right].map((side) => {
        const names = trees.get(side.tree) as HeaderNames;
        return [side, new HeaderMacros(side.tree, names, arch, side.values)];
      }),
    );
    this.#questions = new OpenQuestions(options);
    this.#files = new Map(
      [left, right].map((side) => [side, new KernelFiles(side.tree).for(arch, new Map())]),
    );
  }

  /** Say that a file was not compared. */
  leaveOut(path: string, reason: string): void {
    this.#unparsed.set(path, reason);
  }

  /** Take headers that nobody includes on a side for not being there; `files` gets those of one side only. */
  async leaveUnreached(
    files: Set<string>,
    compiled: readonly string[],
    options: SurfaceOptions,
  ): Promise<void> {
    const threads = new Threads(options);
    try {
      const sides = [this.#left, this.#right];
      this.#unreached = await unreachedHeaders(sides, options.arch, files, compiled, threads);
      for (const gone of this.#unreached.values()) for (const path of gone) files.add(path);
    } finally {
      await threads.end();
    }
  }

  /** Compare a file; on the left it may have another path. */
  take(path: string, was = path): void {
    this.#taken.add(path);
    const [l, r] = [this.#seen(was, this.#left), this.#seen(path, this.#right)];
    this.#questions.take(path, l, r);
    const left = this.#items(was, this.#left, l?.view);
    const right = this.#items(path, this.#right, r?.view);
    for (const name of names(left.functions, right.functions)) {
      this.#functions.take(name, path, left, right);
    }
    this.#functions.make(left.made, right.made);
    for (const name of names(left.macros, right.macros)) {
      const [l, r] = [left.macros.get(name), right.macros.get(name)];
      if (l && r && l.equals(r)) continue;
      this.macros.push({
        name: detached(name),
        file: path,
        left: detachedOr(l?.text ?? null),
        right: detachedOr(r?.text ?? null),
      });
    }
    for (const [name, l, r] of pairsOf(left.enumerators, right.enumerators)) {
      this.#enumerators.push({
        name: detached(name),
        file: path,
        left: detachedOr(l),
        right: detachedOr(r),
      });
    }
    for (const name of names(left.structs, right.structs)) this.#struct(name, path, left, right);
    for (const name of names(left.variables, right.variables)) {
      const [l, r] = [left.variables.get(name), right.variables.get(name)];
      if (l && r && l.equals(r)) continue;
      const texts = variableTexts(l, r);
      this.#variables.push({
        name: detached(name),
        file: path,
        left: detachedOr(texts.left),
        right: detachedOr(texts.right),
      });
    }
  }

  /** A file as one side has it; undefined where it is not compiled. */
  #seen(path: string, side: SurfaceSide): { text: string; view: View } | undefined {
    const there = isBuilt(path, side) && !this.#unreached.get(side)?.has(path);
    const text = there ? side.tree.text(path) : undefined;
    if (text === undefined) return undefined;
    return { text, view: viewOf(text, side.values, this.#headerMacros.get(side)?.for(path)) };
  }

  /** What a file has on one side. */
  #items(path: string, side: SurfaceSide, view: View | undefined): Items {
    if (!view) return itemsOf('');
    const included: Included = (name, quoted) => this.#included(name, quoted, path, side);
    const items = itemsOf(view.text, { assembly: isAssembly(path), included });
    if (items.broken !== undefined) this.#unparsed.set(path, items.broken);
    else if (view.problems > 0) this.#unparsed.set(path, 'conditionals do not add up');
    return items;
  }

  /** What a file includes, as a side has it. */
  #included(name: string, quoted: boolean, from: string, side: SurfaceSide): string | undefined {
    const path = this.#files.get(side)?.resolve(name, quoted, from);
    const text = path === undefined ? undefined : side.tree.text(path);
    const macros = plainMacros(side.tree.defines);
    return text === undefined ? undefined : viewOf(text, side.values, macros).text;
  }

  #struct(name: string, file: string, left: Items, right: Items): void {
    const [l, r] = [left.structs.get(name), right.structs.get(name)];
    const changed = pairsOf(l ?? new Map<string, string>(), r ?? new Map<string, string>());
    if (l && r && changed.length === 0) return;
    const side = (fields: ReadonlyMap<string, string> | undefined): StructSide | null =>
      fields ? { size: null, fields: [...fields.keys()].map(detached) } : null;
    const change = { name: detached(name), file, left: side(l), right: side(r) };
    this.#structs.push(change);
    if (!l || !r) {
      const text = [...(l ?? r ?? [])].map(([, declared]) => declared).join(' ');
      this.#declared.set(change, detached(text));
      return;
    }
    for (const [field, a, b] of changed) {
      this.#fields.push({
        struct: detached(name),
        field: detached(field),
        file,
        left: detachedOr(a),
        right: detachedOr(b),
      });
    }
  }

  /** Functions, and macros, of a file that use one of these names and are not different by themselves. */
  users(path: string, isChanged: (name: string) => boolean): string[] {
    const view = this.#seen(path, this.#left)?.view;
    if (view && !this.#taken.has(path) && this.#asksOther(path, view, isChanged)) this.take(path);
    const { functions, macros: own } = this.#items(path, this.#left, view);
    const uses = (body: string): string[] => [
      ...new Set((body.match(/[A-Za-z_]\w*/g) ?? []).filter(isChanged)),
    ];
    for (const [name, item] of functions) {
      const used = this.#functions.has(path, name) ? [] : uses(item.code.raw);
      if (used.length > 0) this.#functions.addUser(name, path, item, used.sort());
    }
    return [...own]
      .filter(
        ([name, { raw }]) =>
          !isChanged(name) && uses(raw.replace(/^#[ \t]*define[ \t]+\w+/, '')).length > 0,
      )
      .map(([name]) => name);
  }

  /** Does a file ask for a number that is another on the other side. */
  #asksOther(path: string, { branches }: View, isChanged: (name: string) => boolean): boolean {
    const [left, right] = [this.#left, this.#right].map((side) =>
      this.#headerMacros.get(side)?.for(path),
    );
    const asked = branches.flatMap(({ asks }) => numbersIn(asks)).filter(isChanged);
    return [...new Set(asked)].some((name) => {
      const [l, r] = [left?.meaning(name), right?.meaning(name)];
      return l !== r && (typeof l === 'bigint' || typeof r === 'bigint');
    });
  }

  surface(rest: Pick<Surface, 'options' | 'objects' | 'moved'>): Surface {
    return {
      options: rest.options,
      functions: this.#functions.sorted(),
      structs: withoutMoved(this.#structs, (one) => this.#declared.get(one) ?? ''),
      fields: this.#fields,
      macros: withoutMoved(this.macros, (one, side) => one[side] ?? ''),
      enumerators: withoutMoved(this.#enumerators, (one, side) => one[side] ?? ''),
      variables: withoutMoved(this.#variables, (one, side) => one[side] ?? ''),
      objects: rest.objects,
      moved: rest.moved,
      unparsed: [...this.#unparsed].map(([path, reason]) => ({ path, reason })),
      unanswered: this.#questions.sorted((name, file) => this.changed.isIn(name, file)),
    };
  }
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

/** Names a condition asks the number of. */
function numbersIn(asks: Formula): string[] {
  return [...freeOf(asks)]
    .filter((text) => !/^defined\(\w+\)$/.test(text))
    .flatMap((text) => text.match(/[A-Za-z_]\w*/g) ?? []);
}

function names(left: ReadonlyMap<string, unknown>, right: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...left.keys(), ...right.keys()])];
}

function pairsOf(
  left: ReadonlyMap<string, string>,
  right: ReadonlyMap<string, string>,
): [string, string | null, string | null][] {
  return names(left, right)
    .map((name): [string, string | null, string | null] => [
      name,
      left.get(name) ?? null,
      right.get(name) ?? null,
    ])
    .filter(([, l, r]) => l !== r);
}
