import type { Formula } from '../condition/formula.ts';
import { KernelFiles } from '../preprocess/kernel-files.ts';
import type { Files } from '../preprocess/unit.ts';
import { includesIn } from '../scan/find-includes.ts';
import { sortByBytes } from '../scan/list-files.ts';
import type { Threads } from '../scan/threads.ts';
import { conditionals } from '../source/conditionals.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { mayHold } from './answers.ts';
import type { SurfaceSide } from './surface.ts';

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
  const trees = new Map<SourceTree, { includes: Includes; includers: Includers }>();
  const unreached = new Map<SurfaceSide, ReadonlySet<string>>();
  for (const side of sides) {
    // Two configurations of one tree are searched together.
    const { tree } = side;
    const includes = trees.get(tree)?.includes ?? new Includes(tree, arch);
    const reached = new Reached(side, includes);
    const begun = reached.withoutInclude(known);
    if (begun.length === 0) continue;
    const includers = trees.get(tree)?.includers ?? (await Includers.read(tree, compiled, threads));
    trees.set(tree, { includes, includers });
    unreached.set(side, unreachedOf(reached, begun, includers));
  }
  return unreached;
}

function unreachedOf(
  reached: Reached,
  begun: readonly string[],
  includers: Includers,
): ReadonlySet<string> {
  let gone = new Set(begun);
  let pool = gone;
  for (let round = 0; round <= ROUNDS && pool.size > 0; round++) {
    gone = new Set(pool);
    for (let size = -1; size !== gone.size; ) {
      size = gone.size;
      for (const header of gone) {
        // Of those that came first it is not known yet what they include.
        const own = round === 0 ? new Set(reached.includedBy(header)) : undefined;
        const isReached = includers
          .of(header)
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

  /** Headers that something has an `#include` of whose options are not so, and those no `#include` of which is known. */
  withoutInclude(files: readonly string[]): string[] {
    const refuted = files.flatMap((path) => this.#refuted(path)).map(({ path }) => path);
    return [...new Set([...refuted, ...files.filter((path) => this.#isReplaced(path))])];
  }

  #refuted(path: string): readonly Include[] {
    const text = this.#includes.text(path);
    const asks = text.search(ASKS);
    if (asks < 0 || text.lastIndexOf('include') < asks) return [];
    return this.#includes.of(path).filter(({ condition }) => !this.#holds(condition));
  }

  /** Is a header of asm-generic one that `asm/` of the architecture has a file of its own for. */
  #isReplaced(path: string): boolean {
    const name = GENERIC.exec(path)?.[1];
    if (name === undefined) return false;
    const own = this.#includes.headerOf(`asm/${name}`, undefined, path);
    return own !== undefined && own !== path;
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

/** The files a kernel is compiled from, by what they include. */
class Includers {
  /** Of the last part of a name, the files with such an `#include`. */
  readonly #byName: Map<string, string[]>;

  private constructor(byName: Map<string, string[]>) {
    this.#byName = byName;
  }

  /** Read them: those changed in memory here, the others in threads. */
  static async read(
    tree: SourceTree,
    compiled: readonly string[],
    threads: Threads,
  ): Promise<Includers> {
    const plain = compiled.filter((path) => tree.has(path) && !tree.overlay.has(path));
    const parts = await threads.includes(tree.root, plain);
    const all = new Map(
      parts.flatMap((part) => part.found.map(([at, names]) => [plain[at] as string, names])),
    );
    for (const path of compiled) {
      const changed = tree.overlay.get(path);
      if (changed !== undefined) all.set(path, includesIn(changed));
    }
    const byName = new Map<string, string[]>();
    for (const path of sortByBytes([...all.keys()])) {
      for (const name of new Set((all.get(path) ?? []).map(lastPart))) {
        const list = byName.get(name);
        if (list) list.push(path);
        else byName.set(name, [path]);
      }
    }
    return new Includers(byName);
  }

  /** Those that include a file of the name of a header. */
  of(header: string): readonly string[] {
    return this.#byName.get(lastPart(header)) ?? [];
  }
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
