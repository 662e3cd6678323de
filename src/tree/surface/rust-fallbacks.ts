import { loadParser, type SyntaxParser } from '../c/parser.ts';
import { and, formulaText } from '../condition/formula.ts';
import { rustCondition } from '../rust/crate.ts';
import { type RustCall, type RustFunction, rustFunctions } from '../rust/functions.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { FallbackSite } from './fallbacks.ts';
import { takesLock } from './lock-names.ts';
import type { WordSearch } from './word-search.ts';

/** The crate bindgen makes of the headers of the kernel (rust/bindings), helpers for what is inline included. */
const BINDINGS = 'bindings';

/**
 * Fallback sites in Rust. What a driver calls there is no function of C but a method that calls one in `bindings`: which
 * method that is, and which take a lock of the same object, is read from the sources. A method is known by its name, so
 * one whose name several types have is not followed but where its type is written.
 */
export async function rustFallbackSites(
  tree: SourceTree,
  search: WordSearch,
  failing: ReadonlySet<string>,
  stubbed: ReadonlySet<string>,
): Promise<FallbackSite[]> {
  const first = await search.filesWith('rust', [...failing]);
  if (first.length === 0) return [];
  const read = new RustFiles(tree, search, await loadParser('rust'));
  read.add(first);
  const direct = read.all().filter(({ calls }) => calls.some((one) => failing.has(bound(one))));
  await read.addNaming(direct.map(({ name }) => name));
  const tried = (one: RustCall, by: Placed): string | undefined => {
    const name = bound(one);
    if (failing.has(name)) return name;
    const callee = read.calleeOf(one, by);
    return callee?.calls.map(bound).find((inner) => failing.has(inner));
  };
  const callers = read.all().filter((one) => one.calls.some((call) => tried(call, one)));
  const objects = (one: Placed): ReadonlySet<string | undefined> =>
    new Set(one.calls.filter((call) => tried(call, one)).map(({ object }) => object));
  const besides = callers.flatMap((one) => one.calls.filter((c) => objects(one).has(c.object)));
  await read.addNaming(besides.map(({ path }) => path.at(-1) as string));
  const locks = (one: Placed, object: string | undefined): string[] => {
    if (object === undefined) return [];
    const taken = one.calls
      .filter((call) => call.object === object && tried(call, one) === undefined)
      .flatMap((call) => {
        const own = bound(call);
        return own === '' ? (read.calleeOf(call, one)?.calls ?? []).map(bound) : [own];
      });
    return [...new Set(taken.filter((name) => takesLock(name) && !stubbed.has(name)))];
  };
  return callers.flatMap((one) => {
    const sites = one.calls.flatMap((call): FallbackSite[] => {
      const name = tried(call, one);
      if (name === undefined) return [];
      return [
        {
          function: one.name,
          file: one.file,
          line: call.line,
          call: name,
          fallback: locks(one, call.object),
          condition: formulaText(and(rustCondition(tree, one.file), call.condition)),
        },
      ];
    });
    // What only hands a failure on to callers that are listed is the call of these.
    const handed = direct.includes(one) && callers.some((by) => read.calls(by, one));
    return handed ? sites.filter(({ fallback }) => fallback.length > 0) : sites;
  });
}

/** The function of the kernel a call is one of; empty if it is one of Rust. */
function bound({ path }: RustCall): string {
  return path.at(-2) === BINDINGS ? (path.at(-1) as string) : '';
}

/** A function and its file. */
interface Placed extends RustFunction {
  readonly file: string;
}

/** Functions of the files read so far. */
class RustFiles {
  readonly #tree: SourceTree;
  readonly #search: WordSearch;
  readonly #parser: SyntaxParser;
  readonly #files = new Map<string, readonly Placed[]>();
  readonly #named = new Map<string, Placed[]>();

  constructor(tree: SourceTree, search: WordSearch, parser: SyntaxParser) {
    this.#tree = tree;
    this.#search = search;
    this.#parser = parser;
  }

  async addNaming(names: readonly string[]): Promise<void> {
    this.add(await this.#search.filesWith('rust', [...new Set(names)]));
  }

  add(files: readonly string[]): void {
    for (const file of files) {
      if (this.#files.has(file)) continue;
      const functions = rustFunctions(this.#parser, this.#tree.text(file) ?? '');
      const placed = functions.map((one) => ({ ...one, file }));
      this.#files.set(file, placed);
      for (const one of placed)
        this.#named.set(one.name, [...(this.#named.get(one.name) ?? []), one]);
    }
  }

  /** All functions, by file. */
  all(): Placed[] {
    return [...this.#files.keys()].sort().flatMap((file) => this.#files.get(file) ?? []);
  }

  /** The one function a call can be of. */
  calleeOf({ path, isMethod }: RustCall, by: Placed): Placed | undefined {
    const named = this.#named.get(path.at(-1) as string) ?? [];
    if (isMethod || path.length === 1) return named.length === 1 ? named[0] : undefined;
    const type = path.at(-2) === 'Self' ? by.type : path.at(-2);
    const own = named.filter((one) => one.type === type);
    return own.length === 1 ? own[0] : undefined;
  }

  /** Does a function call another. */
  calls(by: Placed, other: Placed): boolean {
    return by !== other && by.calls.some((call) => this.calleeOf(call, by) === other);
  }
}
