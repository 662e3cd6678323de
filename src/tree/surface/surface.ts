import { languageOf } from '../refs/language.ts';
import { byBytes, type Skip, sortByBytes } from '../scan/list-files.ts';
import { type ThreadOptions, Threads } from '../scan/threads.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { type FunctionItem, type Items, itemsOf } from './items.ts';
import { Slices } from './slices.ts';
import { holds, type Values, viewOf } from './view.ts';
import { VisibleNames } from './visible-names.ts';

/** What a function is in a configuration. A stub does nothing, or returns one thing. */
export type Body = 'code' | 'stub-empty' | 'stub-constant' | 'absent';

/** A function whose presence, body or signature differs. */
export interface FunctionChange {
  readonly name: string;
  readonly file: string;
  readonly left: Body;
  readonly right: Body;
  /** What the stub does: `return NULL;`; null where neither side is one. */
  readonly stub: string | null;
  /** What is different: presence, the body, the signature, or only what a macro stands for. */
  readonly differs: 'presence' | 'signature' | 'body' | 'macro';
  /** The macros, where only they are different. */
  readonly macros?: readonly string[];
}

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
  /** Objects Kbuild makes in one of the two only. */
  readonly objects: readonly {
    readonly name: string;
    readonly left: boolean;
    readonly right: boolean;
  }[];
  /** Files whose braces or conditionals do not add up; what is said of them may be incomplete. */
  readonly unparsed: readonly Skip[];
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
}

/** Rounds in which macros that use changed macros are looked for. */
const ROUNDS = 3;

/**
 * What is different between two configurations of a tree, or between two trees: functions, types, macros, enumerators,
 * objects. Headers are not included and macros not expanded, but a function that uses a macro whose definition is
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
  const found = new Collector(left, right);
  const paths = sortByBytes([...files]);
  for (const [at, path] of paths.entries()) {
    found.take(path);
    if (slices.isOver) await slices.next(at + 1, paths.length);
  }
  await macroUsers(all, left, found, options);
  return found.surface(
    options.options,
    objects.map(({ path, left: l, right: r }) => ({
      name: path.replace(/\.[^.]+$/, '.o'),
      left: l,
      right: r,
    })),
  );
}

/** Do the bytes of a file differ between two trees. */
function isOther(path: string, left: SurfaceSide, right: SurfaceSide): boolean {
  // The same tree below: only what patches touch can differ.
  if (left.tree.root === right.tree.root) {
    if (!left.tree.overlay.has(path) && !right.tree.overlay.has(path)) return false;
  }
  return left.tree.text(path) !== right.tree.text(path);
}

