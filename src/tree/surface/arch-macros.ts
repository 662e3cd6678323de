import { compilerMacros } from '../preprocess/compiler.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { type Macros, type Values, viewOf } from './view.ts';

const DEFINE = /^[ \t]*#[ \t]*define[ \t]+(\w+)/gm;

/**
 * Macros that the compiler and the headers of an architecture define in a configuration: by the latter the headers for all learn what they
 * need not give, `#ifndef pmd_mkwrite`, and include them first.
 */
export class ArchMacros {
  readonly #tree: SourceTree;
  readonly #values: Values;
  readonly #folder: string;
  readonly #compiler: ReadonlyMap<string, string>;
  /** The headers with a line that defines a name. */
  #places: Map<string, string[]> | undefined;
  readonly #defined = new Map<string, ReadonlySet<string>>();

  constructor(tree: SourceTree, arch: string, values: Values) {
    this.#tree = tree;
    this.#values = values;
    this.#folder = `arch/${arch}/include/`;
    this.#compiler = new Map(
      compilerMacros(arch, values).map(({ name, body }) => [
        name,
        body.map(({ text }) => text).join(' '),
      ]),
    );
  }

  /** Those a file of the tree meets. */
  for(path: string): Macros {
    // The headers of an architecture are looked at themselves.
    return path.startsWith('arch/') ? this.#ofCompiler : this.#ofHeaders;
  }

  readonly #ofCompiler: Macros = (name) => this.#compiler.get(name);

  readonly #ofHeaders: Macros = (name) => {
    const own = this.#compiler.get(name);
    if (own !== undefined) return own;
    this.#places ??= this.#find();
    const isDefined = (this.#places.get(name) ?? []).some((path) => this.#in(path).has(name));
    return isDefined ? '' : undefined;
  };

  #find(): Map<string, string[]> {
    const places = new Map<string, string[]>();
    for (const path of this.#tree.index.files) {
      if (!path.startsWith(this.#folder) || !path.endsWith('.h')) continue;
      for (const name of definedIn(this.#tree.text(path) ?? '')) {
        const list = places.get(name);
        if (list) list.push(path);
        else places.set(name, [path]);
      }
    }
    return places;
  }

  #in(path: string): ReadonlySet<string> {
    let names = this.#defined.get(path);
    if (!names) {
      const text = this.#tree.text(path) ?? '';
      names = definedIn(viewOf(text, this.#values, this.#ofCompiler).text);
      this.#defined.set(path, names);
    }
    return names;
  }
}

function definedIn(text: string): Set<string> {
  return new Set([...text.matchAll(DEFINE)].map((found) => found[1] as string));
}
