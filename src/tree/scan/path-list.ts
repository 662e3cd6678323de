import { byBytes } from './list-files.ts';

/** What a list of paths is made of. */
export interface ListedPaths {
  /** The folders files lie in, with the slash behind them and '' for the top, in the order of the files; a folder is there again behind one in it. */
  readonly folders: readonly string[];
  /** Number of the first file of each, and of all. */
  readonly first: Uint32Array;
  /** Names of the files without their folders, NUL between: no name holds one. */
  readonly names: string;
  /** Where each name ends there. */
  readonly ends: Uint32Array;
}

/**
 * Paths of files in the order of their bytes. A text for each takes as long to make as what most commands ask of a tree, so
 * they are made when somebody asks for all.
 */
export class PathList implements ListedPaths {
  readonly folders: readonly string[];
  readonly first: Uint32Array;
  readonly names: string;
  readonly ends: Uint32Array;
  #all: readonly string[] | undefined;
  #byFolder: ReadonlyMap<string, readonly number[]> | undefined;

  constructor({ folders, first, names, ends }: ListedPaths) {
    this.folders = folders;
    this.first = first;
    this.names = names;
    this.ends = ends;
  }

  /** The list of these paths, which are in order. */
  static of(paths: readonly string[]): PathList {
    const folders: string[] = [];
    const first: number[] = [];
    const ends = new Uint32Array(paths.length);
    const names = paths.map((path, at) => {
      const folder = folderOf(path);
      if (folder !== folders.at(-1)) {
        folders.push(folder);
        first.push(at);
      }
      const name = path.slice(folder.length);
      ends[at] = (at === 0 ? 0 : (ends[at - 1] as number) + 1) + name.length;
      return name;
    });
    first.push(paths.length);
    return new PathList({ folders, first: Uint32Array.from(first), names: names.join('\0'), ends });
  }

  get length(): number {
    return this.ends.length;
  }

  /** All paths. */
  get all(): readonly string[] {
    if (!this.#all) {
      const all = this.length === 0 ? [] : this.names.split('\0');
      for (const [run, folder] of this.folders.entries()) {
        const end = this.first[run + 1] as number;
        for (let at = this.first[run] as number; at < end; at++) all[at] = folder + all[at];
      }
      this.#all = all;
    }
    return this.#all;
  }

  /** One of them, by its number. */
  at(place: number): string {
    const run = firstFrom(this.first, place + 1) - 1;
    return (this.folders[run] as string) + nameAt(this, place);
  }

  /** The number of a path; -1 if it is none of them. */
  placeOf(path: string): number {
    const folder = folderOf(path);
    const name = path.slice(folder.length);
    this.#byFolder ??= Map.groupBy(this.folders.keys(), (run) => this.folders[run] as string);
    for (const run of this.#byFolder.get(folder) ?? []) {
      const end = this.first[run + 1] as number;
      const at = firstBehind(this, this.first[run] as number, end, name);
      if (at < end && nameAt(this, at) === name) return at;
    }
    return -1;
  }

  /** The numbers of files that are called so, in order. */
  named(name: string): number[] {
    const { names, ends } = this;
    const found: number[] = [];
    for (let at = names.indexOf(name); at >= 0; at = names.indexOf(name, at + 1)) {
      const place = firstFrom(ends, at + name.length);
      const begin = beginOf(this, place);
      if (begin === at && ends[place] === at + name.length) found.push(place);
    }
    return found;
  }

  isSame({ folders, first, names }: PathList): boolean {
    return (
      names === this.names &&
      folders.length === this.folders.length &&
      folders.every((one, at) => one === this.folders[at] && first[at] === this.first[at])
    );
  }
}

/** Which of some numbers, in order, is the first that is not below another. */
function firstFrom(numbers: Uint32Array, least: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] as number) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

type Names = Pick<ListedPaths, 'names' | 'ends'>;

/** Where a name begins. */
export function beginOf({ ends }: Pick<Names, 'ends'>, at: number): number {
  return at === 0 ? 0 : (ends[at - 1] as number) + 1;
}

function nameAt(list: Names, at: number): string {
  return list.names.slice(beginOf(list, at), list.ends[at]);
}

/** The first of some names, which are in `order`, that does not come before a text; `to` if all do. */
export function firstBehind(
  list: Names,
  from: number,
  to: number,
  text: string,
  order = byBytes,
): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(nameAt(list, middle), text) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