/** Is a file one the kernel is compiled from, for the folder of an architecture below arch/. */
export function isCompiled(path: string, arch: string): boolean {
  if (/^(?:tools|Documentation|scripts|samples|usr)\//.test(path)) return false;
  const own = /^arch\/([^/]+)\//.exec(path)?.[1];
  return (own === undefined || own === arch) && languageOf(path) === 'c' && /\.[chS]$/.test(path);
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

/** Is a file there, and does Kbuild compile it. */
export function isBuilt(path: string, { tree, values }: SurfaceSide): boolean {
  return tree.has(path) && holds(tree.kbuild.conditionOf(path), values);
}

/** Gathers the differences of file after file. */
class Collector {
  readonly functions = new Map<string, FunctionChange>();
  readonly macros: NameChange[] = [];
  readonly #structs: StructChange[] = [];
  readonly #fields: FieldChange[] = [];
  readonly #enumerators: NameChange[] = [];
  readonly #unparsed = new Map<string, string>();
  readonly #left: SurfaceSide;
  readonly #right: SurfaceSide;

  constructor(left: SurfaceSide, right: SurfaceSide) {
    this.#left = left;
    this.#right = right;
  }

  take(path: string): void {
    const left = this.#items(path, this.#left);
    const right = this.#items(path, this.#right);
    for (const name of names(left.functions, right.functions)) {
      const change = functionChange(
        name,
        path,
        left.functions.get(name),
        right.functions.get(name),
      );
      if (change) this.functions.set(`${path} ${name}`, change);
    }
    for (const name of names(left.macros, right.macros)) {
      const [l, r] = [left.macros.get(name), right.macros.get(name)];
      if (l && r && l.equals(r)) continue;
      this.macros.push({ name, file: path, left: l?.text ?? null, right: r?.text ?? null });
    }
    for (const [name, l, r] of pairsOf(left.enumerators, right.enumerators)) {
      this.#enumerators.push({ name, file: path, left: l, right: r });
    }
    for (const name of names(left.structs, right.structs)) this.#struct(name, path, left, right);
  }

  /** What a file has on one side: nothing where it is not compiled. */
  #items(path: string, side: SurfaceSide): Items {
    const text = isBuilt(path, side) ? side.tree.text(path) : undefined;
    if (text === undefined) return itemsOf('');
    const view = viewOf(text, side.values);
    const items = itemsOf(view.text);
    if (items.broken) this.#unparsed.set(path, 'braces do not add up');
    else if (view.problems > 0) this.#unparsed.set(path, 'conditionals do not add up');
    return items;
  }

  #struct(name: string, file: string, left: Items, right: Items): void {
    const [l, r] = [left.structs.get(name), right.structs.get(name)];
    const changed = pairsOf(l ?? new Map<string, string>(), r ?? new Map<string, string>());
    if (l && r && changed.length === 0) return;
    const side = (fields: ReadonlyMap<string, string> | undefined): StructSide | null =>
      fields ? { size: null, fields: [...fields.keys()] } : null;
    this.#structs.push({ name, file, left: side(l), right: side(r) });
    if (!l || !r) return;
    for (const [field, a, b] of changed) {
      this.#fields.push({ struct: name, field, file, left: a, right: b });
    }
  }

  /** Functions, and macros, of a file that use one of these names and are not different by themselves. */
  users(path: string, isChanged: (name: string) => boolean): string[] {
    const { functions, macros: own } = this.#items(path, this.#left);
    const uses = (body: string): string[] => [
      ...new Set((body.match(/[A-Za-z_]\w*/g) ?? []).filter(isChanged)),
    ];
    for (const [name, item] of functions) {
      const key = `${path} ${name}`;
      const used = this.functions.has(key) ? [] : uses(item.code.raw);
      if (used.length === 0) continue;
      const state = bodyOf(item.body);
      this.functions.set(key, {
        name,
        file: path,
        left: state,
        right: state,
        stub: null,
        differs: 'macro',
        macros: used.sort(),
      });
    }
    return [...own]
      .filter(
        ([name, { raw }]) =>
          !isChanged(name) && uses(raw.replace(/^#[ \t]*define[ \t]+\w+/, '')).length > 0,
      )
      .map(([name]) => name);
  }

  surface(options: readonly string[], objects: Surface['objects']): Surface {
    const order = (a: { file: string; name: string }, b: { file: string; name: string }): number =>
      byBytes(a.file, b.file) || byBytes(a.name, b.name);
    return {
      options,
      functions: joined([...this.functions.values()]).sort(order),
      structs: this.#structs,
      fields: this.#fields,
      macros: this.macros,
      enumerators: this.#enumerators,
      objects,
      unparsed: [...this.#unparsed].map(([path, reason]) => ({ path, reason })),
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
  const changed = new VisibleNames();
  const files = compiled.filter((path) => tree.has(path) && !tree.overlay.has(path));
  const patched = compiled.filter((path) => tree.overlay.get(path) !== undefined);
  let fresh: readonly Pick<NameChange, 'name' | 'file'>[] = found.macros.filter(
    ({ name }) => !/^_*[A-Z0-9_]+_H_*$/.test(name),
  );
  const threads = new Threads(options);
  const slices = new Slices(options);
  try {
    for (let round = 0; round < ROUNDS && fresh.length > 0; round++) {
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

/**
 * A function that is real in one file on one side and a stub in another file on the other side is one function: what
 * is known by a header is told at the place of the code.
 */
function joined(changes: readonly FunctionChange[]): FunctionChange[] {
  const out: FunctionChange[] = [];
  for (const list of Map.groupBy(changes, ({ name }) => name).values()) {
    const only = (side: 'left' | 'right'): FunctionChange[] =>
      list.filter((one) => one.differs === 'presence' && one[side] !== 'absent');
    const [l, r] = [only('left'), only('right')];
    const [a, b] = [l[0], r[0]];
    if (l.length !== 1 || r.length !== 1 || !a || !b) out.push(...list);
    else {
      const place = b.left === 'absent' && b.right === 'code' && a.left !== 'code' ? b : a;
      const stub = a.stub ?? b.stub;
      out.push({ ...place, left: a.left, right: b.right, stub, differs: 'body' });
      out.push(...list.filter((one) => one !== a && one !== b));
    }
  }
  return out;
}

function functionChange(
  name: string,
  file: string,
  left: FunctionItem | undefined,
  right: FunctionItem | undefined,
): FunctionChange | undefined {
  const same = left && right && left.code.equals(right.code);
  if (same && (left.head.equals(right.head) || bareSignature(left) === bareSignature(right))) {
    return undefined;
  }
  const [l, r] = [left, right].map((one): Body => (one ? bodyOf(one.body) : 'absent')) as [
    Body,
    Body,
  ];
  const stub = [left, right].find((one) => one && bodyOf(one.body) !== 'code');
  const differs =
    !left || !right
      ? 'presence'
      : bareSignature(left) === bareSignature(right)
        ? 'body'
        : 'signature';
  return {
    name,
    file,
    left: l,
    right: r,
    stub: stub ? stub.body.slice(1, -1) || '(nothing)' : null,
    differs,
  };
}

/** Without what says where a function is kept, and attributes: callers do not see these. */
function bareSignature({ signature }: FunctionItem): string {
  return signature
    .replace(/\b(?:static|inline|extern|noinline|asmlinkage|__\w+(?=[ *]))(?: |\b)/g, '')
    .trim();
}

/** What a body does, by its text without white space that means nothing. */
export function bodyOf(body: string): Body {
  if (/^\{[\s;]*\}$/.test(body)) return 'stub-empty';
  const constant = /^\{return ?(?:-?\w+|\(?\(?\w+ ?\*?\)?-?\w+\)?|-?\(\w+\)|ERR_PTR\(-\w+\));\}$/;
  return constant.test(body) &&
    !/^\{return ?[a-z]\w*;\}$/.test(body.replace(/return ?(?:true|false)/, 'return 1'))
    ? 'stub-constant'
    : 'code';
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
