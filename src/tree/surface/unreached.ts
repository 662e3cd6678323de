import type { Formula } from '../condition/formula.ts';
import { KernelFiles } from '../preprocess/kernel-files.ts';
import type { Files } from '../preprocess/unit.ts';
import { sortByBytes } from '../scan/list-files.ts';
import type { Threads } from '../scan/threads.ts';
import { conditionals } from '../source/conditionals.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { SurfaceSide } from './surface.ts';
import { mayHold } from './view.ts';

/** Headers that are reached by unreached ones alone are followed so far. */
const ROUNDS = 3;

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]+)>|"([^"\n]+)")/gm;

/** What an architecture may have a header of its own instead of. */
const GENERIC = /^include\/asm-generic\/(.+)$/;

const ASKS = /^[ \t]*#[ \t]*(?:el)?if.*\bCONFIG_/m;

/** A file that is included, and under which condition. */
interface Include {
  readonly path: string;
  readonly condition: Formula;
}

/**
 * For each side, headers that no file includes in its configuration (`spinlock_rt.h` without PREEMPT_RT): those whose `#include` its
 * options refute in one of `files`, those of asm-generic that the architecture has one of its own instead of, and what these include, if there
 * is no other include of them in all files a kernel is `compiled` from. A source that is not built counts as well: a driver may include
 * what it includes.
 */
export async function unreachedHeaders(
  sides: readonly SurfaceSide[],
  arch: string,
  files: Iterable<string>,
  compiled: readonly string[],
  threads: Threads,
): Promise<ReadonlyMap<SurfaceSide, ReadonlySet<string>>> {
  const known = [...files];
  const trees = new Map<SourceTree, { written: Includes; places: Places }>();
  const unreached = new Map<SurfaceSide, ReadonlySet<string>>();
  for (const side of sides) {
    // Two configurations of one tree are searched together.
    const { tree } = side;
    const of = trees.get(tree) ?? {
      written: new Includes(tree, arch),
      places: new Places(tree, compiled, threads),
    };
    trees.set(tree, of);
    unreached.set(side, await unreachedOf(new Reached(side, of.written), known, of.places));
  }
  return unreached;
}

async function unreachedOf(
  reached: Reached,
  files: readonly string[],
  places: Places,
): Promise<ReadonlySet<string>> {
  const refuted = files.flatMap((path) => reached.refuted(path)).map(({ path }) => path);
  let gone = new Set([...refuted, ...files.filter((path) => reached.isReplaced(path))]);
  let pool = gone;
  for (let round = 0; round <= ROUNDS && pool.size > 0; round++) {
    await places.find([...pool].map((header) => reached.wordOf(header)));
    gone = new Set(pool);
    for (let size = -1; size !== gone.size; ) {
      size = gone.size;
      for (const header of gone) {
        // Of those that came first it is not known yet what they include.
        const own = round === 0 ? new Set(reached.includedBy(header)) : undefined;
        const isReached = places
          .of(reached.wordOf(header))
          .some(
            (at) => at !== header && !gone.has(at) && !own?.has(at) && reached.reaches(at, header),
          );
        if (isReached) gone.delete(header);
      }
    }
    const next = new Set([...gone, ...[...gone].flatMap((one) => reached.includedBy(one))]);
    if (round > 0 && [...next].every((header) => pool.has(header))) break;
    pool = next;
  }
  return gone;
}

/** What the files of a tree include. */
class Includes {
  readonly #tree: SourceTree;
  readonly #files: Files;
  readonly #known = new Map<string, readonly Include[]>();

  constructor(tree: SourceTree, arch: string) {
    this.#tree = tree;
    this.#files = new KernelFiles(tree).for(arch, new Map());
  }

  text(path: string): string {
    return this.#tree.text(path) ?? '';
  }

  /** The headers a file includes. */
  of(path: string): readonly Include[] {
    let found = this.#known.get(path);
    if (!found) this.#known.set(path, (found = this.#read(path)));
    return found;
  }

  /** Were these read already. */
  has(path: string): boolean {
    return this.#known.has(path);
  }

