import { lstatSync, realpathSync } from 'node:fs';
import { indexFile, type KeptIndex, readIndex, writeIndex } from './index-cache.ts';
import { byBytes, type Listing, listFiles, type Skip } from './list-files.ts';
import { MARKS, markFile } from './read-file.ts';
import { type ScannedPart, scanFiles } from './scan-files.ts';
import { type ThreadOptions, Threads } from './threads.ts';
import { buildIndex, type FileRows, fileRows, type TreeIndex } from './tree-index.ts';

export interface ScanOptions extends ThreadOptions {
  /** Keep the index below this folder, and read only files that changed since. */
  readonly cache?: string;
}

/** So few files are read here: threads take as long to start. */
const FEW = 1500;

/** A file changed so shortly before it was read may change again within one tick of its file system's clock. */
const SAME_TICK_MS = 2000;

/**
 * Find every mention of an option in a tree. The same tree gives the same index, whatever the threads do. A file that
 * cannot be read is listed in `skipped`. A kept index is believed for files with the same size, times and inode; all
 * others are read again.
 */
export async function scanTree(root: string, options: ScanOptions = {}): Promise<TreeIndex> {
  const began = Date.now();
  const file = options.cache === undefined ? undefined : indexFile(options.cache, realPath(root));
  const kept = file === undefined ? undefined : readIndex(file);
  const threads = kept ? undefined : new Threads(options);
  try {
    const listing = listFiles(root);
    const known = kept ? knownRows(kept, root, listing.files) : undefined;
    const fresh = listing.files.flatMap((_, at) => (known?.rows[at] ? [] : [at]));
    if (kept && fresh.length === 0 && sameList(kept.index, listing)) return kept.index;
    const paths = known ? fresh.map((at) => listing.files[at] as string) : listing.files;
    const parts = await scanned(root, paths, threads, options);
    const rows: (FileRows | undefined)[] = known?.rows ?? [];
    const marks = known?.marks ?? new Float64Array(listing.files.length * MARKS);
    const place = (at: number): number => (known ? (fresh[at] as number) : at);
    const skipped: Skip[] = [...listing.skipped];
    for (const part of parts) {
      takeRows(part, place, rows);
      for (const [at, reason] of part.skipped) {
        skipped.push({ path: paths[at] as string, reason });
      }
      for (let i = 0; i < part.marked.length; i += MARKS + 1) {
        const marked = part.marked.subarray(i + 1, i + 1 + MARKS);
        const settled = Math.max(marked[1] as number, marked[2] as number) < began - SAME_TICK_MS;
        if (settled) marks.set(marked, place(part.marked[i] as number) * MARKS);
      }
    }
    skipped.sort((a, b) => byBytes(a.path, b.path));
    const index = buildIndex(listing.files, (at) => rows[at], skipped);
    if (file !== undefined) writeIndex(file, { index, marks });
    return index;
  } finally {
    await threads?.end();
  }
}

function realPath(root: string): string {
  try {
    return realpathSync(root);
  } catch {
    return root;
  }
}

function sameList(index: TreeIndex, { files, skipped }: Listing): boolean {
  return (
    skipped.length === 0 &&
    index.skipped.length === 0 &&
    files.length === index.files.length &&
    files.every((path, at) => path === index.files[at])
  );
}

/** What a kept index says of files that are as they were. */
function knownRows(
  { index, marks: old }: KeptIndex,
  root: string,
  files: readonly string[],
): { rows: (FileRows | undefined)[]; marks: Float64Array } {
  const rows: (FileRows | undefined)[] = new Array(files.length);
  const marks = new Float64Array(files.length * MARKS);
  const now = new Float64Array(MARKS);
  let before = 0;
  for (let at = 0; at < files.length; at++) {
    const path = files[at] as string;
    // Both lists are sorted.
    while (before < index.files.length && byBytes(index.files[before] as string, path) < 0)
      before++;
    if (index.files[before] !== path) continue;
    const stat = lstatSync(`${root}/${path}`, { throwIfNoEntry: false });
    if (!stat) continue;
    markFile(now, 0, stat);
    const was = old.subarray(before * MARKS, (before + 1) * MARKS);
    if (was.some((mark, i) => mark !== now[i]) || was[3] === 0) continue;
    marks.set(was, at * MARKS);
    rows[at] = fileRows(index, before) ?? NOTHING;
  }
  return { rows, marks };
}

const NOTHING: FileRows = { names: [], offsets: [], kinds: [] };

async function scanned(
  root: string,
  paths: readonly string[],
  threads: Threads | undefined,
  options: ScanOptions,
): Promise<readonly ScannedPart[]> {
  if (threads) return threads.scan(root, paths);
  if (paths.length <= FEW) {
    let at = 0;
    return [scanFiles(root, paths, () => (at < paths.length ? at++ : -1))];
  }
  const started = new Threads(options);
  try {
    return await started.scan(root, paths);
  } finally {
    await started.end();
  }
}

function takeRows(
  part: ScannedPart,
  place: (at: number) => number,
  rows: (FileRows | undefined)[],
): void {
  const { file, name, names, offset, kind } = part;
  for (let from = 0; from < file.length; ) {
    let to = from;
    while (to < file.length && file[to] === file[from]) to++;
    rows[place(file[from] as number)] = {
      names: Array.from(name.subarray(from, to), (id) => names[id] as string),
      offsets: offset.subarray(from, to),
      kinds: kind.subarray(from, to),
    };
    from = to;
  }
}
