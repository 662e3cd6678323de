import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WordsFound } from './find-words.ts';
import type { ScannedPart } from './scan-files.ts';
import { LEAVE, type TreeTask } from './tree-task.ts';

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
  readonly #ended: Promise<unknown>[] = [];
  readonly #options: ThreadOptions;

  constructor(options: ThreadOptions = {}) {
    this.#options = options;
    const jobs = Math.max(1, options.jobs ?? availableParallelism());
    for (let i = 0; i < jobs; i++) {
      const worker = new Worker(WORKER);
      // An error before there is a task is met when there is one: the worker then has exited.
      worker.on('error', () => {});
      this.#workers.push(worker);
      this.#ended.push(new Promise((resolve) => worker.once('exit', resolve)));
    }
  }

  scan(root: string, files: readonly string[]): Promise<ScannedPart[]> {
    return this.#run({ root, files: files.join('\0') }, files.length);
  }

  words(root: string, files: readonly string[], words: readonly string[]): Promise<WordsFound[]> {
    return this.#run({ root, files: files.join('\0'), words }, files.length);
  }

  /** They are asked to leave: Node crashes now and then where a thread is terminated while it starts. */
  async end(): Promise<void> {
    for (const worker of this.#workers) worker.postMessage(LEAVE);
    await Promise.all(this.#ended);
  }

  async #run<T>(task: Omit<TreeTask, 'counter'>, total: number): Promise<T[]> {
    const { signal, onProgress } = this.#options;
    signal?.throwIfAborted();
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const timer = onProgress
      ? setInterval(() => onProgress(Math.min(Atomics.load(counter, 0), total), total), TELL_MS)
      : undefined;
    let onAbort: (() => void) | undefined;
    const forget: (() => void)[] = [];
    const stopped = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
    try {
      const parts = this.#workers.map(
        (worker) =>
          new Promise<T>((resolve, reject) => {
            const early = () => reject(new Error('a thread reading files ended early'));
            worker.once('message', resolve);
            worker.once('error', reject);
            worker.once('exit', early);
            forget.push(() => worker.off('exit', early));
            worker.postMessage({ ...task, counter } satisfies TreeTask);
          }),
      );
      return await Promise.race([Promise.all(parts), stopped]);
    } finally {
      clearInterval(timer);
      if (onAbort) signal?.removeEventListener('abort', onAbort);
      // Whoever is still reading takes no further file.
      Atomics.store(counter, 0, total);
      for (const leave of forget) leave();
      for (const worker of this.#workers) worker.removeAllListeners('message');
    }
  }
}
