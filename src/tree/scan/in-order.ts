import { byBytes } from './list-files.ts';
import { beginOf, firstBehind, PathList } from './path-list.ts';
import type { TreePart } from './tree-part.ts';

/** Files by the bytes of their paths. */
export interface OrderedFiles {
  readonly paths: PathList;
  /** Where the rows of the files are: three numbers for files behind each other, a part and the first and last but one there. */
  readonly runs: readonly number[];
}

type Listed = Pick<TreePart, 'files' | 'ends' | 'folders' | 'first'>;

/** A folder as far as it was listed. */
interface Folder {
  /** Files in it, in their order: three numbers for each run of them, its part and the first and last but one there. */
  readonly runs: number[];
  /** Paths of the folders in it, with the slash that stands behind them in the paths of files. */
  readonly below: string[];
}

/** How far a folder is gone through. */
interface Place {
  readonly folder: Folder;
  /** With the slash behind it; empty for the top. */
  readonly path: string;
  run: number;
  file: number;
  below: number;
}

/**
 * Put the files of several parts in order. Those of each folder are in their order, and the folders are gone through in
 * theirs, which takes fewer comparisons than sorting all paths.
 */
export function inOrder(parts: readonly Listed[]): OrderedFiles {
  const folders = foldersOf(parts);
  const list = new ListMaker(parts);
  // Folders may lie so deep in each other that recursion would not do.
  const stack = [placeIn(folders, '')];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { runs, below } = top.folder;
    const next = below[top.below];
    for (; top.run < runs.length; top.run += 3, top.file = runs[top.run + 1] ?? 0) {
      const own = runs[top.run] as number;
      const end = runs[top.run + 2] as number;
      const part = parts[own] as Listed;
      const to =
        next === undefined
          ? end
          : firstBehind(namesOf(part), top.file, end, next.slice(top.path.length));
      list.add(top.path, own, top.file, to);
      top.file = to;
      if (to < end) break;
    }
    if (next === undefined) stack.pop();
    else {
      top.below++;
      stack.push(placeIn(folders, next));
    }
  }
  return list.made();
}

function namesOf({ files, ends }: Listed): { names: string; ends: Uint32Array } {
  return { names: files, ends };
}

/** Puts runs of files behind each other. */
class ListMaker {
  readonly #parts: readonly Listed[];
  readonly #runs: number[] = [];
  readonly #folders: string[] = [];
  readonly #first: number[] = [];
  readonly #texts: string[] = [];
  readonly #ends: Uint32Array;
  #count = 0;
  #length = 0;

  constructor(parts: readonly Listed[]) {
    this.#parts = parts;
    this.#ends = new Uint32Array(parts.reduce((sum, { ends }) => sum + ends.length, 0));
  }

  /** Some files of a part that lie in a folder. */
  add(folder: string, own: number, from: number, to: number): void {
    if (from === to) return;
    const part = this.#parts[own] as Listed;
    if (this.#folders.at(-1) !== folder) {
      this.#folders.push(folder);
      this.#first.push(this.#count);
    }
    this.#runs.push(own, from, to);
    const begin = beginOf(part, from);
    const text = part.files.slice(begin, part.ends[to - 1]);
    this.#texts.push(text);
    const moved = this.#length - begin;
    for (let at = from; at < to; at++)
      this.#ends[this.#count++] = (part.ends[at] as number) + moved;
    this.#length += text.length + 1;
  }

  made(): OrderedFiles {
    const paths = new PathList({
      folders: this.#folders,
      first: Uint32Array.from([...this.#first, this.#count]),
      names: this.#texts.join('\0'),
      ends: this.#ends,
    });
    return { paths, runs: this.#runs };
  }
}

/** By the path with a slash behind it; empty for the top. */
function placeIn(folders: ReadonlyMap<string, Folder>, path: string): Place {
  const folder = folders.get(path.slice(0, -1)) as Folder;
  if (folder.below.length > 1) folder.below.sort(byBytes);
  return { folder, path, run: 0, file: folder.runs[1] ?? 0, below: 0 };
}

/** The folders that hold files, and those above them. */
function foldersOf(parts: readonly Listed[]): Map<string, Folder> {
  const found = new Map<string, Folder>([['', { runs: [], below: [] }]]);
  for (const [part, { folders, first }] of parts.entries()) {
    for (const [at, path] of folders.entries()) {
      const [from, to] = [first[at] as number, first[at + 1] as number];
      if (to > from) folderAt(found, path).runs.push(part, from, to);
    }
  }
  return found;
}

function folderAt(found: Map<string, Folder>, path: string): Folder {
  const known = found.get(path);
  if (known) return known;
  const made: Folder = { runs: [], below: [] };
  let below = made;
  for (let at = path; ; ) {
    found.set(at, below);
    const above = at.slice(0, Math.max(0, at.lastIndexOf('/')));
    const there = found.get(above);
    const holder = there ?? { runs: [], below: [] };
    holder.below.push(`${at}/`);
    if (there) return made;
    [at, below] = [above, holder];
  }
}
