import type { Sym } from './model.ts';
import { nearest } from './suggest.ts';
import type { KSymbol, Views } from './views.ts';

/** The named symbols of a tree, in the order of their first mention. Quoted constants are not among them. */
export interface SymbolTable extends Iterable<KSymbol> {
  get(name: string): KSymbol | undefined;
  readonly size: number;
  /** Names like this one, nearest first: for "did you mean". */
  suggest(name: string): string[];
}

/** Symbols by name, without y, m and n. */
export class NamedSymbols implements SymbolTable {
  readonly #views: Views;
  readonly #symbols: readonly Sym[];

  constructor(views: Views) {
    this.#views = views;
    this.#symbols = views.tree.symbols.filter((sym) => !sym.constant && !sym.isChoice);
  }

  get size(): number {
    return this.#symbols.length;
  }

  get(name: string): KSymbol | undefined {
    const sym = this.#views.tree.names.get(name);
    return sym && !sym.constant ? this.#views.symbol(sym) : undefined;
  }

  suggest(name: string): string[] {
    const defined = this.#symbols.filter((sym) => sym.nodes.length > 0);
    return nearest(
      name,
      defined.map((sym) => sym.name),
    );
  }

  *[Symbol.iterator](): Iterator<KSymbol> {
    for (const sym of this.#symbols) yield this.#views.symbol(sym);
  }
}
