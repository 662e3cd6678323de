import { type Formula, freeOf } from '../condition/formula.ts';
import { KernelFiles } from '../preprocess/kernel-files.ts';
import type { Files } from '../preprocess/unit.ts';
import { isAssembly } from '../refs/language.ts';
import { byBytes } from '../scan/list-files.ts';
import { Threads } from '../scan/threads.ts';
import { detached, detachedOr } from '../source/detached.ts';
import { plainMacros } from './answered.ts';
import { isBuilt } from './built.ts';
import type { Included } from './enumerators.ts';
import { FunctionChanges } from './function-changes.ts';
import { HeaderMacros } from './header-macros.ts';
import { HeaderNames } from './header-names.ts';
import { type Items, itemsOf } from './items.ts';
import { MacroCalls } from './macro-calls.ts';
import { withoutMoved } from './moved-names.ts';
import { OpenQuestions } from './open-questions.ts';
import type {
  FieldChange,
  NameChange,
  StructChange,
  StructSide,
  Surface,
  SurfaceOptions,
  SurfaceSide,
} from './surface.ts';
import { unreachedHeaders } from './unreached.ts';
import { variableTexts } from './variable-changes.ts';
import { type View, viewOf } from './view.ts';
import { VisibleNames } from './visible-names.ts';

/** Gathers the differences of file after file. */
export class Collector {
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
  readonly #arch: string;

  readonly #headerMacros: ReadonlyMap<SurfaceSide, HeaderMacros>;
  readonly #files: ReadonlyMap<SurfaceSide, Files>;
  #unreached: ReadonlyMap<SurfaceSide, ReadonlySet<string>> = new Map();

  readonly #calls: MacroCalls;
  readonly #questions: OpenQuestions;

  constructor(left: SurfaceSide, right: SurfaceSide, { arch, options }: SurfaceOptions) {
    this.#left = left;
    this.#right = right;
    this.#arch = arch;
    const trees = new Map([left, right].map(({ tree }) => [tree, new HeaderNames(tree, arch)]));
    this.#headerMacros = new Map(
      [left, right].map((side) => {
        const names = trees.get(side.tree) as HeaderNames;
        return [side, new HeaderMacros(side.tree, names, arch, side.values)];
      }),
    );
    this.#calls = new MacroCalls(this.#headerMacros);
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
    const [left, right] = this.#calls.ofOne(
      { path: was, side: this.#left, view: l?.view, items: this.#items(was, this.#left, l?.view) },
      { path, side: this.#right, view: r?.view, items: this.#items(path, this.#right, r?.view) },
    );
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
      this.#calls.change(name, path, [l, r]);
    }
    this.#declarations(path, left, right);
  }

  /** Compare what declares something; what has the names of `among`. */
  #declarations(
    path: string,
    left: Items,
    right: Items,
    among: readonly [Items, Items] = [left, right],
  ): void {
    const [l, r] = among;
    for (const name of names(l.functions, r.functions)) {
      this.#functions.take(name, path, left, right);
    }
    for (const [name, a, b] of pairsOf(l.enumerators, r.enumerators)) {
      this.#enumerators.push({
        name: detached(name),
        file: path,
        left: detachedOr(a),
        right: detachedOr(b),
      });
    }
    for (const name of names(l.structs, r.structs)) this.#struct(name, path, left, right);
    for (const name of names(l.variables, r.variables)) {
      const [a, b] = [left.variables.get(name), right.variables.get(name)];
      if (a && b ? a.equals(b) : a === b) continue;
      const texts = variableTexts(a, b);
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
    const there =
      isBuilt(path, { ...side, arch: this.#arch }) && !this.#unreached.get(side)?.has(path);
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
    const items = this.#items(path, this.#left, view);
    const { functions, macros: own } = items;
    if (view && !isAssembly(path)) this.#callers(path, view, items);
    const uses = (body: string): string[] => [
      ...new Set((body.match(/[A-Za-z_]\w*/g) ?? []).filter(isChanged)),
    ];
    for (const [name, item] of functions) {
      const used = this.#functions.has(path, name) ? [] : uses(item.code.raw);
      if (used.length > 0) this.#functions.addUser(name, path, item, used.sort());
    }
    return this.#calls.users(path, own, isChanged);
  }

  /** Compare what calls at file scope declare that both sides have, of macros that are different. */
  #callers(path: string, view: View, items: Items): void {
    const left = { path, side: this.#left, view, items };
    const found = this.#calls.callers(left, () => {
      const other = this.#seen(path, this.#right)?.view;
      return { path, side: this.#right, view: other, items: this.#items(path, this.#right, other) };
    });
    if (found) this.#declarations(path, ...found.all, found.made);
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
      structs: byFile(withoutMoved(this.#structs, (one) => this.#declared.get(one) ?? '')),
      fields: byFile(this.#fields),
      macros: withoutMoved(this.macros, (one, side) => one[side] ?? ''),
      enumerators: byFile(withoutMoved(this.#enumerators, (one, side) => one[side] ?? '')),
      variables: byFile(withoutMoved(this.#variables, (one, side) => one[side] ?? '')),
      objects: rest.objects,
      moved: rest.moved,
      unparsed: [...this.#unparsed].map(([path, reason]) => ({ path, reason })),
      unanswered: this.#questions.sorted((name, file) => this.changed.isIn(name, file)),
    };
  }
}

/** In the order of the files; callers of macros come later than what they have by themselves. */
function byFile<T extends { readonly file: string }>(list: readonly T[]): T[] {
  return list.toSorted((a, b) => byBytes(a.file, b.file));
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
