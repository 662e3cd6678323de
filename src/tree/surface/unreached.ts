import type { Formula } from '../condition/formula.ts';
import { KernelFiles } from '../preprocess/kernel-files.ts';
import type { Files } from '../preprocess/unit.ts';
import { sortByBytes } from '../scan/list-files.ts';
import type { Threads } from '../scan/threads.ts';
import { conditionals } from '../source/conditionals.ts';
import type { SurfaceSide } from './surface.ts';
import { mayHold } from './view.ts';

/** Headers that are reached by unreached ones alone are followed so far. */
const ROUNDS = 3;

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]+)>|"([^"\n]+)")/gm;

const ASKS = /^[ \t]*#[ \t]*(?:el)?if.*\bCONFIG_/m;

/** A file that is included, and under which condition. */
interface Include {
  readonly path: string;
  readonly condition: Formula;
}

/**
 * Headers of a side that no file includes in its configuration (`spinlock_rt.h` without PREEMPT_RT): those whose `#include` its
 * options refute in one of `files`, and what these include, if there is no other include of them in all files a kernel is
 * `compiled` from. A source that is not built counts as well: a driver may include what it includes.
 */
export async function unreachedHeaders(
  side: SurfaceSide,
  arch: string,
  files: Iterable<string>,
  compiled: readonly string[],
  threads: Threads,
): Promise<ReadonlySet<string>> {
  const includes = new Includes(side, arch);
  const search = new Places(side, compiled, threads);
  const includedBy = (header: string): string[] => includes.of(header).map(({ path }) => path);
  const refuted = [...files].flatMap((path) => includes.refuted(path)).map(({ path }) => path);
  let gone = new Set(refuted);
  let pool = gone;
  for (let round = 0; round <= ROUNDS && pool.size > 0; round++) {
    await search.find(pool);
    gone = new Set(pool);
    for (let size = -1; size !== gone.size; ) {
      size = gone.size;
      for (const header of gone) {
        // Of those that came first it is not known yet what they include.
        const own = round === 0 ? new Set(includedBy(header)) : undefined;
        const isReached = search
          .of(header)
          .some((at) => !gone.has(at) && !own?.has(at) && includes.reaches(at, header));
        if (isReached) gone.delete(header);
      }
    }
    const next = new Set([...gone, ...[...gone].flatMap(includedBy)]);
    if (round > 0 && [...next].every((header) => pool.has(header))) break;
    pool = next;
  }
  return gone;
}

/** What the files of a side include. */
class Includes {
  readonly #side: SurfaceSide;
  readonly #files: Files;
  readonly #known = new Map<string, readonly Include[]>();

  constructor(side: SurfaceSide, arch: string) {
    this.#side = side;
    this.#files = new KernelFiles(side.tree).for(arch, new Map());
  }

  /** Headers of a file whose include options refute. */
  refuted(path: string): readonly Include[] {
    const text = this.#side.tree.text(path) ?? '';
    const asks = text.search(ASKS);
    if (asks < 0 || text.lastIndexOf('include') < asks) return [];
    return this.of(path).filter(({ condition }) => !this.#holds(condition));
  }

  /** Does a file include a header in this configuration. */
  reaches(path: string, header: string): boolean {
    const known = this.#known.has(path);
    const text = known ? '' : (this.#side.tree.text(path) ?? '');
    const name = header.slice(header.lastIndexOf('/') + 1);
    if (!known && !text.includes(name)) return false;
    const asks = known ? 0 : text.search(ASKS);
    const early = known ? [] : [...text.slice(0, asks < 0 ? undefined : asks).matchAll(INCLUDE)];
    // Most stand above all that asks for options.
    if (early.some(({ 1: name, 2: quoted }) => this.#headerOf(name, quoted, path) === header))
      return true;
    return this.of(path).some((one) => one.path === header && this.#holds(one.condition));
  }

  /** The headers a file includes. */
  of(path: string): readonly Include[] {
    let found = this.#known.get(path);
    if (!found) this.#known.set(path, (found = this.#read(path)));
    return found;
  }

  #read(path: string): readonly Include[] {
    const text = this.#side.tree.text(path) ?? '';
    const written = [...text.matchAll(INCLUDE)];
    const { at, lines } = conditionals(written.length === 0 ? '' : text);
    return written.flatMap(({ 1: bracketed, 2: quoted, index }) => {
      const header = this.#headerOf(bracketed, quoted, path);
      return header === undefined ? [] : [{ path: header, condition: at(lines.lineAt(index)) }];
    });
  }

  /** The header an `#include` in a file means; what user space gets is none: it is no matter of a configuration. */
  #headerOf(bracketed: string | undefined, quoted: string | undefined, from: string) {
    const name = bracketed ?? quoted ?? '';
    const header = this.#files.resolve(name, quoted !== undefined, from);
    return header !== undefined && /^(?!.*\buapi\/).*\.h$/.test(header) ? header : undefined;
  }

  #holds(condition: Formula): boolean {
    return mayHold(condition, this.#side.values);
  }
}

/** The last word in the name of a header: by it those that include it are searched. */
function wordOf(header: string): string {
  return /(\w+)\.h$/.exec(header)?.[1] ?? '';
}

/** The files with the names of headers in them. */
class Places {
  readonly #side: SurfaceSide;
  readonly #plain: readonly string[];
  readonly #patched: readonly string[];
  readonly #threads: Threads;
  readonly #known = new Map<string, readonly string[]>();

  constructor(side: SurfaceSide, compiled: readonly string[], threads: Threads) {
    const { tree } = side;
    this.#side = side;
    this.#plain = compiled.filter((path) => tree.has(path) && !tree.overlay.has(path));
    this.#patched = compiled.filter((path) => tree.overlay.get(path) !== undefined);
    this.#threads = threads;
  }

  /** Search for those that name headers, once for each. */
  async find(headers: Iterable<string>): Promise<void> {
    const all = new Set([...headers].map(wordOf));
    const words = [...all].filter((word) => word !== '' && !this.#known.has(word));
    if (words.length === 0) return;
    const parts = await this.#threads.words(this.#side.tree.root, this.#plain, words);
    const found = words.map((): string[] => []);
    for (const [at, ids] of parts.flatMap((part) => part.found)) {
      for (const id of ids) found[id]?.push(this.#plain[at] as string);
    }
    for (const [id, word] of words.entries()) {
      this.#known.set(word, [...this.#patched, ...sortByBytes(found[id] as string[])]);
    }
  }

  /** Those that name a header, itself left out. */
  of(header: string): readonly string[] {
    return (this.#known.get(wordOf(header)) ?? []).filter((path) => path !== header);
  }
}
