import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Conventions } from './conventions.ts';
import { FolderQueue } from './folder-queue.ts';
import { inOrder, type OrderedFiles } from './in-order.ts';
import { byBytes, type Skip } from './list-files.ts';
import type { PathList } from './path-list.ts';
import { MARKS } from './system-calls.ts';
import type { Help, ThreadOptions, Threads } from './threads.ts';
import { FileRows, type FileTable } from './tree-index.ts';
import { pathsOf, type Reading, type TreePart, TreePartReader } from './tree-part.ts';

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

/** What threads learned of a tree. Put in order it is the same whatever each of them read. */
export class TreeFiles {
  readonly skipped: readonly Skip[];
  readonly #parts: readonly TreePart[];
  #ordered: OrderedFiles | undefined;

  constructor(parts: readonly TreePart[]) {
    this.#parts = parts;
    this.skipped = parts
      .flatMap(({ skipped }) => skipped.map(([path, reason]) => ({ path, reason })))
      .sort((a, b) => byBytes(a.path, b.path));
  }

  get paths(): PathList {
    return this.#order.paths;
  }

  /** As each thread has them. */
  tables(): FileTable[] {
    return this.#parts.map((part) => ({ ...part, paths: pathsOf(part) }));
  }

  /** Where the mentions in them are. */
  rows(): FileRows {
    const rows = new FileRows();
    const tables = this.#parts.map((part) => rows.table(part));
    const { length } = this.#order.runs;
    for (let at = 0; at < length; at += 3) {
      const [part, from, to] = this.#run(at);
      rows.add(tables[part] as number, from, to);
    }
    return rows;
  }

  /** `MARKS` for each of them. */
  marks(): Float64Array {
    const marks = new Float64Array(this.paths.length * MARKS);
    const { length } = this.#order.runs;
    for (let at = 0, end = 0; at < length; at += 3) {
      const [part, from, to] = this.#run(at);
      const own = (this.#parts[part] as TreePart).marks;
      marks.set(own.subarray(from * MARKS, to * MARKS), end);
      end += (to - from) * MARKS;
    }
    return marks;
  }

  get #order(): OrderedFiles {
    this.#ordered ??= inOrder(this.#parts);
    return this.#ordered;
  }

  #run(at: number): [part: number, from: number, to: number] {
    const { runs } = this.#order;
    return [runs[at] as number, runs[at + 1] as number, runs[at + 2] as number];
  }
}
