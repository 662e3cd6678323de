import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { findWords, type WordsFound } from './find-words.ts';
import type { FolderQueue } from './folder-queue.ts';
import { type PackedPart, type Reading, type TreePart, unpacked } from './tree-part.ts';
import { LEAVE, type TreeTask } from './tree-task.ts';

/** Beside this module, with its own ending: TypeScript in the source tree, JavaScript when compiled. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './tree.worker.ts' : './tree.worker.js',
  import.meta.url,
);

/** How files are spread over threads. */
export interface ThreadOptions {
  /** Threads at most. Default: the CPUs this process may use. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  /** Files done so far, of those found so far. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How many threads are wanted. */
export function jobsOf({ jobs }: ThreadOptions): number {
  return Math.max(1, jobs ?? availableParallelism());
}

/** So few files are read by the caller itself: threads take as long to start. */
const FEW = 500;

/** Threads that read the files of a tree. They are started when there is enough to do. */
export class Threads {
  readonly #worker: URL;
  readonly #workers: Worker[] = [];
  readonly #ended: Promise<unknown>[] = [];
  readonly #signal: AbortSignal | undefined;
  readonly #jobs: number;

  /** `worker` is what they run: it answers each task with one message, and leaves when it is told `LEAVE`. */
  constructor(options: ThreadOptions = {}, worker = WORKER) {
    this.#worker = worker;
    this.#signal = options.signal;
    this.#jobs = jobsOf(options);
  }

  #start(): void {
    while (this.#workers.length < this.#jobs) {
      const worker = new Worker(this.#worker);
      // An error before there is a task is met when there is one: the worker then has exited.
      worker.on('error', () => {});
      this.#workers.push(worker);
      this.#ended.push(new Promise((resolve) => worker.once('exit', resolve)));
    }
  }

  /** Help with the folders of a queue. */
  async folders(root: string, queue: FolderQueue, reading: Reading): Promise<TreePart[]> {
    const task: TreeTask = { kind: 'folders', root, queue: queue.shared, reading };
    const parts = await this.run<PackedPart>(
      task,
      // Whoever is still reading takes no further folder.
      () => queue.stop(),
    );
    return parts.map(unpacked);
  }

  /** Which of these words stand in which files. */
  words(root: string, files: readonly string[], words: readonly string[]): Promise<WordsFound[]> {
    if (files.length <= FEW) {
      let at = 0;
      const take = (): number => (at < files.length ? at++ : -1);
      return Promise.resolve([findWords(root, files, take, words)]);
    }
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const task = { kind: 'words', root, files: files.join('\0'), words, counter } as const;
    return this.run(task, () => Atomics.store(counter, 0, files.length));
  }

  /** They are asked to leave: Node crashes now and then where a thread is terminated while it starts. */
  async end(): Promise<void> {
    for (const worker of this.#workers) worker.postMessage(LEAVE);
    await Promise.all(this.#ended);
  }

  /** Give all of them a task; `stop` is called when they have answered, or are not to go on. */
  async run<T>(task: unknown, stop: () => void): Promise<T[]> {
    const signal = this.#signal;
    signal?.throwIfAborted();
    this.#start();
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
            worker.postMessage(task);
          }),
      );
      return await Promise.race([Promise.all(parts), stopped]);
    } finally {
      if (onAbort) signal?.removeEventListener('abort', onAbort);
      stop();
      for (const leave of forget) leave();
      for (const worker of this.#workers) worker.removeAllListeners('message');
    }
  }
}
