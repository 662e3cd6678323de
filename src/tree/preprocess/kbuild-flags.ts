import { join } from 'node:path/posix';
import { evaluate } from '../condition/formula.ts';
import { MakeVariables, type MakeWorld } from '../kbuild/variables.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { below } from '../surface/built.ts';
import type { Values } from '../surface/view.ts';
import type { Configuration } from './configuration.ts';
import { includeFolders } from './include-folders.ts';
import { type Macro, plainMacro } from './macro.ts';

/** What Kbuild tells the compiler of one file, beside what it tells it of all. */
export interface KbuildFlags {
  /** `-I`: folders to look for headers in, in order. */
  readonly folders: readonly string[];
  /** `-D` */
  readonly macros: readonly Macro[];
}

/**
 * The flags the Makefiles of a tree give a source file in a configuration (Documentation/kbuild/makefiles.rst,
 * "Compilation flags"): `ccflags-y` and `CFLAGS_name.o` of the Makefile that lists its object, `subdir-ccflags-y` of that
 * and of those above, and what the top one says of all. A condition that nothing decides is taken to hold.
 */
export function kbuildFlags(
  tree: SourceTree,
  main: string,
  configuration: Pick<Configuration, 'values' | 'arch'>,
): KbuildFlags {
  const all = flagsOf(tree, main, configuration).flat().join(' ');
  const folders = [...all.matchAll(/(?:^|\s)-I\s*(\S+)/g)]
    .map(([, given]) => join(given as string))
    .filter((path) => !/^(?:\.\.|\/)/.test(path))
    .map((path) => path.replace(/\/$/, ''));
  const macros = [...all.matchAll(/(?:^|\s)-D\s*(\w+)(?:=('[^']*'|\S*))?/g)].map(
    ([, name, value]) => plainMacro(name as string, value?.replace(/^'(.*)'$/, '$1') ?? '1'),
  );
  return { folders: [...new Set(folders)], macros };
}

/**
 * What the Makefiles of a tree make of a warning that gcc gives of itself: `-Werror`, `-Wno-error=NAME`, `-Wno-NAME`, `-w`;
 * of two that contradict each other the later counts, which is that of the file.
 */
export function warningLevel(
  tree: SourceTree,
  main: string,
  warning: string,
  configuration: Pick<Configuration, 'values' | 'arch'>,
): 'error' | 'warning' | 'none' {
  const given = flagsOf(tree, main, configuration).reverse().flat().join(' ').split(/\s+/);
  const last = (...names: string[]): string | undefined =>
    given.findLast((word) => names.includes(word));
  if (given.includes('-w') || last(`-W${warning}`, `-Wno-${warning}`) === `-Wno-${warning}`) {
    return 'none';
  }
  const own = last(`-Werror=${warning}`, `-Wno-error=${warning}`);
  const error = own ?? last('-Werror', '-Wno-error');
  return error?.startsWith('-Werror') ? 'error' : 'warning';
}

/** The flags by the folder of their Makefile, from that of the file to the top. */
function flagsOf(
  tree: SourceTree,
  main: string,
  { values, arch }: Pick<Configuration, 'values' | 'arch'>,
): string[][] {
  const read = readerOf(tree, values, arch);
  const inside = tree.has(main);
  const owner = inside ? ownerOf(tree, main, read) : '';
  const flags: string[][] = [];
  for (let folder = owner; ; folder = parentOf(folder)) {
    const variables = read(folder);
    const own =
      inside && folder === owner ? main.slice(folder === '' ? 0 : folder.length + 1) : undefined;
    const here = [...(variables?.names ?? [])].filter((name) => counts(name, folder, own));
    flags.push(here.map((name) => variables?.get(name) ?? ''));
    if (folder === '') break;
  }
  return flags;
}

/**
 * The folder whose Makefile builds a file: the one that lists its object; else the nearest above that has one, or the one
 * of another folder that includes that (`drivers/gpu/drm/amd/amdgpu` for those of `amd/display`).
 */
export function builderOf(
  tree: SourceTree,
  path: string,
  { values, arch }: Pick<Configuration, 'values' | 'arch'>,
): string {
  return ownerOf(tree, path, readerOf(tree, values, arch));
}

/**
 * Has a Makefile the objects of two sources in the list of one object: `kvm-y := $(KVM)/kvm_main.o`, `kvm-y += hyperv.o`. A
 * pattern rule may make one of the source of another folder.
 */
export function areLinked(
  tree: SourceTree,
  one: string,
  other: string,
  { values, arch }: Pick<Configuration, 'values' | 'arch'>,
): boolean {
  const read = readerOf(tree, values, arch);
  const folder = ownerOf(tree, one, read);
  const variables = read(folder);
  if (!variables) return false;
  const wanted = [one, other].map(objectOf);
  const lists = new Map<string, Set<string>>();
  for (const name of variables.names) {
    const object = /^(.+)-(?:y|m|objs)$/.exec(name)?.[1];
    if (object === undefined || object === 'obj') continue;
    const list = lists.get(object) ?? new Set();
    for (const item of variables.get(name).split(/\s+/)) {
      const path = join(folder, item);
      list.add(path);
      const source = variables.sourceOf(path);
      if (source !== undefined) list.add(objectOf(source));
    }
    lists.set(object, list);
  }
  return [...lists.values()].some((list) => wanted.every((object) => list.has(object)));
}

/** The object beside a source. */
function objectOf(source: string): string {
  return source.replace(/\.\w+$/, '.o');
}

/** Has a Makefile that builds a file, or one above it, a rule or a list for a header of this name, as it stands or with `%`. */
export function isMade(
  tree: SourceTree,
  path: string,
  header: string,
  configuration: Pick<Configuration, 'values' | 'arch'>,
): boolean {
  const name = header.slice(header.lastIndexOf('/') + 1);
  const patterns = [name, name.replace(/^[^.]+/, '%')].filter((one) => one !== '%');
  const read = readerOf(tree, configuration.values, configuration.arch);
  const isNamed = (text: string): boolean =>
    patterns.some((one) =>
      new RegExp(`(?:^|[\\s/:])${one.replace(/[^\w%]/g, '\\$&')}(?=[\\s:]|$)`, 'm').test(text),
    );
  if (header.startsWith('asm/')) {
    // Made for all of an architecture where its tables of system calls are.
    const own = new RegExp(`^arch/${configuration.arch}/(?:.*/)?syscalls/Makefile$`);
    const tables = tree.index.files.filter((file) => own.test(file));
    if (tables.some((file) => isNamed(tree.text(file) ?? ''))) return true;
  }
  const isMadeIn = (folder: string): boolean =>
    read(folder)?.files.some((file) => isNamed(tree.text(file) ?? '')) === true;
  for (let at = ownerOf(tree, path, read); at !== ''; at = parentOf(at)) {
    if (isMadeIn(at)) return true;
  }
  // Beside the place it would lie in, for those who look for it there.
  const { folders } = kbuildFlags(tree, path, configuration);
  return [...folders, ...includeFolders(tree)].some(
    (folder) => folder !== '' && folder !== '.' && isMadeIn(folder),
  );
}

/** Is a variable of a Makefile one for the objects of its folder (`own`: the file in it), or for those below, or for all. */
function counts(name: string, folder: string, own: string | undefined): boolean {
  if (/^subdir-cc?flags-[ym]$/.test(name)) return true;
  if (folder === '' && /^(?:KBUILD_)?C(?:PP)?FLAGS$/.test(name)) return true;
  if (own === undefined) return false;
  if (/^(?:cc|cpp)flags-[ym]$/.test(name)) return true;
  const object = /^CFLAGS_(.+)\.o$/.exec(name)?.[1];
  const stem = own.replace(/\.\w+$/, '');
  return object === stem || object === stem.slice(stem.lastIndexOf('/') + 1);
}

type Read = (folder: string) => MakeVariables | undefined;

/** What was read of Makefiles, by what decides it. */
const known = new WeakMap<Values, WeakMap<SourceTree, Map<string, Read>>>();

function readerOf(tree: SourceTree, values: Values, arch: string): Read {
  let trees = known.get(values);
  if (!trees) known.set(values, (trees = new WeakMap()));
  let arches = trees.get(tree);
  if (!arches) trees.set(tree, (arches = new Map()));
  const other = arches.get(arch);
  if (other) return other;
  const found = new Map<string, MakeVariables | undefined>();
  const read = (folder: string): MakeVariables | undefined => {
    if (!found.has(folder)) found.set(folder, variablesOf(tree, folder, values, arch));
    return found.get(folder);
  };
  arches.set(arch, read);
  return read;
}

function variablesOf(
  tree: SourceTree,
  folder: string,
  values: Values,
  arch: string,
): MakeVariables | undefined {
  const path = makefileOf(tree, folder);
  if (path === undefined) return undefined;
  const set: Readonly<Record<string, string>> = {
    ...exported(tree),
    CURDIR: '.',
    src: folder === '' ? '.' : folder,
    obj: folder === '' ? '.' : folder,
    srctree: '.',
    objtree: '.',
    SRCARCH: arch,
  };
  const world: MakeWorld = {
    // Nothing outside of the tree is read, whatever a Makefile includes.
    read: (wanted) => (tree.has(wanted) ? tree.text(wanted) : undefined),
    holds: (condition, ask) =>
      evaluate(condition, values, folder === '' ? (text) => nothingGiven(text, values) : ask) !==
      false,
    value: (name) => (name.startsWith('CONFIG_') ? values(name.slice(7)) : set[name]),
    list: (pattern, folder) => filesLike(tree, pattern, folder),
  };
  return new MakeVariables(path, world);
}

/** `export OPENSBI_PLATFORM=$(PLATFORM)` */
const EXPORT = /^[ \t]*export[ \t]+(\w+)[ \t]*[:?]?=[ \t]*\$[({](\w+)[)}][ \t]*$/gm;

/**
 * What the top Makefile exports to Kconfig, as far as somebody said so, and the variables it has that from. Paths in the
 * tree are told from its top.
 */
function exported(tree: SourceTree): Record<string, string> {
  const known: Record<string, string> = {};
  for (const [name, value] of Object.entries(tree.environment)) {
    const inside = value === tree.root || value.startsWith(`${tree.root}/`);
    known[name] = inside ? join(value.slice(tree.root.length + 1)) : value;
  }
  for (const [, name, from] of (tree.text('Makefile') ?? '').matchAll(EXPORT)) {
    const value = known[name as string];
    if (value !== undefined) known[from as string] ??= value;
  }
  return known;
}

/** More of them in one word of a path is an attack, not a pattern. */
const MOST_STARS = 3;

/** Files of a tree by a pattern of their paths, or below a folder of their names. */
function filesLike(tree: SourceTree, pattern: string, folder: string | undefined): string[] {
  if (folder === undefined && !/[*?]/.test(pattern)) return tree.has(pattern) ? [pattern] : [];
  if (pattern.split('/').some((part) => part.split('*').length > MOST_STARS + 1)) return [];
  const like = new RegExp(
    `^${pattern.replace(/[^\w/*?]/g, '\\$&').replace(/[*?]/g, (one) => (one === '*' ? '[^/]*' : '[^/]'))}$`,
  );
  const top = (folder ?? /^(?:[^*?]*\/)?/.exec(pattern)?.[0] ?? '').replace(/\/?$/, '/');
  const beginning = /^\.?\/$/.test(top) ? '' : top;
  return [...below(tree.index.files, beginning)].filter((path) =>
    like.test(folder === undefined ? path : path.slice(path.lastIndexOf('/') + 1)),
  );
}

/**
 * The top Makefile asks how make was called (`W=1`), options beside it: by its name alone. The rest of it is read as if all
 * were so.
 */
function nothingGiven(question: string, values: Values): boolean | undefined {
  const found = /\$\(findstring [^()]*\$\(\w+\)\)((?:\$\(CONFIG_\w+\))*),\)$/.exec(question);
  if (!found) return undefined;
  const options = (found[1] as string).matchAll(/CONFIG_(\w+)/g);
  return [...options].every(([, name]) => /^n?$/.test(values(name as string) ?? ''));
}

function makefileOf(tree: SourceTree, folder: string): string | undefined {
  const names = folder === '' ? ['Makefile'] : ['Kbuild', 'Makefile'];
  return names.map((name) => join(folder, name)).find((one) => tree.has(one));
}

/** How far above a Makefile others are looked for that include it. */
const LEVELS = 6;

function ownerOf(tree: SourceTree, main: string, read: Read): string {
  const lister = tree.kbuild.listerOf(main);
  if (lister !== undefined) return lister;
  let nearest = parentOf(main);
  while (nearest !== '' && makefileOf(tree, nearest) === undefined) nearest = parentOf(nearest);
  const path = makefileOf(tree, nearest);
  for (let at = nearest, n = 0; path !== undefined && at !== '' && n < LEVELS; n++) {
    at = parentOf(at);
    // Folders at the top have nothing to do with each other.
    const beside = at.includes('/') ? makefilesBelow(tree, at) : [];
    for (const folder of [at, ...beside]) {
      if (folder !== nearest && read(folder)?.files.includes(path)) return folder;
    }
  }
  return nearest;
}

/** Folders right below a folder that have a Makefile. */
function makefilesBelow(tree: SourceTree, folder: string): string[] {
  let folders = makefiles.get(tree);
  if (!folders) {
    folders = new Map();
    for (const path of tree.index.files) {
      if (!/\/(?:Makefile|Kbuild)$/.test(path)) continue;
      const own = parentOf(path);
      const list = folders.get(parentOf(own));
      if (list) list.push(own);
      else folders.set(parentOf(own), [own]);
    }
    makefiles.set(tree, folders);
  }
  return folders.get(folder) ?? [];
}

const makefiles = new WeakMap<SourceTree, Map<string, string[]>>();

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
