import type { CType } from '../types.ts';

/** What is declared around a place within a function. Undefined is a type that is not told. */
export class Scope {
  readonly outer: Scope | undefined;
  readonly #names = new Map<string, CType | undefined>();
  readonly #typedefs = new Map<string, CType | undefined>();
  readonly #tags = new Map<string, CType>();

  constructor(outer?: Scope) {
    this.outer = outer;
  }

  declare(name: string, type: CType | undefined): void {
    this.#names.set(name, type);
  }

  /** A variable, parameter, function or enumerator; undefined if none of that name is local. */
  name(name: string): { readonly type: CType | undefined } | undefined {
    if (this.#names.has(name)) return { type: this.#names.get(name) };
    if (this.#typedefs.has(name)) return undefined;
    return this.outer?.name(name);
  }

  define(name: string, type: CType | undefined): void {
    this.#typedefs.set(name, type);
  }

  typedef(name: string): { readonly type: CType | undefined } | undefined {
    if (this.#typedefs.has(name)) return { type: this.#typedefs.get(name) };
    if (this.#names.has(name)) return undefined;
    return this.outer?.typedef(name);
  }

  /** A struct, union or enum that is defined here, by `struct x`. */
  defineTag(key: string, type: CType): void {
    this.#tags.set(key, type);
  }

  tag(key: string): CType | undefined {
    return this.#tags.get(key) ?? this.outer?.tag(key);
  }
}
