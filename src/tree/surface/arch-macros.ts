import type { SourceTree } from '../source/source-tree.ts';
import { type Values, viewOf } from './view.ts';

const DEFINE = /^[ \t]*#[ \t]*define[ \t]+(\w+)/gm;

/**
 * Macros that the headers of an architecture define in a configuration: by these the headers for all learn what they need not give,
 * `#ifndef pmd_mkwrite`, and include them first.
 */
export class ArchMacros {
  readonly #tree: SourceTree;
  readonly #values: Values;
  readonly #folder: string;
  /** The headers with a line that defines a name. */
  #places: Map<string, string[]> | undefined;
  readonly #defined = new Map<string, ReadonlySet<string>>();

  constructor(tree: SourceTree, arch: string, values: Values) {
    this.#tree = tree;
    this.#values = values;
    this.#folder = `arch/${arch}/include/`;
  }

  /** Is a file one of those that learn by them. */
  concerns(path: string): boolean {
    return !path.startsWith('arch/');
  }

  /** Is a name defined. */
  readonly has = (name: string): boolean => {
    this.#places ??= this.#find();
    return (this.#places.get(name) ?? []).some((path) => this.#in(path).has(name));
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
      names = definedIn(viewOf(this.#tree.text(path) ?? '', this.#values).text);
      this.#defined.set(path, names);
    }
    return names;
  }
}

function definedIn(text: string): Set<string> {
  return new Set([...text.matchAll(DEFINE)].map((found) => found[1] as string));
}
