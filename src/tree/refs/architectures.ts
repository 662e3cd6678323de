import { readdirSync, readFileSync, statSync } from 'node:fs';
import {
  type Arch,
  type Kconfig,
  KconfigError,
  kernelKconfig,
  loadShippedProfile,
  parse,
  Satisfier,
  type Shell,
  toolchainProfile,
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
  readonly #failed = new Set<string>();

  constructor(tree: SourceTree) {
    this.#tree = tree;
    const found = architectures(tree);
    this.names = [
      ...FIRST.filter((name) => found.includes(name)),
      ...found.filter((name) => !FIRST.includes(name)),
    ];
    // One tree of options for everything.
    if (this.names.length === 0) this.names = [''];
  }

  /** Those a file can be compiled for. */
  of(path: string): readonly string[] {
    const own = /^arch\/([^/]+)\//.exec(path)?.[1];
    if (own === undefined || this.names.includes('')) return this.names;
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
      // As long as the Kconfig of another architecture can be read that may still tell.
      return this.#failed.add(name).size < this.names.length
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
    if (name === '') {
      const profile = loadShippedProfile();
      const env = profile.environment;
      const shell = withUnknown(toolchainProfile(profile));
      return parse('Kconfig', { srctree: root, dialect: 'superset', env, shell, ...options });
    }
    return kernelKconfig(root, { arch: name as Arch, ...options });
  }
}

/** The Kconfig of a tree, changes in memory included, for `make ARCH=name`; what is wrong with it is input. */
export function treeKconfig(tree: SourceTree, name: string): Kconfig {
  return readingKconfig(() => new Architectures(tree).kconfig(name), tree.root);
}

/** What nobody recorded is answered as where a tool is missing: no, or version 0. Nothing is run. */
function withUnknown(shell: Shell): Shell {
  return (request, context) =>
    shell(request, context) ?? (/\becho "?n"?\s*$/.test(request.command) ? 'n' : '0');
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

/** Is there a tree of options for each architecture, as in a kernel; other projects have one that takes in all of them. */
export function hasArchitectures(tree: SourceTree): boolean {
  return !/^\s*source\s+"?arch\/[\w-]+\/Kconfig/m.test(tree.text('arch/Kconfig') ?? '');
}

function architectures(tree: SourceTree): string[] {
  if (!hasArchitectures(tree)) return [];
  const { root } = tree;
  const names = (list(`${root}/arch`) ?? []).sort();
  return names.filter((name) =>
    statSync(`${root}/arch/${name}/Kconfig`, { throwIfNoEntry: false })?.isFile(),
  );
}
