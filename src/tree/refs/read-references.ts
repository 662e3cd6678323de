import { setImmediate } from 'node:timers/promises';
import { type Help, helpers, type ThreadOptions } from '../scan/threads.ts';
import { takeFrom } from '../scan/tree-task.ts';
import type { SourceTree } from '../source/source-tree.ts';
import type { Reference } from './reference.ts';
import { ReferenceReader, type ReferencesPart, type SpotsOfFile } from './references-task.ts';

/** What is done sooner is not worth starting threads for. */
const ALONE_MS = 1000;

/** So few files are looked at by this thread alone. */
const FEW = 10;

/** How long this thread reads before it looks up for signals. */
const SLICE_MS = 50;

/**
 * The mentions in files of a tree on disk, in the order of the files. This thread reads, and others help if there is much
 * to do; `first` is what only this one can do, while those that have started begin without it. What a thread that was lost
 * had taken is read again.
 */
export async function readReferences(
  tree: SourceTree,
  files: readonly SpotsOfFile[],
  asked: ReadonlySet<string>,
  options: ThreadOptions,
  first: () => void = () => {},
): Promise<Reference[][]> {
  const { signal } = options;
  const largest = [...files].sort((a, b) => lastSpot(b) - lastSpot(a));
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const { root, conventions } = tree;
  const task = { kind: 'references', root, files: largest, counter, asked, conventions } as const;
  const threads = files.length > FEW ? helpers(options) : undefined;
  const found = new Map<SpotsOfFile, Reference[]>();
  try {
    let help: Help<ReferencesPart> | undefined = threads?.areStarted
      ? threads.begin(task)
      : undefined;
    first();
    const take = takeFrom(counter, files.length, 1);
    const reader = new ReferenceReader(task);
    const began = performance.now();
    let looked = began;
    for (let at = take(); at >= 0; at = take()) {
      found.set(largest[at]!, reader.read(largest[at]!));
      const now = performance.now();
      if (!help && now - began > ALONE_MS) help = threads?.begin(task);
      else if (now - looked < SLICE_MS) continue;
      await setImmediate();
      signal?.throwIfAborted();
      looked = now;
    }
    const parts = (await help?.finish().catch(() => [])) ?? [];
    for (const [at, list] of parts.flat()) found.set(largest[at]!, [...list]);
    signal?.throwIfAborted();
    return files.map((file) => found.get(file) ?? reader.read(file));
  } finally {
    Atomics.store(counter, 0, files.length);
    if (threads !== options.threads) await threads?.end();
  }
}

/** About how much there is to look at, so that threads end together. */
function lastSpot({ spots }: SpotsOfFile): number {
  return spots.at(-1)?.offset ?? 0;
}
