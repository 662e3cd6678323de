import { Worker } from 'node:worker_threads';
import { cacheDirectory, type Kconfig, kernelKconfig, kernelSnapshot } from 'kconfiglib-js';
import type { TreeTask } from './kernel-tree.worker.ts';
import { readingKconfigIn } from './reading-kconfig.ts';

/** About how many files a kernel tree of these years has; the bar ends early or late by a little. */
const FILES = 1850;
/** Share of the work that is reading; the rest is making the menus. */
const READING = 0.7;
/** For new objects of the thread: more is hardly faster, and comes on top of what is held here. */
const YOUNG_MB = 12;
/** About how many steps the menus are made in. */
const STEPS = 14;

/**
 * The Kconfig of a kernel tree, its menus made, without ever holding up whoever waits for long: what was not read before
 * is read in a thread of its own, which keeps a snapshot, and the menus are made in steps. `onShare` is told how much of
 * it is done.
 */
export async function kernelTree(
  tree: string,
  { arch, profile }: Pick<TreeTask['options'], 'arch' | 'profile'>,
  env: Readonly<Record<string, string | undefined>>,
  { signal, onShare }: { signal: AbortSignal; onShare: (share: number, label: string) => void },
): Promise<Kconfig> {
  const snapshots = cacheDirectory(env);
  const options = {
    ...(arch && { arch }),
    ...(profile && { profile }),
    ...(snapshots && { snapshots }),
  };
  const open = (): Kconfig | undefined =>
    snapshots === undefined
      ? undefined
      : readingKconfigIn(tree, () => kernelSnapshot(tree, { ...options, snapshots }));
  let kconfig = open();
  if (!kconfig && snapshots !== undefined) {
    await readInThread({ tree, options }, signal, (files) =>
      onShare(READING * Math.min(1, files / FILES), `${files} files`),
    );
    kconfig = open();
  }
  // Where no snapshot can be kept, or the tree has an error to be told of, it is read here.
  kconfig ??= readingKconfigIn(tree, () => kernelKconfig(tree, options));
  let steps = 0;
  for (const _ of kconfig.finishing()) {
    onShare(READING + (1 - READING) * Math.min(1, ++steps / STEPS), 'menus');
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  return kconfig;
}

/** Ends when the thread does, whatever came of it. */
async function readInThread(
  task: TreeTask,
  signal: AbortSignal,
  onFiles: (files: number) => void,
): Promise<void> {
  const file = import.meta.url.endsWith('.ts')
    ? './kernel-tree.worker.ts'
    : './kernel-tree.worker.js';
  const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MB };
  const worker = new Worker(new URL(file, import.meta.url), { resourceLimits });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve) => {
      worker.on('message', (files: number) => (files < 0 ? resolve() : onFiles(files)));
      worker.on('error', () => resolve());
      worker.on('exit', () => resolve());
      worker.postMessage(task);
    });
  } finally {
    signal.removeEventListener('abort', stop);
    await worker.terminate();
  }
  signal.throwIfAborted();
}
