import type { Macro } from '../preprocess/macro.ts';
import { isAssembly } from '../refs/language.ts';
import { detached } from '../source/detached.ts';
import type { Meaning } from './condition-number.ts';
import type { HeaderMacros } from './header-macros.ts';
import type { Items, Written } from './items.ts';
import { mayDeclare, usersAmong } from './macro-users.ts';
import { type KnownMacro, MadeItems, withMade, withoutWritten } from './made-items.ts';
import type { SurfaceSide } from './surface.ts';
import type { View } from './view.ts';
import { scopeOf, VisibleNames } from './visible-names.ts';

/** A file as a side has it, and what it has as it is written. */
interface Viewed {
  readonly path: string;
  readonly side: SurfaceSide;
  /** Undefined where it is not compiled. */
  readonly view: View | undefined;
  readonly items: Items;
}

type Both<T> = readonly [T, T];

/** Finds what calls of macros at file scope declare on one side and not on the other. */
export class MacroCalls {
  readonly #headerMacros: ReadonlyMap<SurfaceSide, HeaderMacros>;
  /** Macros that are different, or call one that is, where that may declare something. */
  readonly #declaring = new VisibleNames();
  /** The files in which a macro is different. */
  readonly #changed = new Map<string, string[]>();
  /** Calls that were replaced on both sides. */
  readonly #compared = new Set<string>();

  constructor(headerMacros: ReadonlyMap<SurfaceSide, HeaderMacros>) {
    this.#headerMacros = headerMacros;
  }

  /** Be told of a macro that is different in a file. */
  change(name: string, path: string, definitions: readonly (Written | undefined)[]): void {
    if (definitions.some((one) => one && mayDeclare(one.raw)))
      this.#declaring.add(detached(name), path);
    const files = this.#changed.get(name);
    if (files) files.push(path);
    else this.#changed.set(detached(name), [path]);
  }

  /** Macros of a file that use one that is different; those that may declare something are told together. */
  users(
    path: string,
    macros: ReadonlyMap<string, Written>,
    isChanged: (name: string) => boolean,
  ): string[] {
    const isDeclaring = (name: string): boolean => this.#declaring.isIn(name, path);
    const { names, declaring } = usersAmong(macros, isChanged, isDeclaring);
    for (const name of declaring) this.#declaring.add(detached(name), path);
    return [...names];
  }

  /** What a file has on both sides, with what calls declare that only one of them has, or that are other macros' there. */
  ofOne(left: Viewed, right: Viewed): Both<Items> {
    if (isAssembly(right.path)) return [left.items, right.items];
    const [l, r] = [callsOf(left), callsOf(right)];
    const [leftKeys, rightKeys] = [l.keys(), r.keys()];
    return [this.#without(rightKeys, l, left), this.#without(leftKeys, r, right)];
  }

  /**
   * What calls of macros that are different declare which both sides have, with all else of the file (`all`) and by themselves (`made`);
   * undefined where there are none.
   */
  callers(
    left: Viewed,
    other: () => Viewed,
  ): { readonly all: Both<Items>; readonly made: Both<Items> } | undefined {
    const { path } = left;
    const isDeclaring = (name: string): boolean => this.#declaring.isIn(name, path);
    const l = callsOf(left);
    const called = l.calls.filter(({ names }) => names.some(isDeclaring));
    if (called.length === 0) return undefined;
    const right = other();
    const r = callsOf(right);
    const rightKeys = r.keys();
    const keys = new Set(called.map((call) => l.keyOf(call)).filter((key) => rightKeys.has(key)));
    for (const key of keys) {
      const at = `${path}\n${key}`;
      if (this.#compared.has(at)) keys.delete(key);
      this.#compared.add(at);
    }
    const of = (calls: MadeItems, { side }: Viewed): Items =>
      calls.of(
        calls.calls.filter((call) => keys.has(calls.keyOf(call))),
        this.#known(side, path),
        this.#before(side, path),
      );
    const [a, b] = [of(l, left), of(r, right)];
    const written = [left.items, right.items];
    return {
      all: [withMade(left.items, a), withMade(right.items, b)],
      made: [withoutWritten(a, written), withoutWritten(b, written)],
    };
  }

  #without(others: ReadonlySet<string>, own: MadeItems, { items, side, path }: Viewed): Items {
    const calls = own.calls.filter((call) => !others.has(own.keyOf(call)));
    if (calls.length === 0) return items;
    return withMade(items, own.of(calls, this.#known(side, path), this.#before(side, path)));
  }

  /** The macros that a file of a side meets. */
  #known(side: SurfaceSide, path: string): KnownMacro {
    const all = this.#headerMacros.get(side);
    const macros = all?.for(path);
    return (name) =>
      calledOf(macros?.meaning(name)) ??
      this.#changedBefore(name, side, path) ??
      all?.plain(name, path);
  }

  /** Those a file defines only if no other did, where another does that is different. */
  #before(side: SurfaceSide, path: string): KnownMacro {
    return (name) =>
      this.#headerMacros.get(side)?.isDefault(name, path)
        ? this.#changedBefore(name, side, path)
        : undefined;
  }

  /** What another file makes of a macro that is different, for one that does not include it: others include it before. */
  #changedBefore(name: string, side: SurfaceSide, path: string): Macro | undefined {
    const macros = this.#headerMacros.get(side);
    const files = this.#changed.get(name) ?? [];
    return files
      .filter((one) => one !== path && path.startsWith(scopeOf(one)))
      .map((one) => calledOf(macros?.definition(name, one)))
      .find((macro) => macro !== undefined);
  }
}

function calledOf(meaning: Meaning): Macro | undefined {
  return meaning && typeof meaning === 'object' ? meaning : undefined;
}

function callsOf({ view, items }: Viewed): MadeItems {
  return new MadeItems(view?.text ?? '', items);
}
