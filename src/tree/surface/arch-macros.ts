import { compilerMacros } from '../preprocess/compiler.ts';
import { conditionNumber } from '../preprocess/condition.ts';
import { type Token, tokensOf } from '../preprocess/tokens.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { asNumber, type Macros, type Values, viewOf } from './view.ts';

const DEFINE = /^[ \t]*#[ \t]*define[ \t]+(\w+)(.*)/gm;

/** Macros that stand for each other so deeply stand for no number. */
const DEEP = 20;

/**
 * Macros that the compiler and the headers of an architecture define in a configuration: by the latter the headers for all learn what they
 * need not give, `#ifndef pmd_mkwrite`, and how large things are, `#if L1_CACHE_BYTES < 128`, and include them first.
 */
export class ArchMacros {
  readonly #tree: SourceTree;
  readonly #values: Values;
  readonly #folder: string;
  readonly #compiler: ReadonlyMap<string, string>;
  /** The headers with a line that defines a name. */
  #places: Map<string, string[]> | undefined;
  readonly #defined = new Map<string, ReadonlyMap<string, string>>();
  /** What names stand for: a number, or '' where it is none that is known. */
  readonly #known = new Map<string, string | undefined>();
  /** Each is looked for once, however often others name it. */
  readonly #numbers = new Map<string, bigint | undefined>();

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
    if (!this.#known.has(name)) {
      const bodies = this.#bodiesOf(name);
      const number = this.#number(name, 0);
      this.#known.set(name, bodies.length === 0 ? undefined : (number?.toString() ?? ''));
    }
    return this.#known.get(name);
  };

  /** What the headers define a name as in this configuration. */
  #bodiesOf(name: string): string[] {
    this.#places ??= this.#find();
    return (this.#places.get(name) ?? []).flatMap((path) => this.#in(path).get(name) ?? []);
  }

  /** The number a name stands for, if all the headers that define it agree; one that names itself stands for none. */
  #number(name: string, depth: number): bigint | undefined {
    if (!this.#numbers.has(name)) {
      this.#numbers.set(name, undefined);
      this.#numbers.set(name, this.#evaluated(name, depth));
    }
    return this.#numbers.get(name);
  }

  #evaluated(name: string, depth: number): bigint | undefined {
    const [body, ...others] = new Set(this.#bodiesOf(name));
    if (body === undefined || others.length > 0 || depth > DEEP) return undefined;
    const written = tokensOf(body).flatMap((token): readonly (Token | undefined)[] => {
      if (token.kind !== 'name') return [token];
      const number = token.text.startsWith('CONFIG_')
        ? asNumber(this.#values(token.text.slice('CONFIG_'.length)))
        : this.#number(token.text, depth + 1)?.toString();
      return number === undefined ? [undefined] : tokensOf(number);
    });
    const tokens = written.filter((token) => token !== undefined);
    return tokens.length < written.length ? undefined : conditionNumber(tokens);
  }

  #find(): Map<string, string[]> {
    const places = new Map<string, string[]>();
    for (const path of this.#tree.index.files) {
      if (!path.startsWith(this.#folder) || !path.endsWith('.h')) continue;
      for (const name of definedIn(this.#tree.text(path) ?? '').keys()) {
        const list = places.get(name);
        if (list) list.push(path);
        else places.set(name, [path]);
      }
    }
    return places;
  }

  #in(path: string): ReadonlyMap<string, string> {
    let names = this.#defined.get(path);
    if (!names) {
      const text = this.#tree.text(path) ?? '';
      names = definedIn(viewOf(text, this.#values, this.#ofCompiler).text);
      this.#defined.set(path, names);
    }
    return names;
  }
}

/** The macros defined in a text, with what they stand for last. */
function definedIn(text: string): Map<string, string> {
  return new Map([...text.matchAll(DEFINE)].map(([, name, body]) => [name as string, body ?? '']));
}
