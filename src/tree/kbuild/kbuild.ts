import { join, relative } from 'node:path/posix';
import { and, type Formula, or, symbolsOf } from '../condition/formula.ts';
import { type InBuild, type ListEntry, readMakefile } from './makefile.ts';

/** Lists whose objects Kbuild builds by themselves (Documentation/kbuild/makefiles.rst has the names). */
const TOP_LISTS = new Set(['obj', 'lib', 'always', 'extra', 'subdir', 'targets']);

/** Those of the Makefile at the top and of an architecture's; elsewhere an object may be called so (`usb/core`). */
const OUTER_LISTS = new Set(['core', 'drivers', 'libs', 'net', 'virt', 'init', 'head']);

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
  readonly #architecturesOf: () => readonly string[];
  #named: readonly string[] | undefined;
  /** By folder, those beside it that may name something in it. */
  readonly #beside = new Map<string, readonly string[]>();
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
    this.#architecturesOf = architectures;
  }

  #architectures(): readonly string[] {
    this.#named ??= this.#architecturesOf();
    return this.#named;
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
        const used = this.#listCondition(above, list);
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
        if (item === rest && !TOP_LISTS.has(list) && !isPlain(list))
          found.add(list.slice(list.lastIndexOf('/') + 1));
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
      if (at === '') return this.#fromBeside(folder, item);
      const slash = at.lastIndexOf('/');
      rest = `${at.slice(slash + 1)}/${rest}`;
      at = slash < 0 ? '' : at.slice(0, slash);
    }
  }

  /**
   * A folder beside one, or that of an architecture which has the same name, may name an object in it:
   * `../misc/onboard_usb_dev_pdevs.o` of drivers/usb/core, `../../../virt/kvm/kvm_main.o` of arch/x86/kvm.
   */
  #fromBeside(folder: string, item: string): Formula | undefined {
    const ways = this.#besideOf(folder).flatMap((at) => {
      const own = this.#inFolder(at, `${relative(at, folder)}/${item}`, 0);
      return own === undefined ? [] : [and(this.#folderCondition(at, 0), own)];
    });
    return ways.length === 0 ? undefined : or(...ways);
  }

  /** Such folders that name something outside of them. */
  #besideOf(folder: string): readonly string[] {
    let found = this.#beside.get(folder);
    if (!found) {
      const above = parentOf(folder);
      const name = folder.slice(above.length).replace('/', '');
      const all = new Set<string>();
      for (const { item } of this.#entries(above))
        if (/^[^/$]+\/$/.test(item)) all.add(join(above, item.slice(0, -1)));
      if (!folder.startsWith('arch/'))
        for (const arch of this.#architectures()) all.add(`arch/${arch}/${name}`);
      all.delete(folder);
      found = [...all].filter((at) => this.#entries(at).some(({ item }) => item.startsWith('../')));
      this.#beside.set(folder, found);
    }
    return found;
  }

  /** What the lists of one folder say of an item; undefined if none has it. */
  #inFolder(folder: string, item: string, depth: number): Formula | undefined {
    const ways: Formula[] = [];
    const others: Formula[] = [];
    for (const entry of this.#entries(folder)) {
      if (entry.item !== item) continue;
      const list = this.#use(folder, entry.list, depth + 1);
      if (list !== undefined) ways.push(and(entry.condition, list));
      // A list nobody uses here is used by a rule.
      else if (depth === 0 && !isPlain(entry.list)) others.push(entry.condition);
    }
    const all = ways.length === 0 ? others : ways;
    return all.length === 0 ? undefined : or(...all);
  }

  /** What it takes for a list to be used; of one nobody uses here, nothing: a rule does. */
  #listCondition(folder: string, list: string): Formula | undefined {
    return this.#use(folder, list, 1) ?? (isPlain(list) ? undefined : true);
  }

  /** What it takes for a list to be used: its object is wanted, or another list takes it in as `$(list-y)`. */
  #use(folder: string, list: string, depth: number): Formula | undefined {
    if (TOP_LISTS.has(list) || (OUTER_LISTS.has(list) && isOuter(folder))) return true;
    const key = `${folder}\0${list}`;
    return this.#lists.has(key) ? this.#lists.get(key) : this.#way(key, folder, list, depth);
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
      const outer = this.#use(folder, entry.list, depth + 1);
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
      const list = this.#listCondition(above, entry.list);
      return list === undefined ? [] : [and(entry.condition, list)];
    });
  }

  /** Kbuild takes a file called Kbuild rather than the Makefile; at the top and for an architecture both count. */
  #entries(folder: string): readonly ListEntry[] {
    let entries = this.#folders.get(folder);
    if (!entries) {
      const at = folder === '' ? '' : `${folder}/`;
      const kbuild = this.#entriesOf(`${at}Kbuild`, folder);
      const both = isOuter(folder);
      const makefile =
        kbuild === undefined || both ? this.#entriesOf(`${at}Makefile`, folder) : undefined;
      const [own, top] = [kbuild ?? [], makefile ?? []];
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

  /** What a Makefile and those it includes have in lists; undefined where there is none. */
  #entriesOf(path: string, folder: string, from: readonly string[] = []): ListEntry[] | undefined {
    const text = from.includes(path) ? undefined : this.#read(path);
    if (text === undefined) return undefined;
    const { entries, includes } = readMakefile(text, this.#inBuild);
    const others = includes.flatMap(({ path: written, condition }) => {
      const other = includedPath(written, folder);
      const theirs =
        other === undefined ? undefined : this.#entriesOf(other, folder, [...from, path]);
      return (theirs ?? []).map((one) => ({ ...one, condition: and(condition, one.condition) }));
    });
    return [...entries, ...others];
  }
}

/** The Makefile of the tree an `include` means; undefined for those of Kbuild itself, and where only make would know. */
function includedPath(written: string, folder: string): string | undefined {
  const path = written.replace(/^\$\(srctree\)\//, '').replace(/^\$\((?:src|obj)\)/, folder);
  const plain = join(path);
  return /\$|^scripts\/|^\/|^\.\.(?:\/|$)/.test(plain) ? undefined : plain;
}

/** Does an item stand for what is in a list: `$(list-y)`, not `$(list-more-y)`. */
function takesIn(item: string, list: string): boolean {
  if (isPlain(list)) return item.includes(list);
  if (item.startsWith(`\${${list}-`)) return /^[^-:{}$]*\}$/.test(item.slice(list.length + 3));
  const beginning = `$(${list}-`;
  for (let at = item.indexOf(beginning); at >= 0; at = item.indexOf(beginning, at + 1)) {
    if (/^[^-():$]*(?:[$:)]|$)/.test(item.slice(at + beginning.length))) return true;
  }
  return false;
}

/** Is it the folder at the top, or that of an architecture. */
function isOuter(folder: string): boolean {
  return folder === '' || /^arch\/[^/]+$/.test(folder);
}

/** Is a list a plain variable: no object is made of it, and it counts only where it is used. */
function isPlain(list: string): boolean {
  return list.startsWith('$');
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
