import { byBytes } from './list-files.ts';
import type { TreePart } from './tree-part.ts';

/** Files by the bytes of their paths: the part that has each, and its number there. */
export interface OrderedFiles {
  readonly files: string[];
  readonly part: Uint32Array;
  readonly number: Uint32Array;
}

type Listed = Pick<TreePart, 'files' | 'folders' | 'first'>;

/** A folder as far as it was listed. */
interface Folder {
  /** Files in it, in their order: three numbers for each row of them, its part and the first and last but one there. */
  readonly runs: number[];
  /** Paths of the folders in it, with the slash that stands behind them in the paths of files. */
  readonly below: string[];
}

/** How far a folder is gone through. */
interface Place {
  readonly folder: Folder;
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
  const total = parts.reduce((sum, { files }) => sum + files.length, 0);
  const files: string[] = [];
  const part = new Uint32Array(total);
  const number = new Uint32Array(total);
  // Folders may lie so deep in each other that recursion would not do.
  const stack = [placeIn(folders, '')];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { runs, below } = top.folder;
    const next = below[top.below];
    for (; top.run < runs.length; top.run += 3, top.file = runs[top.run + 1] ?? 0) {
      const own = runs[top.run] as number;
      const paths = (parts[own] as Listed).files;
      const end = runs[top.run + 2] as number;
      let at = top.file;
      for (; at < end; at++) {
        const path = paths[at] as string;
        if (next !== undefined && byBytes(path, next) > 0) break;
        part[files.length] = own;
        number[files.length] = at;
        files.push(path);
      }
      top.file = at;
      if (at < end) break;
    }
    if (next === undefined) stack.pop();
    else {
      top.below++;
      stack.push(placeIn(folders, next.slice(0, -1)));
    }
  }
  return { files, part, number };
}

function placeIn(folders: ReadonlyMap<string, Folder>, path: string): Place {
  const folder = folders.get(path) as Folder;
  folder.below.sort(byBytes);
  return { folder, run: 0, file: folder.runs[1] ?? 0, below: 0 };
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
