import { byBytes, byUnits, isPlain, sortByBytes } from './list-files.ts';
import { beginOf, firstBehind, PathList } from './path-list.ts';
import type { TreePart } from './tree-part.ts';

/** Files by the bytes of their paths. */
export interface OrderedFiles {
  readonly paths: PathList;
  /** Where the rows of the files are: three numbers for files behind each other, a part and the first and last but one there. */
  readonly runs: readonly number[];
}

type Listed = Pick<TreePart, 'files' | 'ends' | 'folders' | 'first'>;

/** Files of a folder, as one part has them. */
interface Folder {
  /** With the slash behind it; empty for the top. */
  readonly path: string;
  readonly part: number;
  /** The next file and the last but one. */
  file: number;
  readonly end: number;
}

/**
 * Put the files of several parts in order. Those of each folder are in their order, and folders are sorted, which takes
 * fewer comparisons than sorting all paths.
 */
export function inOrder(parts: readonly Listed[]): OrderedFiles {
  const list = new ListMaker(parts);
  const folders = foldersOf(parts);
  const plain =
    parts.every(({ files }) => isPlain(files)) && folders.every(({ path }) => isPlain(path));
  const order = plain ? byUnits : byBytes;
  // What lies in a folder comes behind some of its files: they are left here meanwhile.
  const open: Folder[] = [];
  for (const folder of folders) {
    for (let top = open.at(-1); top; top = open.at(-1)) {
      if (folder.path.startsWith(top.path)) {
        list.add(
          top,
          firstBehind(
            namesIn(parts, top),
            top.file,
            top.end,
            folder.path.slice(top.path.length),
            order,
          ),
        );
        break;
      }
      list.add(top, top.end);
      open.pop();
    }
    open.push(folder);
  }
  for (const folder of open.reverse()) list.add(folder, folder.end);
  return list.made();
}

/** The folders that hold files, each behind those it lies in. */
function foldersOf(parts: readonly Listed[]): Folder[] {
  const found = new Map<string, Folder>();
  for (const [part, { folders, first }] of parts.entries()) {
    for (let at = 0; at < folders.length; at++) {
      const [file, end] = [first[at] as number, first[at + 1] as number];
      const path = folders[at] === '' ? '' : `${folders[at]}/`;
      if (end > file) found.set(path, { path, part, file, end });
    }
  }
  return sortByBytes([...found.keys()]).map((path) => found.get(path) as Folder);
}

function namesIn(parts: readonly Listed[], { part }: Folder): { names: string; ends: Uint32Array } {
  const { files, ends } = parts[part] as Listed;
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

  /** The next files of a folder, as far as one. */
  add(next: Folder, to: number): void {
    const { path: folder, part: own, file: from } = next;
    if (from === to) return;
    next.file = to;
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
