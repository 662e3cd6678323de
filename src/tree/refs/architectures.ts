import { readdirSync, readFileSync, statSync } from 'node:fs';
import {
  type Arch,
  type Kconfig,
  KconfigError,
  kernelKconfig,
  parse,
  Satisfier,
} from 'kconfiglib-js';
import { readingKconfig } from '../../input/index.ts';
import type { SourceTree } from '../source/source-tree.ts';

/** Asked first, since most of what is said of a tree is decided by them. */
const FIRST = ['x86', 'arm64'];

/** The Kconfig trees of a source tree, one for each architecture, read when they are first asked. */
export class Architectures {
  readonly names: readonly string[];
  readonly #tree: SourceTree;
  readonly #read = new Map<string, Satisfier | undefined>();

  constructor(tree: SourceTree) {
    this.#tree = tree;
    const found = architectures(tree.root);
    this.names = [
      ...FIRST.filter((name) => found.includes(name)),
      ...found.filter((name) => !FIRST.includes(name)),
    ];
    // Not a kernel: one tree of options for everything.
    if (this.names.length === 0) this.names = [''];
  }

  /** Those a file can be compiled for. */
  of(path: string): readonly string[] {
    const own = /^arch\/([^/]+)\//.exec(path)?.[1];
    if (own === undefined) return this.names;
    // User mode uses headers and code of x86.
    const users = own === 'x86' ? ['x86', 'um'] : [own];
    return users.filter((name) => this.names.includes(name));
  }

  /** Answers for an architecture; undefined if its Kconfig cannot be read. */
  satisfier(name: string): Satisfier | undefined {
    if (!this.#read.has(name)) this.#read.set(name, this.#satisfierOf(name));
    return this.#read.get(name);
  }

  #satisfierOf(name: string): Satisfier | undefined {
    try {
      return new Satisfier(this.kconfig(name));
    } catch (error) {
      if (!(error instanceof KconfigError)) throw error;
      // With several architectures the others may still tell.
      return this.names.length > 1
        ? undefined
        : readingKconfig(() => raise(error), this.#tree.root);
    }
  }

  /** The Kconfig of an architecture with the changes in memory. */
  kconfig(name: string): Kconfig {
    const { root, overlay } = this.#tree;
    const top = `${root}/`;
    const changed = [...overlay.keys()].some((path) => /(?:^|\/)Kconfig/.test(path));
    const readFile = (path: string): string | undefined => {
      const inner = path.startsWith(top) ? path.slice(top.length) : path;
      if (overlay.has(inner)) return overlay.get(inner)?.toString('utf8');
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    };
    const options = changed ? { readFile, readDir: (path: string) => list(path) } : {};
    if (name === '') return parse('Kconfig', { srctree: root, ...options });
    return kernelKconfig(root, { arch: name as Arch, ...options });
  }
}

/** The Kconfig of a tree, changes in memory included, for `make ARCH=name`; what is wrong with it is input. */
export function treeKconfig(tree: SourceTree, name: string): Kconfig {
  return readingKconfig(() => new Architectures(tree).kconfig(name), tree.root);
}

function raise(error: Error): never {
  throw error;
}

function list(path: string): string[] | undefined {
  try {
    return readdirSync(path === '' ? '.' : path);
  } catch {
    return undefined;
  }
}

function architectures(root: string): string[] {
  const names = (list(`${root}/arch`) ?? []).sort();
  return names.filter((name) =>
    statSync(`${root}/arch/${name}/Kconfig`, { throwIfNoEntry: false })?.isFile(),
  );
}
