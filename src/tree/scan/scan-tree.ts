import { statSync } from 'node:fs';
import { type Conventions, conventionsAt } from './conventions.ts';
import { indexFile, type KeptIndex, readIndex, writeIndex } from './index-cache.ts';
import { byBytes, type Skip } from './list-files.ts';
import type { PathList } from './path-list.ts';
import { readTree, type TreeFiles } from './read-tree.ts';
import { MARKS } from './system-calls.ts';
import { helpers, type ThreadOptions, type Threads } from './threads.ts';
import { buildIndex, columnsOf, FileRows, type IndexColumns, TreeIndex } from './tree-index.ts';
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
  const marks = settled(tree.marks(), began);
  const fresh = indexOf(tree, marks);
  writeIndex(file, key, fresh);
  return fresh;
}

/** The index of what was read. */
export function indexOf(tree: TreeFiles, marks?: Float64Array): TreeIndex {
  const { skipped } = tree;
  const order = (): IndexColumns => columnsOf(tree.paths, tree.rows(), skipped);
  return new TreeIndex({ tables: tree.tables(), skipped, order }, marks);
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
  const { paths, skipped } = now;
  const seen = now.marks();
  if (skipped.length + index.skipped.length === 0 && paths.isSame(index.columns.paths)) {
    if (isEqual(seen, index.marks)) return index;
  }
  const was = sameFiles(index, paths, seen);
  const fresh = [...was.keys()].filter((at) => (was[at] as number) < 0);
  if (fresh.length === 0 && paths.length === index.files.length) {
    if (skipped.length + index.skipped.length === 0) return index;
  }
  if (fresh.length * 2 > paths.length) return undefined;
  const reader = new TreePartReader(root, 'read-marked', conventions);
  reader.files(fresh.map((at) => paths.at(at)));
  const read = reader.part();
  const again = settled(read.marks, began);
  const marks = new Float64Array(paths.length * MARKS);
  const rows = new FileRows();
  const [kept, other] = [rows.table(index.columns), rows.table(read)];
  for (let at = 0, next = 0; at < paths.length; at++) {
    const before = was[at] as number;
    const place = before < 0 ? next++ : before;
    rows.add(before < 0 ? other : kept, place, place + 1);
    const own = before < 0 ? again : index.marks;
    marks.set(own.subarray(place * MARKS, (place + 1) * MARKS), at * MARKS);
  }
  const gone = new Set(fresh.map((at) => paths.at(at)));
  const left: Skip[] = [
    ...skipped.filter(({ path }) => !gone.has(path)),
    ...read.skipped.map(([path, reason]) => ({ path, reason })),
  ];
  left.sort((a, b) => byBytes(a.path, b.path));
  const found = buildIndex(paths, rows, left, marks);
  writeIndex(file, JSON.stringify(conventions) ?? '', found);
  return found;
}

function isEqual(a: Float64Array, b: Float64Array): boolean {
  const [left, right] = [a, b].map((one) =>
    Buffer.from(one.buffer, one.byteOffset, one.byteLength),
  );
  return left!.equals(right!);
}

/** Marks of files without those of files that may have changed again without their telling. */
function settled(marks: Float64Array, began: number): Float64Array {
  for (let at = 0; at < marks.length; at += MARKS) {
    const last = Math.max(marks[at + 1] as number, marks[at + 2] as number);
    if (last >= began - SAME_TICK_MS) marks.fill(0, at, at + MARKS);
  }
  return marks;
}

/** For each file the number it has in a kept index, or -1 if it is new or not as it was. */
function sameFiles(
  { files, marks: old }: KeptIndex,
  { all }: PathList,
  marks: Float64Array,
): Int32Array {
  const same = new Int32Array(all.length).fill(-1);
  let before = 0;
  for (const [at, path] of all.entries()) {
    // Both lists are sorted.
    while (files[before] !== path && before < files.length && byBytes(files[before]!, path) < 0) {
      before++;
    }
    if (files[before] === path && isMarked(marks, at, old, before)) same[at] = before;
  }
  return same;
}

/** Has a file the same marks in two tables, and are those in the second one to be trusted. */
function isMarked(marks: Float64Array, at: number, old: Float64Array, before: number): boolean {
  for (let i = 0; i < MARKS; i++) {
    if (marks[at * MARKS + i] !== old[before * MARKS + i]) return false;
  }
  // No inode has the number 0.
  return old[before * MARKS + MARKS - 1] !== 0;
}
