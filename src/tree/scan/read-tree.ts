import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Conventions } from './conventions.ts';
import { FolderQueue } from './folder-queue.ts';
import { inOrder } from './in-order.ts';
import { byBytes, type Skip } from './list-files.ts';
import { MARKS } from './system-calls.ts';
import type { Help, ThreadOptions, Threads } from './threads.ts';
import type { FileRows } from './tree-index.ts';
import { type Reading, type TreePart, TreePartReader } from './tree-part.ts';

/** A tree that is read in less needs no threads: they take as long to start. */
const ALONE_MS = 20;

/** How long this thread reads before it looks up for progress and signals. */
const SLICE_MS = 50;

/**
 * Read all files of a tree, or their marks alone. This thread reads, too; `threads` help where they are started, or there
 * is much to do. If one of them is lost, all is read again without them.
 */
export async function readTree(
  root: string,
  reading: Reading,
  threads: Threads | undefined,
  options: ThreadOptions = {},
  conventions?: Conventions,
): Promise<TreeFiles> {
  const { signal, onProgress } = options;
  const queue = new FolderQueue();
  let help: Help<TreePart> | undefined;
  try {
    if (threads?.areStarted) help = threads.folders(root, queue, reading, conventions);
    const reader = new TreePartReader(root, reading, conventions);
    const began = performance.now();
    let looked = began;
    while (!queue.finished) {
      const worked = reader.step(queue);
      const now = performance.now();
      if (!help && now - began > ALONE_MS)
        help = threads?.folders(root, queue, reading, conventions);
      if (worked && now - looked < SLICE_MS) continue;
      await (worked ? setImmediate() : setTimeout(1));
      signal?.throwIfAborted();
      const { done, listed } = queue.counts;
      onProgress?.(done, listed);
      looked = performance.now();
    }
    const parts = help ? await help.finish().catch(() => undefined) : [];
    signal?.throwIfAborted();
    if (!parts) return await readTree(root, reading, undefined, options, conventions);
    return new TreeFiles([reader.part(), ...parts]);
  } finally {
    queue.stop();
  }
}

/** What threads learned of a tree, put in order: the same whatever each of them read. */
export class TreeFiles {
  /** Paths, sorted by their bytes. */
  readonly files: readonly string[];
  readonly skipped: readonly Skip[];
  readonly #parts: readonly TreePart[];
  /** Part of each file, and its number there. */
  readonly #part: Uint32Array;
  readonly #number: Uint32Array;

  constructor(parts: readonly TreePart[]) {
    const { files, part, number } = inOrder(parts);
    this.files = files;
    this.#parts = parts;
    this.#part = part;
    this.#number = number;
    this.skipped = parts
      .flatMap(({ skipped }) => skipped.map(([path, reason]) => ({ path, reason })))
      .sort((a, b) => byBytes(a.path, b.path));
  }

  /** Let a table of rows have those of the files whose places there `places` gives, -1 for none. */
  rows(files: FileRows, places?: Int32Array): void {
    const tables = this.#parts.map((part) => files.add(part));
    for (let at = 0; at < this.files.length; at++) {
      const place = places ? (places[at] as number) : at;
      if (place < 0) continue;
      const part = this.#part[at] as number;
      const number = this.#number[at] as number;
      const { start } = this.#parts[part] as TreePart;
      files.set(place, tables[part]!, start[number] as number, start[number + 1] as number);
    }
  }

  /** Marks of a file. */
  marks(file: number): Float64Array {
    const at = (this.#number[file] as number) * MARKS;
    return (this.#parts[this.#part[file] as number] as TreePart).marks.subarray(at, at + MARKS);
  }

  /** Has a file the marks that stand at a place of a table, and are they to be trusted. */
  isMarked(file: number, table: Float64Array, from: number): boolean {
    const { marks } = this.#parts[this.#part[file] as number] as TreePart;
    const at = (this.#number[file] as number) * MARKS;
    for (let i = 0; i < MARKS; i++) if (marks[at + i] !== table[from + i]) return false;
    // No inode has the number 0.
    return table[from + MARKS - 1] !== 0;
  }
}
