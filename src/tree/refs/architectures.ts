import { readdirSync, readFileSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import {
  type Arch,
  archEnvironment,
  isKernelTree,
  type Kconfig,
  KconfigError,
  kernelKconfig,
  loadShippedProfile,
  ownConf,
  parse,
  Satisfier,
  type ToolchainProfile,
  toolchainProfile,
} from 'kconfiglib-js';
import { readingKconfig } from '../../input/index.ts';
import type { Formula } from '../condition/formula.ts';
import { isKconfig, TOP_FILES } from '../scan/what-file.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { AnyToolchain } from './any-toolchain.ts';
import { madeKconfig } from './made-kconfig.ts';
import { Witnesses } from './witnesses.ts';

/** Asked first, since most of what is said of a tree is decided by them. */
const FIRST = ['x86', 'arm64'];

/** Configurations in which most of what can hold does. */
const SEEDS = ['alldefconfig', 'allyesconfig', 'allmodconfig', 'allnoconfig'] as const;

/** So many questions cost a solver more than it takes to make these. */
const MANY = 64;

/** What the Kconfig of an architecture allows: from configurations it allows, or else by proof. */
class Answers {
  readonly #satisfier: Satisfier;
  readonly #kconfig: Kconfig;
  readonly #witnesses = new Witnesses();
  #asked = 0;

  constructor(kconfig: Kconfig) {
    this.#kconfig = kconfig;
    this.#satisfier = new Satisfier(kconfig);
  }

  /** Can a formula hold. */
  satisfiable(formula: Formula): 'yes' | 'no' | 'unknown' {
    if (++this.#asked === MANY) for (const mode of SEEDS) this.#witnesses.seed(this.#kconfig, mode);
    if (this.#witnesses.show(formula)) return 'yes';
    const answer = this.#satisfier.satisfiable(formula);
    const { witness } = this.#satisfier;
    if (answer === 'yes' && witness) this.#witnesses.add(witness);
    return answer;
  }
}

/** The Kconfig trees of a source tree, one for each architecture, read when they are first asked. */
export class Architectures {
  readonly names: readonly string[];
  readonly #tree: SourceTree;
  readonly #read = new Map<string, Answers | undefined>();
  /** Files of Kconfig, most of which all of them read. */
  readonly #texts = new Map<string, string | undefined>();
  readonly #lists = new Map<string, string[] | undefined>();
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
  answers(name: string): Answers | undefined {
    if (!this.#read.has(name)) this.#read.set(name, this.#answersOf(name));
    return this.#read.get(name);
  }

  #answersOf(name: string): Answers | undefined {
    try {
      return new Answers(this.#kconfig(name, undefined, true));
    } catch (error) {
      if (!(error instanceof KconfigError)) throw error;
      // As long as the Kconfig of another architecture can be read that may still tell.
      return this.#failed.add(name).size < this.names.length
        ? undefined
        : readingKconfig(() => raise(error), this.#tree.root);
    }
  }

  /** The Kconfig of an architecture with the changes in memory; a profile answers instead of the shipped one. */
  kconfig(name: string, given?: ToolchainProfile): Kconfig {
    return this.#kconfig(name, given, false);
  }

  #kconfig(name: string, given: ToolchainProfile | undefined, anyToolchain: boolean): Kconfig {
    const { root, overlay } = this.#tree;
    const profile = given ?? loadShippedProfile();
    const recorded = toolchainProfile(profile);
    const toolchain = anyToolchain ? new AnyToolchain(recorded) : undefined;
    const isKernel = name !== '' && isKernelTree(root);
    const first = isKernel ? 'Kconfig' : (topFile(root) ?? TOP_FILES[0]);
    const changed = [...overlay.keys()].some((path) => isKconfig(path));
    const { conventions, environment } = this.#tree;
    const textAt = (path: string, inner: string): string | undefined => {
      if (overlay.has(inner)) return overlay.get(inner)?.toString('utf8');
      if (!this.#texts.has(path)) {
        const made = conventions && madeKconfig(this.#tree, inner);
        this.#texts.set(path, textOf(path) ?? made);
      }
      return this.#texts.get(path);
    };
    const readFile = (path: string): string | undefined => {
      const below = relative(root, path);
      const inner = below.startsWith('..') || isAbsolute(below) ? path : below;
      const text = textAt(path, inner);
      return toolchain ? toolchain.read(inner, text, inner === first) : text;
    };
    const readDir = (path: string): string[] | undefined => {
      if (!this.#lists.has(path)) this.#lists.set(path, list(path));
      return this.#lists.get(path);
    };
    const options =
      changed || conventions || toolchain || this.#read.size > 0 ? { readFile, readDir } : {};
    if (!isKernel) {
      const own = ownConf(`${root}/${first}`);
      const arch = name === '' ? {} : archEnvironment(name);
      return parse(first, {
        srctree: root,
        dialect: own?.dialect ?? 'superset',
        env: { ...profile.environment, ...arch, srctree: resolve(root), ...environment },
        shell: toolchain?.shell ?? recorded,
        // Makefiles of some projects make files of options before they are read, and find out what else there is.
        optionalSources: conventions !== undefined || own?.optionalSources === true,
        openEnvironment: true,
        ...options,
      });
    }
    return kernelKconfig(root, {
      arch: name as Arch,
      env: environment,
      ...options,
      ...(given && { profile: given }),
      ...(toolchain && { profile, shell: toolchain.shell }),
    });
  }
}

/** The file the options of a tree begin with; undefined if it has none at its top. */
export function topFile(root: string): string | undefined {
  return TOP_FILES.find((name) => statSync(`${root}/${name}`, { throwIfNoEntry: false })?.isFile());
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * The Kconfig of a tree, changes in memory included, for `make ARCH=name`; what is wrong with it is input. What it asks the compiler
 * a profile answers, the shipped one if none is given.
 */
export function treeKconfig(tree: SourceTree, name: string, profile?: ToolchainProfile): Kconfig {
  return readingKconfig(() => new Architectures(tree).kconfig(name, profile), tree.root);
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
  return (
    tree.index.files.some((path) => /^arch\/[^/]+\/Kconfig$/.test(path)) &&
    !/^\s*source\s+"?arch\/[\w-]+\/Kconfig/m.test(tree.text('arch/Kconfig') ?? '')
  );
}

function architectures(tree: SourceTree): string[] {
  if (!hasArchitectures(tree)) return [];
  const { root } = tree;
  const names = (list(`${root}/arch`) ?? []).sort();
  return names.filter((name) =>
    statSync(`${root}/arch/${name}/Kconfig`, { throwIfNoEntry: false })?.isFile(),
  );
}
