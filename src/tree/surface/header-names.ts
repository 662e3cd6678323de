import type { Formula } from '../condition/formula.ts';
import { includedAhead } from '../preprocess/include-folders.ts';
import { KernelFiles } from '../preprocess/kernel-files.ts';
import type { Files } from '../preprocess/unit.ts';
import { conditionals } from '../source/conditionals.ts';
import { detached } from '../source/detached.ts';
import type { SourceTree } from '../source/source-tree.ts';

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*(?:<([^>\n]+)>|"([^"\n]+)")/gm;

/** A line that includes a file or defines a macro, behind its sign. */
const DIRECTIVE = /[ \t]*(?:define[ \t]+(\w+)|include[ \t]*(?:<([^>\n]+)>|"([^"\n]+)"))/y;

/**
 * Which files of a tree have a line that defines a name, and which files each can include, whatever the configuration. A file
 * is read when it is first reached.
 */
export class HeaderNames {
  readonly #tree: SourceTree;
  readonly #files: Files;
  readonly #folder: string;
  /** Of each file that was read, those it has an `#include` of. */
  readonly #includes = new Map<string, readonly string[]>();
  readonly #places = new Map<string, string[]>();
  readonly #reached = new Map<string, ReadonlySet<string>>();
  #hasArch = false;

  constructor(tree: SourceTree, arch: string) {
    this.#tree = tree;
    this.#files = new KernelFiles(tree).for(arch, new Map());
    this.#folder = `arch/${arch}/include/`;
  }

  /** Headers of the architecture that define a name. */
  ofArch(name: string): readonly string[] {
    if (!this.#hasArch) {
      this.#hasArch = true;
      for (const path of this.#tree.index.files) {
        if (path.startsWith(this.#folder) && path.endsWith('.h')) this.includedBy(path);
      }
    }
    return (this.#places.get(name) ?? []).filter((path) => path.startsWith(this.#folder));
  }

  /** Files that define a name and that another can include, at first hand or through others. */
  within(path: string, name: string): readonly string[] {
    const reached = this.#from(path);
    return (this.#places.get(name) ?? []).filter((at) => at !== path && reached.has(at));
  }

  /** The files a file means by some names, as it writes them, with those that are included ahead of all. */
  named(names: readonly string[], from: string): ReadonlySet<string> {
    const found = names.flatMap((name) => {
      const quoted = name.startsWith('"');
      return this.#files.resolve(name.slice(1, -1), quoted, from) ?? [];
    });
    return new Set([...includedAhead(this.#tree), ...found]);
  }

  /** Can a file include another, at first hand or through others. */
  canReach(path: string, other: string): boolean {
    return path !== other && this.#from(path).has(other);
  }

  /** Headers for all that define a name, of those that were read for some file. */
  anywhere(name: string): readonly string[] {
    return (this.#places.get(name) ?? []).filter((path) => /^include\/.*\.h$/.test(path));
  }

  /** Files that include another, and that a file can include; maybe that itself. */
  includersOf(path: string, from: string): readonly string[] {
    return [...this.#from(from)].filter((at) => this.includedBy(at).includes(path));
  }

  /** Under which conditions a file includes another. */
  conditionsOf(path: string, included: string): readonly Formula[] {
    const text = this.#tree.text(path) ?? '';
    const { at, lines } = conditionals(text);
    return [...text.matchAll(INCLUDE)]
      .filter(({ 1: bracketed, 2: quoted }) => this.#resolved(bracketed, quoted, path) === included)
      .map(({ index }) => at(lines.lineAt(index)));
  }

  #resolved(bracketed: string | undefined, quoted: string | undefined, from: string) {
    return this.#files.resolve(bracketed ?? quoted ?? '', quoted !== undefined, from);
  }

  /** The files a file has an `#include` of. */
  includedBy(path: string): readonly string[] {
    let found = this.#includes.get(path);
    if (!found) this.#includes.set(path, (found = this.#read(path)));
    return found;
  }

  #from(path: string): ReadonlySet<string> {
    let reached = this.#reached.get(path);
    if (!reached) {
      const all = new Set([path, ...includedAhead(this.#tree)]);
      for (const at of all) for (const next of this.includedBy(at)) all.add(next);
      this.#reached.set(path, (reached = all));
    }
    return reached;
  }

  #read(path: string): readonly string[] {
    const text = this.#tree.text(path) ?? '';
    const includes = new Set<string>();
    for (let hash = text.indexOf('#'); hash >= 0; hash = text.indexOf('#', hash + 1)) {
      DIRECTIVE.lastIndex = hash + 1;
      const [, name, bracketed, quoted] = DIRECTIVE.exec(text) ?? [];
      if (name !== undefined) this.#put(name, path);
      else if (bracketed !== undefined || quoted !== undefined) {
        const file = this.#resolved(bracketed, quoted, path);
        if (file !== undefined) includes.add(file);
      }
    }
    return [...includes];
  }

  #put(name: string, path: string): void {
    const list = this.#places.get(name);
    if (!list) this.#places.set(detached(name), [path]);
    else if (list.at(-1) !== path) list.push(path);
  }
}
