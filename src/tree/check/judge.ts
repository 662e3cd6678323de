import { isMade, warningLevel } from '../preprocess/kbuild-flags.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { Api, ApiCell, CheckCell, CheckedFile } from './api.ts';
import type { Callback } from './callbacks.ts';
import type { ApiKind, Fact } from './facts.ts';
import type { Linked, Linker } from './linker.ts';
import type { Discard, NameUse, Observation, Place, TypeUse } from './observe.ts';
import type { Source } from './source-of.ts';

/** A file with what was seen of it in each configuration. */
export interface Seen extends Source {
  readonly observations: readonly Observation[];
}

/** A header that is not there, and why that is no fault. */
interface Unread {
  readonly header: string;
  readonly whose: string;
}

/** What a program is built by, at the top of its tree. */
const BUILDS = ['Makefile', 'meson.build', 'configure', 'CMakeLists.txt'];

/** Are files of a tree compiled with the headers of the system: it builds programs, and its Makefile does not say `-nostdinc`. */
function isHosted(tree: SourceTree): boolean {
  if (tree.has('Kbuild') || !BUILDS.some((name) => tree.has(name))) return false;
  return !/^[^#\n]*-nostdinc\b/m.test(tree.text('Makefile') ?? '');
}

/** Says of what was seen of a file what it comes to. */
export class Judge {
  readonly #seen: Seen;
  readonly #cells: readonly CheckCell[];
  readonly #linker: Linker;
  readonly #unsure = new Set<string>();
  #hosted: boolean | undefined;

  readonly #tree: SourceTree;

  constructor(seen: Seen, cells: readonly CheckCell[], linker: Linker, tree: SourceTree) {
    this.#tree = tree;
    this.#seen = seen;
    this.#cells = cells;
    this.#linker = linker;
  }

  file(): CheckedFile {
    const { path, observations } = this.#seen;
    const apis = [
      ...this.#names().map((name) => this.#api(name)),
      ...this.#types(),
      ...this.#members(),
      ...this.#faults(),
    ];
    const unread = new Map(
      observations.flatMap((one) => one.unread).map((one) => [`${one.line} ${one.text}`, one]),
    );
    const notes = new Map<string, number>();
    for (const one of observations)
      for (const note of new Set(one.notes)) notes.set(note, (notes.get(note) ?? 0) + 1);
    const unsure = [...this.#unsure].sort();
    return {
      file: path,
      apis: apis.sort((a, b) => order(a.kind, b.kind) || order(a.name, b.name)),
      unread: [...unread.values()],
      notes: [...notes.keys(), ...unsure],
    };
  }

  /** Names to speak of: what some configuration's headers have, and what is called and nobody has. */
  #names(): string[] {
    const { observations } = this.#seen;
    const all = new Set(observations.flatMap(({ uses }) => [...uses.keys()]));
    const unfit = observations.flatMap(({ callbacks }) =>
      callbacks.filter((one) => one.kind === 'function' && !one.fits).map(({ name }) => name),
    );
    const nobodys = observations.flatMap(({ undeclared }) => [...undeclared.keys()]);
    const conflicts = observations.flatMap((one) => one.conflicts.map(({ name }) => name));
    const discards = observations.flatMap((one) =>
      one.discards.filter(({ kind }) => kind !== 'field').map(({ name }) => name),
    );
    const names = new Set([...all, ...unfit, ...nobodys, ...conflicts, ...discards]);
    return [...names].filter((name) => {
      if (observations.some(({ facts }) => facts.has(name))) return true;
      return observations.some(
        ({ uses, own, left, undeclared, conflicts, discards }) =>
          undeclared.has(name) ||
          [...conflicts, ...discards].some((one) => one.name === name) ||
          (!own.has(name) &&
            left.has(name) &&
            (uses.get(name) ?? []).some(({ call }) => call !== undefined)),
      );
    });
  }

  #api(name: string): Api {
    const { observations } = this.#seen;
    const facts = observations.map((one) => one.facts.get(name));
    const first = facts.find((one) => one !== undefined);
    const signature = facts.find((one) => one?.signature)?.signature?.text;
    return {
      name,
      kind: first?.kind ?? kindOf(observations, name),
      file: first?.file ?? null,
      line: first?.line ?? null,
      cells: observations.map((one, at) =>
        this.#withDiscards(this.#cell(name, at, one, signature), name, at, one),
      ),
    };
  }

  /** A compiler speaks of it, and refuses it where warnings are errors. */
  #withDiscards(cell: ApiCell, name: string, at: number, { discards }: Observation): ApiCell {
    const all = discards.filter((one) => one.name === name);
    if (all.length === 0 || cell.breaks) return cell;
    const { main } = this.#seen;
    const configuration = this.#cells[at] as CheckCell;
    const levelOf = ({ warning }: Discard): string =>
      warningLevel(this.#tree, main, warning, configuration);
    const errors = all.filter((one) => levelOf(one) === 'error');
    const own = errors.length > 0 ? errors : all.filter((one) => levelOf(one) === 'warning');
    if (own.length === 0) return cell;
    const found = { ...cell, places: placesOf(own), reason: own[0]?.reason ?? null };
    if (errors.length > 0) return { ...found, state: 'misfit', breaks: true };
    const state = cell.state === 'absent' ? 'real' : cell.state;
    return { ...found, state, reason: `${found.reason}, which is a warning` };
  }

  #cell(name: string, at: number, one: Observation, first: string | undefined): ApiCell {
    const fact = one.facts.get(name);
    const uses = one.uses.get(name) ?? [];
    const handed = one.callbacks.filter((to) => to.kind === 'function' && to.name === name);
    const nobodys = fact ? undefined : one.undeclared.get(name);
    const places = nobodys
      ? nobodys.places
      : uses.length > 0
        ? uses.map(({ line, column }) => ({ line, column }))
        : handed.map(({ line }) => ({ line, column: 1 }));
    const conflicts = one.conflicts.filter((other) => other.name === name);
    if (conflicts.length > 0) {
      const reason = conflicts[0]?.reason ?? null;
      const own = fact?.signature?.text ?? null;
      const other = own !== null && first !== undefined && own !== first;
      const cell = { ...NOTHING, signature: own, changed: other, places: placesOf(conflicts) };
      return { ...cell, state: 'misfit', breaks: true, reason };
    }
    // Written for other configurations by the file itself.
    if (!fact && !nobodys && one.own.has(name)) return { ...NOTHING, state: 'real', places };
    // Only part of a name, or of a text, that a macro makes.
    if (!fact && !one.left.has(name)) return { ...NOTHING, places: [] };
    if (!fact) {
      const unread = this.#unread(one, at);
      const reason = 'not declared by what the file includes';
      if (unread === undefined) return { ...NOTHING, places, breaks: places.length > 0, reason };
      return this.#notRead(name, { ...NOTHING, places, reason }, unread);
    }
    const signature = fact.signature?.text ?? null;
    const changed = signature !== null && first !== undefined && signature !== first;
    const found = { body: fact.body, stub: fact.stub ?? null, signature, changed, places };
    const misfit = misfitOf(fact, uses) ?? unfitOf(handed);
    if (misfit) return { ...found, state: 'misfit', breaks: true, reason: misfit };
    const linked = fact.linked ? this.#linked(name, at) : undefined;
    if (linked?.fault) {
      const alive = uses.some(({ dead }) => !dead);
      return { ...found, state: linked.fault, breaks: alive, reason: alive ? linked.reason : null };
    }
    const body = linked?.body ?? fact.body;
    const state = body === 'code' ? 'real' : 'stub';
    const behind = this.#behind(name, at, one);
    const stub = linked?.stub ?? found.stub;
    return { ...found, body, stub, state, breaks: false, reason: behind ?? null };
  }

  /**
   * A header that is not there and that the Makefiles of the file, or of the header that includes it, have a rule for.
   * What it declares nobody tells; those that the kernel itself makes for all files (generated/) declare nothing that is used.
   * Where files may include what the system has, it is any that is not there; so it is in headers of the tree.
   */
  #unread({ faults, notes }: Observation, at: number): Unread | undefined {
    const cell = this.#cells[at] as CheckCell;
    const { main } = this.#seen;
    const own = faults.map(({ message }) => [main, message] as const);
    const others = notes.map((note) => [note.slice(0, note.indexOf(':')), note] as const);
    for (const [from, message] of [...own, ...others]) {
      const name = /\bno (\S+) to include$/.exec(message)?.[1];
      const isCommon = name?.startsWith('generated/') && from !== main;
      if (name === undefined || isCommon || !this.#tree.has(from)) continue;
      if (isMade(this.#tree, from, name, cell) || isMade(this.#tree, main, name, cell))
        return { header: name, whose: 'which a build makes' };
      if (this.#isHosted()) return { header: name, whose: 'which is not of the tree' };
      // Where a header of the tree includes it, the file is not at fault.
      if (from !== main) return { header: name, whose: 'which was not found' };
    }
    return undefined;
  }

  #isHosted(): boolean {
    this.#hosted ??= isHosted(this.#tree);
    return this.#hosted;
  }

  /** What a macro calls that the linker will not find. */
  #behind(name: string, at: number, { behind }: Observation): string | undefined {
    for (const called of behind.get(name) ?? []) {
      const { fault, reason } = this.#linked(called, at);
      if (fault) return `calls ${called}, which is ${fault}: ${reason}`;
    }
    return undefined;
  }

  #linked(name: string, at: number): Linked {
    const linked = this.#linker.find(name, at);
    if (linked.unsure) {
      this.#unsure.add(`${name}: who defines it was not found; taken to be there`);
    }
    return linked;
  }

  /** Structs, unions and enums the file needs whole. */
  #types(): Api[] {
    const { observations } = this.#seen;
    const conflicts = new Set(observations.flatMap((one) => one.conflicts.map(({ name }) => name)));
    const names = new Set(observations.flatMap(({ types }) => types.map(({ name }) => name)));
    return [...names]
      .filter((name) => !conflicts.has(name))
      .map((name) => {
        const all = observations.map(({ types }) => types.filter((one) => one.name === name));
        const fact = all.flat().find((one) => one.fact)?.fact;
        const cells = observations.map((one, at): ApiCell => {
          const uses = all[at] as readonly TypeUse[];
          const places = placesOf(uses);
          if (uses.every((use) => use.fact)) return { ...NOTHING, state: 'real', places };
          const cell = { ...NOTHING, places, reason: 'not defined by what the file includes' };
          const unread = this.#unread(one, at);
          return unread ? this.#notRead(name, cell, unread) : { ...cell, breaks: true };
        });
        return { name, kind: 'type', file: fact?.file ?? null, line: fact?.line ?? null, cells };
      });
  }

  #members(): Api[] {
    const { observations } = this.#seen;
    const names = new Set(
      observations.flatMap(({ members, callbacks, discards }) => [
        ...members.map(({ name }) => name),
        ...[...callbacks, ...discards]
          .filter(({ kind }) => kind === 'field')
          .map(({ name }) => name),
      ]),
    );
    return [...names].map((name) => {
      const handed = observations.map(({ callbacks }) =>
        callbacks.filter((one) => one.kind === 'field' && one.name === name),
      );
      const first = handed.find((list) => list.length > 0)?.[0]?.wanted;
      const cells = observations.map((one, at) => {
        const own = memberCell(one, name, handed[at] as Callback[], first);
        const cell = this.#withDiscards(own, name, at, one);
        const unread = cell.state === 'absent' && this.#unread(one, at);
        return unread ? this.#notRead(name, cell, unread) : cell;
      });
      return { name, kind: 'field', file: null, line: null, cells };
    });
  }

  /** What is absent, but may be in a header that was not read. */
  #notRead(name: string, cell: ApiCell, { header, whose }: Unread): ApiCell {
    const { reason } = cell;
    this.#unsure.add(`${name}: ${reason}, but ${header}, ${whose}, could not be read`);
    return { ...cell, breaks: false, reason: `${reason}; ${header} was not read, ${whose}` };
  }

  /** Headers that are not there, and `#error`. */
  #faults(): Api[] {
    const { observations } = this.#seen;
    const all = new Set(observations.flatMap(({ faults }) => faults.map(({ message }) => message)));
    return [...all].map((message) => ({
      name: /^no (\S+) to include$/.exec(message)?.[1] ?? message,
      kind: 'header',
      file: null,
      line: null,
      cells: observations.map((one, at): ApiCell => {
        const own = one.faults.filter((fault) => fault.message === message);
        const places = own.map(({ line }) => ({ line, column: 1 }));
        if (own.length === 0) return { ...NOTHING, state: 'real', places };
        const name = /^no (\S+) to include$/.exec(message)?.[1];
        const { main } = this.#seen;
        if (name && isMade(this.#tree, main, name, this.#cells[at] as CheckCell)) {
          return { ...NOTHING, state: 'real', places, reason: 'made by a build: not read' };
        }
        if (name && this.#isHosted())
          return { ...NOTHING, state: 'real', places, reason: 'not of the tree: not read' };
        const cell = { ...NOTHING, places, breaks: true, reason: message };
        // Numbers of the system (CHAR_BIT) may decide it.
        const unread = message.startsWith('#error') && this.#isHosted() && this.#unread(one, at);
        return unread ? this.#notRead(message, cell, unread) : cell;
      }),
    }));
  }
}

