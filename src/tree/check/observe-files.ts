import { setImmediate } from 'node:timers/promises';
import { loadParser } from '../c/parser.ts';
import type { Configuration } from '../preprocess/configuration.ts';
import { type Help, helpers, jobsOf, type ThreadOptions } from '../scan/threads.ts';
import { takeFrom } from '../scan/tree-task.ts';
import type { SourceTree } from '../source/source-tree.ts';
import { lookAt, type ObservationsPart, observationsTask } from './observations-task.ts';
import type { Observation } from './observe.ts';
import { Observer } from './observer.ts';

/** Threads help where there is more to do than this: they read the headers again, which takes them half as long. */
const ALONE_MS = 1000;

/** How files are looked at. */
export interface LookOptions extends ThreadOptions {
  /** Keep each look below this folder when it is done, and believe those kept of what has not changed since. */
  readonly cache?: string;
}

/**
 * What files, by their paths on the disk, show in configurations: a list for each file, in the order of the configurations.
 * This thread looks, and others help if it takes long. What one that was lost had taken is looked at again.
 */
export async function observeFiles(
  tree: SourceTree,
  paths: readonly string[],
  configurations: readonly Configuration[],
  options: LookOptions = {},
): Promise<Observation[][]> {
  const { signal, onProgress, cache } = options;
  const total = paths.length * configurations.length;
  const counter = new Int32Array(new SharedArrayBuffer(8));
  const observer = new Observer(tree, configurations, await loadParser(), cache);
  const found = new Map<number, Observation>();
  const looks: number[] = [];
  for (let number = 0; number < total; number++) {
    const { file, at } = lookAt(number, paths.length);
    const kept = cache === undefined ? undefined : observer.kept(paths[file] as string, at);
    if (kept) found.set(number, kept);
    else looks.push(number);
    if (!kept) continue;
    onProgress?.(found.size, total);
    await setImmediate();
    signal?.throwIfAborted();
  }
  const before = found.size;
  const look = (number: number): Observation => {
    const { file, at } = lookAt(number, paths.length);
    return observer.observe(paths[file] as string, at);
  };
  // Each thread reads the headers: more than there are looks would do so for nothing.
  const threads = helpers({ ...options, jobs: Math.min(jobsOf(options), looks.length) });
  try {
    let help: Help<ObservationsPart> | undefined;
    const take = takeFrom(counter, looks.length, 1);
    const began = performance.now();
    for (let next = take(), own = 1; next >= 0; next = take(), own++) {
      const number = looks[next] as number;
      found.set(number, look(number));
      Atomics.add(counter, 1, 1);
      const left = ((performance.now() - began) / own) * (looks.length - Atomics.load(counter, 0));
      if (!help && left > ALONE_MS) {
        help = threads?.begin(
          observationsTask(tree, paths, configurations, { looks, cache, counter }),
        );
      }
      onProgress?.(before + Atomics.load(counter, 1), total);
      await setImmediate();
      signal?.throwIfAborted();
    }
    const parts = (await help?.finish().catch(() => [])) ?? [];
    for (const [number, one] of parts.flat()) found.set(number, one);
    signal?.throwIfAborted();
    return paths.map((_, file) =>
      configurations.map((_, at) => {
        const number = at * paths.length + file;
        return found.get(number) ?? look(number);
      }),
    );
  } finally {
    Atomics.store(counter, 0, looks.length);
    if (threads !== options.threads) await threads?.end();
  }
}