  #read(path: string): readonly Include[] {
    const text = this.text(path);
    const written = [...text.matchAll(INCLUDE)];
    const { at, lines } = conditionals(written.length === 0 ? '' : text);
    return written.flatMap(({ 1: bracketed, 2: quoted, index }) => {
      const header = this.headerOf(bracketed, quoted, path);
      return header === undefined ? [] : [{ path: header, condition: at(lines.lineAt(index)) }];
    });
  }

  /** The header an `#include` in a file means; what user space gets is none: it is no matter of a configuration. */
  headerOf(bracketed: string | undefined, quoted: string | undefined, from: string) {
    const name = bracketed ?? quoted ?? '';
    const header = this.#files.resolve(name, quoted !== undefined, from);
    return header !== undefined && /^(?!.*\buapi\/).*\.h$/.test(header) ? header : undefined;
  }
}

/** What the files of a side include in its configuration. */
class Reached {
  readonly #side: SurfaceSide;
  readonly #includes: Includes;

  constructor(side: SurfaceSide, includes: Includes) {
    this.#side = side;
    this.#includes = includes;
  }

  /** The headers a file includes, under whichever condition. */
  includedBy(path: string): readonly string[] {
    return this.#includes.of(path).map((one) => one.path);
  }

  /** Headers of a file whose include options refute. */
  refuted(path: string): readonly Include[] {
    const text = this.#includes.text(path);
    const asks = text.search(ASKS);
    if (asks < 0 || text.lastIndexOf('include') < asks) return [];
    return this.#includes.of(path).filter(({ condition }) => !this.#holds(condition));
  }

  /** Is a header of asm-generic one that `asm/` of the architecture has a file of its own for. */
  isReplaced(path: string): boolean {
    const name = GENERIC.exec(path)?.[1];
    if (name === undefined) return false;
    const own = this.#includes.headerOf(`asm/${name}`, undefined, path);
    return own !== undefined && own !== path;
  }

  /** A word that all files hold which may include a header: the last of its name, or, where that means another header, what it is named by. */
  wordOf(header: string): string {
    return this.isReplaced(header) ? 'generic' : (/(\w+)\.h$/.exec(header)?.[1] ?? '');
  }

  /** Does a file include a header in this configuration. */
  reaches(path: string, header: string): boolean {
    const known = this.#includes.has(path);
    const text = known ? '' : this.#includes.text(path);
    const name = header.slice(header.lastIndexOf('/') + 1);
    if (!known && !text.includes(name)) return false;
    const asks = known ? 0 : text.search(ASKS);
    const early = known ? [] : [...text.slice(0, asks < 0 ? undefined : asks).matchAll(INCLUDE)];
    // Most stand above all that asks for options.
    if (
      early.some(({ 1: name, 2: quoted }) => this.#includes.headerOf(name, quoted, path) === header)
    )
      return true;
    return this.#includes.of(path).some((one) => one.path === header && this.#holds(one.condition));
  }

  #holds(condition: Formula): boolean {
    return mayHold(condition, this.#side.values);
  }
}

/** The files of a tree with words in them. */
class Places {
  readonly #root: string;
  readonly #plain: readonly string[];
  readonly #patched: readonly string[];
  readonly #threads: Threads;
  readonly #known = new Map<string, readonly string[]>();

  constructor(tree: SourceTree, compiled: readonly string[], threads: Threads) {
    this.#root = tree.root;
    this.#plain = compiled.filter((path) => tree.has(path) && !tree.overlay.has(path));
    this.#patched = compiled.filter((path) => tree.overlay.get(path) !== undefined);
    this.#threads = threads;
  }

  /** Search for those with words, once for each. */
  async find(all: Iterable<string>): Promise<void> {
    const words = [...new Set(all)].filter((word) => word !== '' && !this.#known.has(word));
    if (words.length === 0) return;
    const parts = await this.#threads.words(this.#root, this.#plain, words);
    const found = words.map((): string[] => []);
    for (const [at, ids] of parts.flatMap((part) => part.found)) {
      for (const id of ids) found[id]?.push(this.#plain[at] as string);
    }
    for (const [id, word] of words.entries()) {
      this.#known.set(word, [...this.#patched, ...sortByBytes(found[id] as string[])]);
    }
  }

  /** Those with a word. */
  of(word: string): readonly string[] {
    return this.#known.get(word) ?? [];
  }
}