/** What a name is that no configuration has, by how it is used. */
function kindOf(observations: readonly Observation[], name: string): ApiKind {
  const conflict = observations
    .flatMap(({ conflicts }) => conflicts)
    .find((one) => one.name === name);
  if (conflict) return conflict.kind;
  const discard = observations.flatMap(({ discards }) => discards).find((one) => one.name === name);
  if (discard) return discard.kind;
  const isType = observations.some(({ undeclared }) => undeclared.get(name)?.kind === 'type');
  if (isType) return 'type';
  const isCalled = observations.some(({ uses }) =>
    (uses.get(name) ?? []).some(({ call }) => call !== undefined),
  );
  return isCalled ? 'function' : 'constant';
}

const NOTHING: ApiCell = {
  state: 'absent',
  body: 'absent',
  stub: null,
  signature: null,
  changed: false,
  places: [],
  breaks: false,
  reason: null,
};

function placesOf(uses: readonly Place[]): Place[] {
  return uses.map(({ line, column }) => ({ line, column }));
}

/** A member in one configuration, with the functions that are put into it. */
function memberCell(
  { members }: Observation,
  name: string,
  handed: readonly Callback[],
  first: string | undefined,
): ApiCell {
  const own = members.filter((one) => one.name === name);
  const gone = own.filter(({ there }) => !there);
  const places = own.length > 0 ? placesOf(own) : handed.map(({ line }) => ({ line, column: 1 }));
  if (gone.length > 0) {
    const reason = gone[0]?.reason ?? null;
    return { ...NOTHING, places: placesOf(gone), breaks: true, reason };
  }
  const refused = own.filter(({ reason }) => reason !== undefined);
  if (refused.length > 0) {
    const reason = refused[0]?.reason ?? null;
    const unfit = handed.filter(({ fits }) => !fits);
    const places = [...placesOf(refused), ...unfit.map(({ line }) => ({ line, column: 1 }))];
    return { ...NOTHING, state: 'misfit', places, breaks: true, reason };
  }
  const signature = handed[0]?.wanted ?? null;
  const changed = signature !== null && signature !== first;
  const found = { ...NOTHING, signature, changed, places };
  const unfit = unfitOf(handed);
  if (unfit === undefined) return { ...found, state: 'real' };
  const lines = new Set(handed.filter(({ fits }) => !fits).map(({ line }) => line));
  const there = places.filter(({ line }) => lines.has(line));
  return {
    ...found,
    places: there.length > 0 ? there : places,
    state: 'misfit',
    breaks: true,
    reason: unfit,
  };
}

