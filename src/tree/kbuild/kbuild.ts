import { and, type Formula, or, symbolsOf } from '../condition/formula.ts';
import { type InBuild, type ListEntry, readMakefile } from './makefile.ts';

/** Lists whose objects Kbuild builds by themselves (Documentation/kbuild/makefiles.rst has the names). */
const TOP_LISTS = new Set([
  'obj',
  'lib',
  'core',
  'drivers',
  'libs',
  'net',
  'virt',
  'always',
  'extra',
  'init',
  'head',
  'subdir',
  'targets',
]);

/** How deep lists may name each other. */
const DEPTH = 40;

/** How many lists of a folder are followed: hundreds that all name each other have no end of ways. */
const MOST_STEPS = 20_000;

/**
 * What it takes for Kbuild to compile a file, from the Makefiles between it and the top. A file no Makefile names may be
 * included by another or built by a rule of its own: nothing is known of it, so its condition is true.
 */
export class Kbuild {
  readonly #read: (path: string) => string | undefined;
  readonly #folders = new Map<string, readonly ListEntry[]>();
  readonly #known = new Map<string, Formula>();
  /** What is known of lists, by folder and name. */
  readonly #lists = new Map<string, Formula | undefined>();
  /** Those that are being looked at, and those of them that were met again. */
  readonly #under = new Set<string>();
  readonly #circles = new Set<string>();
  readonly #steps = new Map<string, number>();
  readonly #unlisted = new Set<string>();
  readonly #listers = new Map<string, string>();
  readonly #places = new Map<string, Formula | 'unknown'>();

  readonly #inBuild: InBuild | undefined;
  readonly #architectures: () => readonly string[];
  /** By folder, the architectures whose Makefile leads there; undefined where no one is asked. */
  readonly #ledBy = new Map<string, ReadonlyMap<string, Formula> | undefined>();

  /** `read` gives the text of a file of the tree by its path, `architectures` the folders below arch/ that have a Makefile. */
  constructor(
    read: (path: string) => string | undefined,
    inBuild?: InBuild,
    architectures: () => readonly string[] = () => [],
  ) {
    this.#read = read;
    this.#inBuild = inBuild;
    this.#architectures = architectures;
  }

  /** The condition of a source file (`mm/memory.c`); of what is not compiled by itself (a header) it is true. */
  conditionOf(path: string): Formula {
    const object = /^(.*?)([^/]+)\.(?:c|S|rs|cc|cpp)$/.exec(path);
    if (!object) return true;
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    const [, folder, name] = object as unknown as [string, string, string];
    const listed = this.#itemCondition(path, folder.replace(/\/$/, ''), `${name}.o`);
    if (listed === undefined) this.#unlisted.add(path);
    const condition = listed ?? true;
    this.#known.set(path, condition);
    return condition;
  }

