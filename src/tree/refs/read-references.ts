import { setImmediate } from 'node:timers/promises';
import { jobsOf, type ThreadOptions, Threads } from '../scan/threads.ts';
import { takeFrom } from '../scan/tree-task.ts';
import type { Reference } from './reference.ts';
import { ReferenceReader, type ReferencesPart, type SpotsOfFile } from './references-task.ts';

/** Beside this module, with its own ending. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './references.worker.ts' : './references.worker.js',
  import.meta.url,
);

/** What is done sooner needs no threads: each takes as long to get going. */
const ALONE_MS = 1000;

/** How long this thread reads before it looks up for signals. */
const SLICE_MS = 50;

/**
 * The mentions in files of a tree on disk, in the order of the files. This thread reads, too; others are started if
 * there is much to do. What a thread that was lost had taken is read again.
 */
export async function readReferences(
  root: string,
  files: readonly SpotsOfFile[],
  modules: ReadonlySet<string>,
  options: ThreadOptions,
): Promise<Reference[][]> {
  const { signal } = options;
  const counter = new Int32Array(new SharedArrayBuffer(4));
  const take = takeFrom(counter, files.length, 1);
  const reader = new ReferenceReader({ root, modules });
  const found: Reference[][] = new Array(files.length);
  const others = jobsOf(options) - 1;
  const began = performance.now();
  let looked = began;
  let threads: Threads | undefined;
  let helping: Promise<ReferencesPart[]> | undefined;
  const stop = () => void Atomics.store(counter, 0, files.length);
  try {
    for (let at = take(); at >= 0; at = take()) {
      found[at] = reader.read(files[at]!);
      const now = performance.now();
      if (!threads && others > 0 && now - began > ALONE_MS) {
        threads = new Threads({ jobs: others, ...(signal && { signal }) }, WORKER);
        helping = threads
          .run<ReferencesPart>({ root, files, counter, modules }, stop)
          .catch(() => []);
        await setImmediate();
      }
      if (now - looked < SLICE_MS) continue;
      await setImmediate();
      signal?.throwIfAborted();
      looked = now;
    }
    for (const part of (await helping) ?? []) for (const [at, list] of part) found[at] = [...list];
    signal?.throwIfAborted();
    for (const [at, file] of files.entries()) found[at] ??= reader.read(file);
    return found;
  } finally {
    stop();
    await threads?.end();
  }
}