/** The first function that is of another type than what it is handed to wants. */
function unfitOf(handed: readonly Callback[]): string | undefined {
  const unfit = handed.find(({ fits }) => !fits);
  if (!unfit) return undefined;
  const { argument, wanted, given, line, has } = unfit;
  const where = argument === undefined ? 'wants' : `wants as argument ${argument}`;
  return `${where} ${wanted}, ${given} of line ${line} is ${has}`;
}

/** A call whose arguments do not fit. */
function misfitOf({ signature, parameters }: Fact, uses: readonly NameUse[]): string | undefined {
  const takes =
    parameters ?? (signature && { count: signature.parameters, variadic: signature.variadic });
  if (!takes) return undefined;
  for (const { call, gives, line } of uses) {
    if (!call || gives.length === 0) continue;
    const least = takes.variadic && parameters ? takes.count - 1 : takes.count;
    const fits = gives.some((given) => (takes.variadic ? given >= least : given === takes.count));
    // Nothing between the parentheses is one argument of a macro.
    if (fits || (parameters && takes.count === 1 && gives[0] === 0)) continue;
    const n = `${takes.count} argument${takes.count === 1 ? '' : 's'}`;
    return `takes ${takes.variadic ? 'at least ' : ''}${n}, line ${line} gives ${gives[0]}`;
  }
  return undefined;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