  /**
   * May Kbuild come to a file when it builds for an architecture: not where only Makefiles of others lead to a folder
   * above (`drivers-y += drivers/s390/` of arch/s390/Makefile). Files below arch/ are not looked at.
   */
  isFor(path: string, arch: string): boolean {
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
      const led = this.#leaders(at);
      if (led && !led.has(arch)) return false;
    }
    return true;
  }

  /** Architectures whose Makefile enters a folder outside of arch/ that no other one enters, with what it takes for each. */
  #leaders(folder: string): ReadonlyMap<string, Formula> | undefined {
    if (folder === 'arch' || folder.startsWith('arch/')) return undefined;
    if (this.#ledBy.has(folder)) return this.#ledBy.get(folder);
    const found = new Map<string, Formula>();
    if (this.#enteringFrom(folder).length === 0) {
      for (const arch of this.#architectures()) {
        const ways = this.#entering(`arch/${arch}`, [`${folder}/`]);
        if (ways.length > 0) found.set(arch, or(...ways));
      }
    }
    const led = found.size === 0 ? undefined : found;
    this.#ledBy.set(folder, led);
    return led;
  }

  /** Is a source file in some list. */
  isListed(path: string): boolean {
    this.conditionOf(path);
    return !this.#unlisted.has(path);
  }

  /** The folder whose Makefile has a source file in a list, its own or one above; undefined if none has. */
  listerOf(path: string): string | undefined {
    this.conditionOf(path);
    return this.#listers.get(path);
  }

  /**
   * What it takes for Kbuild to come to the folder of a file, or to one beside it: the condition of the nearest folder
   * above that a list has, or has something in. For files no list names: they are included by others, or named by
   * variables of make (`drivers/gpu/drm/amd/display` by what `amd/amdgpu/` stands for).
   */
  placeOf(path: string): Formula {
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
      const known = this.#places.get(at) ?? this.#placeCondition(at);
      this.#places.set(at, known);
      if (known !== 'unknown') return known;
    }
    return true;
  }

  #placeCondition(folder: string): Formula | 'unknown' {
    const ways: Formula[] = [];
    const parts = folder.split('/');
    for (let n = parts.length - 1; n >= 0; n--) {
      const above = parts.slice(0, n).join('/');
      const beginning = `${parts.slice(n).join('/')}/`;
      for (const { item, list, condition } of this.#entries(above)) {
        if (!item.startsWith(beginning) || !item.endsWith('/')) continue;
        const used = this.#listCondition(above, list, 1);
        if (used !== undefined) ways.push(and(condition, used, this.#folderCondition(above, 1)));
      }
    }
    return ways.length === 0 ? 'unknown' : or(...ways);
  }

  /** Objects that are linked from a source file and others: `kvm-intel` for what `kvm-intel-y` lists. */
  compositesOf(path: string): string[] {
    const found = new Set<string>();
    let rest = path.replace(/\.[^./]+$/, '.o');
    for (let at = ''; ; ) {
      for (const { item, list } of this.#entries(at)) {
        if (item === rest && !TOP_LISTS.has(list)) found.add(list.slice(list.lastIndexOf('/') + 1));
      }
      const slash = rest.indexOf('/');
      if (slash < 0) return [...found];
      at = at === '' ? rest.slice(0, slash) : `${at}/${rest.slice(0, slash)}`;
      rest = rest.slice(slash + 1);
    }
  }

  /** An object is in a list of its folder, or of a folder above as `sub/name.o`. */
  #itemCondition(path: string, folder: string, item: string): Formula | undefined {
    for (let at = folder, rest = item; ; ) {
      const own = this.#inFolder(at, rest, 0);
      if (own !== undefined) {
        this.#listers.set(path, at);
        return and(this.#folderCondition(at, 0), own);
      }
      if (at === '') return undefined;
      const slash = at.lastIndexOf('/');
      rest = `${at.slice(slash + 1)}/${rest}`;
      at = slash < 0 ? '' : at.slice(0, slash);
    }
  }

  /** What the lists of one folder say of an item; undefined if none has it. */
  #inFolder(folder: string, item: string, depth: number): Formula | undefined {
    const ways: Formula[] = [];
    for (const entry of this.#entries(folder)) {
      if (entry.item !== item) continue;
      const list = this.#listCondition(folder, entry.list, depth + 1);
      if (list !== undefined) ways.push(and(entry.condition, list));
    }
    return ways.length === 0 ? undefined : or(...ways);
  }

  /** What it takes for a list to be used: its object is wanted, or another list takes it in as `$(list-y)`. */
  #listCondition(folder: string, list: string, depth: number): Formula | undefined {
    if (TOP_LISTS.has(list)) return true;
    const key = `${folder}\0${list}`;
    const found = this.#lists.has(key) ? this.#lists.get(key) : this.#way(key, folder, list, depth);
    // A list nobody uses here is used by a rule.
    return found ?? (depth <= 1 ? true : undefined);
  }

  /** Lists may name each other in a circle, which is no way to either: what such a way was left out of is not kept. */
  #way(key: string, folder: string, list: string, depth: number): Formula | undefined {
    if (this.#under.has(key) || this.#steps.get(folder) === MOST_STEPS) {
      this.#circles.add(key);
      return undefined;
    }
    this.#steps.set(folder, (this.#steps.get(folder) ?? 0) + 1);
    this.#under.add(key);
    const found = this.#waysToList(folder, list, depth);
    this.#under.delete(key);
    this.#circles.delete(key);
    if (this.#circles.size === 0) this.#lists.set(key, found);
    if (this.#under.size === 0) this.#circles.clear();
    return found;
  }

  #waysToList(folder: string, list: string, depth: number): Formula | undefined {
    if (depth > DEPTH) return undefined;
    const ways: Formula[] = [];
    const object = this.#inFolder(folder, `${list}.o`, depth);
    if (object !== undefined) ways.push(object);
    for (const entry of this.#entries(folder)) {
      if (!takesIn(entry.item, list)) continue;
      const outer = this.#listCondition(folder, entry.list, depth + 1);
      if (outer !== undefined) ways.push(and(entry.condition, outer));
    }
    return ways.length === 0 ? undefined : or(...ways);
  }

  #folderCondition(folder: string, depth: number): Formula {
    if (folder === '' || depth > 40) return true;
    const key = `${folder}/`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const above = this.#enteringFrom(folder);
    const ways = above.map(([at, way]) => and(way, this.#folderCondition(at, depth + 1)));
    const led = ways.length > 0 ? undefined : this.#leaders(folder);
    const all = led ? [...led.values()] : ways;
    const condition = all.length > 0 ? or(...all) : true;
    this.#known.set(key, condition);
    return condition;
  }

  /** What it takes for the nearest folder above that enters another to do so, once for each entry. */
  #enteringFrom(folder: string): (readonly [above: string, way: Formula])[] {
    const parts = folder.split('/');
    for (let n = parts.length - 1; n >= 0; n--) {
      const above = parts.slice(0, n).join('/');
      const item = parts.slice(n).join('/');
      const ways = this.#entering(above, [item, `${item}/`]);
      if (ways.length > 0) return ways.map((way) => [above, way]);
    }
    return [];
  }

  /** What it takes for the lists of a folder to have one of some items, once for each entry that has. */
  #entering(above: string, items: readonly string[]): Formula[] {
    return this.#entries(above).flatMap((entry) => {
      if (!items.includes(entry.item)) return [];
      const list = this.#listCondition(above, entry.list, 1);
      return list === undefined ? [] : [and(entry.condition, list)];
    });
  }

  /** Kbuild takes a file called Kbuild rather than the Makefile; at the top and for an architecture both count. */
  #entries(folder: string): readonly ListEntry[] {
    let entries = this.#folders.get(folder);
    if (!entries) {
      const at = folder === '' ? '' : `${folder}/`;
      const kbuild = this.#read(`${at}Kbuild`);
      const both = folder === '' || /^arch\/[^/]+$/.test(folder);
      const makefile = kbuild === undefined || both ? this.#read(`${at}Makefile`) : undefined;
      const [own, top] = [kbuild, makefile].map((text) =>
        text === undefined ? [] : readMakefile(text, this.#inBuild).entries,
      ) as [readonly ListEntry[], readonly ListEntry[]];
      // That of an architecture is read by the one at the top, and names what is below it from there.
      entries = [
        ...own,
        ...(both ? top.map((one) => ({ ...one, item: below(one.item, at) })) : top),
      ];
      if (folder === '') {
        entries = entries.map((one) => ({ ...one, condition: ofOptions(one.condition) }));
      }
      this.#folders.set(folder, entries);
    }
    return entries;
  }
}

/** Does an item stand for what is in a list: `$(list-y)`, not `$(list-more-y)`. */
function takesIn(item: string, list: string): boolean {
  const beginning = `$(${list}-`;
  for (let at = item.indexOf(beginning); at >= 0; at = item.indexOf(beginning, at + 1)) {
    if (/^[^-():$]*(?:[$:)]|$)/.test(item.slice(at + beginning.length))) return true;
  }
  return false;
}

/** The top Makefile asks how make was called (`ifeq ($(KBUILD_EXTMOD),)`): that is no matter of a configuration. */
function ofOptions(condition: Formula): Formula {
  if (typeof condition === 'boolean') return condition;
  if ('and' in condition) return and(...condition.and.map(ofOptions));
  return symbolsOf(condition).size === 0 || condition;
}

/** A path of the tree as it is called in a folder; any other item is left. */
function below(item: string, folder: string): string {
  return item.startsWith(folder) ? item.slice(folder.length) : item;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
