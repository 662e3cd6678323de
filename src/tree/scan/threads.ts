import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WordsFound } from './find-words.ts';
import type { ScannedPart } from './scan-files.ts';
import type { TreeTask } from './tree-task.ts';

/** Beside this module, with its own ending: TypeScript in the source tree, JavaScript when compiled. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './tree.worker.ts' : './tree.worker.js',
  import.meta.url,
);

/** How often the caller hears how far it is. */
const TELL_MS = 100;

export interface ThreadOptions {
  /** Threads at most. Default: the CPUs this process may use. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  /** Files done so far. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Threads that read the files of a tree. They start at once, so that they are there when the files are listed. */
export class Threads {
  readonly #workers: Worker[] = [];
  readonly #options: ThreadOptions;

  constructor(options: ThreadOptions = {}) {
    this.#options = options;
    const jobs = Math.max(1, options.jobs ?? availableParallelism());
    for (let i = 0; i < jobs; i++) {
      const worker = new Worker(WORKER);
      // An error before there is a task is met when there is one: the worker then has exited.
      worker.on('error', () => {});
      this.#workers.push(worker);
    }
  }

  scan(root: string, files: readonly string[]): Promise<ScannedPart[]> {
    return this.#run({ root, files: files.join('\0') }, files.length);
  }

  words(root: string, files: readonly string[], words: readonly string[]): Promise<WordsFound[]> {
    return this.#run({ root, files: files.join('\0'), words }, files.length);
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  async #run<T>(task: Omit<TreeTask, 'counter'>, total: number): Promise<T[]> {
    const { signal, onProgress } = this.#options;
    signal?.throwIfAborted();
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const timer = onProgress
      ? setInterval(() => onProgress(Math.min(Atomics.load(counter, 0), total), total), TELL_MS)
      : undefined;
    let onAbort: (() => void) | undefined;
    const stopped = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
    try {
      const parts = this.#workers.map(
        (worker) =>
          new Promise<T>((resolve, reject) => {
            worker.once('message', resolve);
            worker.once('error', reject);
            worker.once('exit', () => reject(new Error('a thread reading files ended early')));
            worker.postMessage({ ...task, counter } satisfies TreeTask);
          }),
      );
      return await Promise.race([Promise.all(parts), stopped]);
    } finally {
      clearInterval(timer);
      if (onAbort) signal?.removeEventListener('abort', onAbort);
      for (const worker of this.#workers) {
        worker.removeAllListeners('message');
        worker.removeAllListeners('exit');
      }
    }
  }
}
