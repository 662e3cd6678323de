import { byBytes } from './list-files.ts';
import type { TreePart } from './tree-part.ts';

/** Files by the bytes of their paths: the part that has each, and its number there. */
export interface OrderedFiles {
  readonly files: string[];
  readonly part: Uint32Array;
  readonly number: Uint32Array;
}

/** Some files of one folder, in one part. */
interface Run {
  readonly part: number;
  readonly from: number;
  readonly to: number;
}

/** A folder as far as it was listed. */
interface Folder {
  readonly runs: Run[];
  /** Paths of the folders in it, with the slash that stands behind them in the paths of files. */
  readonly below: string[];
}

/**
 * Put the files of several parts in order. Each folder is sorted by itself and the folders are gone through in their
 * order, which takes fewer comparisons than sorting all paths.
 */
export function inOrder(
  parts: readonly Pick<TreePart, 'files' | 'folders' | 'first'>[],
): OrderedFiles {
  const paths = parts.map(({ files }) => files.split('\0'));
  const folders = foldersOf(parts);
  const total = parts.reduce((sum, { first }) => sum + (first.at(-1) as number), 0);
  const files: string[] = [];
  const part = new Uint32Array(total);
  const number = new Uint32Array(total);
  const add = (path: string, at: number, own: number): void => {
    part[files.length] = at;
    number[files.length] = own;
    files.push(path);
  };
  // Folders may lie so deep in each other that recursion would not do: a stack of what is left of each.
  const stack = [entriesOf(folders, '', paths)];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const next = top.pop();
    if (next === undefined) stack.pop();
    else if (next.part < 0) stack.push(entriesOf(folders, next.path.slice(0, -1), paths));
    else add(next.path, next.part, next.number);
  }
  return { files, part, number };
}

interface Entry {
  readonly path: string;
  /** -1 for a folder, whose path ends in a slash. */
  readonly part: number;
  readonly number: number;
}

/** What lies in a folder, last first. */
function entriesOf(
  folders: ReadonlyMap<string, Folder>,
  path: string,
  paths: readonly (readonly string[])[],
): Entry[] {
  const { runs, below } = folders.get(path) as Folder;
  const entries: Entry[] = below.map((one) => ({ path: one, part: -1, number: 0 }));
  for (const { part, from, to } of runs) {
    const list = paths[part] as readonly string[];
    for (let number = from; number < to; number++) {
      entries.push({ path: list[number] as string, part, number });
    }
  }
  return entries.sort((a, b) => byBytes(b.path, a.path));
}

function foldersOf(parts: readonly Pick<TreePart, 'folders' | 'first'>[]): Map<string, Folder> {
  const found = new Map<string, Folder>([['', { runs: [], below: [] }]]);
  const folderAt = (path: string): Folder => {
    let folder = found.get(path);
    if (!folder) {
      found.set(path, (folder = { runs: [], below: [] }));
      folderAt(path.slice(0, Math.max(0, path.lastIndexOf('/')))).below.push(`${path}/`);
    }
    return folder;
  };
  for (const [part, { folders, first }] of parts.entries()) {
    if (first.length < 2) continue;
    for (const [at, path] of folders.split('\0').entries()) {
      const [from, to] = [first[at] as number, first[at + 1] as number];
      if (to > from) folderAt(path).runs.push({ part, from, to });
    }
  }
  return found;
}
