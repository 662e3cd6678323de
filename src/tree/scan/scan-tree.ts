import { statSync } from 'node:fs';
import { type Conventions, conventionsAt } from './conventions.ts';
import { indexFile, type KeptIndex, readIndex, writeIndex } from './index-cache.ts';
import { byBytes, type Skip } from './list-files.ts';
import { readTree, TreeFiles } from './read-tree.ts';
import { MARKS } from './system-calls.ts';
import { helpers, type ThreadOptions, type Threads } from './threads.ts';
import { buildIndex, FileRows, type TreeIndex } from './tree-index.ts';
import { TreePartReader } from './tree-part.ts';

/** How a tree is scanned. */
export interface ScanOptions extends ThreadOptions {
  /** Keep the index below this folder, and read only files that changed since. */
  readonly cache?: string;
}

/** A file changed so shortly before it was read may change again within one tick of its file system's clock. */
const SAME_TICK_MS = 2000;

/**
 * A folder has a link from each folder in it, on most file systems. Where it has so many it is the top of a large tree, and
 * threads need not wait until that is seen: a kernel of 6.12 has 26 folders there.
 */
const MANY_LINKS = 12;

/**
 * Find every mention of an option in a tree. The same tree gives the same index, whatever the threads do. A file that
 * cannot be read is listed in `skipped`. A kept index is believed for files with the same size, times and inode; all
 * others are read again.
 */
export async function scanTree(root: string, options: ScanOptions = {}): Promise<TreeIndex> {
  const top = statSync(root, { throwIfNoEntry: false });
  if (top?.isDirectory() !== true) {
    // What errors are made of takes longer to load than all that a scan needs.
    const { inputError } = await import('../../input/index.ts');
    throw inputError('not-found', `${root} is no folder: a source tree is wanted`);
  }
  const threads = helpers(options);
  if (top.nlink >= MANY_LINKS) threads?.start();
  let ended: Promise<void> | undefined;
  const end = (): void => {
    // They leave while the index is made.
    if (threads !== options.threads) ended ??= threads?.end();
  };
  try {
    return await scanned(root, threads, end, options);
  } finally {
    end();
    await ended;
  }
}

/** The same with threads; `end` is called when there is nothing to do for them any more. */
async function scanned(
  root: string,
  threads: Threads | undefined,
  end: () => void,
  options: ScanOptions,
): Promise<TreeIndex> {
  const began = Date.now();
  const file = options.cache === undefined ? undefined : indexFile(options.cache, root);
  const conventions = conventionsAt(root);
  if (file === undefined) {
    const tree = await readTree(root, 'read', threads, options, conventions);
    end();
    return indexOf(tree);
  }
  const key = JSON.stringify(conventions) ?? '';
  const kept = readIndex(file, key);
  if (kept) {
    const now = await readTree(root, 'mark', threads, options);
    const index = renewed(root, file, conventions, kept, now, began);
    if (index) return index;
  }
  const tree = await readTree(root, 'read-marked', threads, options, conventions);
  end();
  const marks = new Float64Array(tree.files.length * MARKS);
  for (let at = 0; at < tree.files.length; at++) takeMarks(tree.marks(at), marks, at, began);
  const fresh = indexOf(tree, marks);
  writeIndex(file, key, fresh);
  return fresh;
}

/** The index of what was read. */
export function indexOf(tree: TreeFiles, marks?: Float64Array): TreeIndex {
  const rows = new FileRows(tree.files.length);
  tree.rows(rows);
  return buildIndex(tree.files, rows, tree.skipped, marks);
}

/** A kept index brought up to date; undefined if so much changed that all had better be read. */
function renewed(
  root: string,
  file: string,
  conventions: Conventions | undefined,
  index: KeptIndex,
  now: TreeFiles,
  began: number,
): TreeIndex | undefined {
  const { files } = now;
  const was = sameFiles(index, now);
  const fresh: number[] = [];
  for (let at = 0; at < files.length; at++) if ((was[at] as number) < 0) fresh.push(at);
  const same = fresh.length === 0 && files.length === index.files.length;
  if (same && now.skipped.length + index.skipped.length === 0) return index;
  if (fresh.length * 2 > files.length) return undefined;
  const reader = new TreePartReader(root, 'read-marked', conventions);
  reader.files(fresh.map((at) => files[at] as string));
  const read = new TreeFiles([reader.part()]);
  const marks = new Float64Array(files.length * MARKS);
  const rows = new FileRows(files.length);
  const { start } = index.columns;
  const kept = rows.add(index.columns);
  for (let at = 0; at < files.length; at++) {
    const before = was[at] as number;
    if (before < 0) continue;
    marks.set(index.marks.subarray(before * MARKS, (before + 1) * MARKS), at * MARKS);
    rows.set(at, kept, start[before] as number, start[before + 1] as number);
  }
  for (const [i, at] of fresh.entries()) takeMarks(read.marks(i), marks, at, began);
  read.rows(rows, Int32Array.from(fresh));
  const gone = new Set(read.files);
  const skipped: Skip[] = [...now.skipped.filter(({ path }) => !gone.has(path)), ...read.skipped];
  skipped.sort((a, b) => byBytes(a.path, b.path));
  const found = buildIndex(files, rows, skipped, marks);
  writeIndex(file, JSON.stringify(conventions) ?? '', found);
  return found;
}

/** Keep the marks of a file, unless it may have changed again without their telling. */
function takeMarks(own: Float64Array, marks: Float64Array, at: number, began: number): void {
  const settled = Math.max(own[1] as number, own[2] as number) < began - SAME_TICK_MS;
  if (settled) marks.set(own, at * MARKS);
}

/** For each file the number it has in a kept index, or -1 if it is new or not as it was. */
function sameFiles({ files, marks: old }: KeptIndex, now: TreeFiles): Int32Array {
  const same = new Int32Array(now.files.length).fill(-1);
  let before = 0;
  for (const [at, path] of now.files.entries()) {
    // Both lists are sorted.
    while (files[before] !== path && before < files.length && byBytes(files[before]!, path) < 0) {
      before++;
    }
    if (files[before] === path && now.isMarked(at, old, before * MARKS)) same[at] = before;
  }
  return same;
}
