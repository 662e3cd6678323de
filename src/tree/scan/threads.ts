import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Conventions } from './conventions.ts';
import { findIncludes, type IncludesFound } from './find-includes.ts';
import { findWords, type WordsFound } from './find-words.ts';
import type { FolderQueue } from './folder-queue.ts';
import { type PackedPart, type Reading, type TreePart, unpacked } from './tree-part.ts';
import {
  type Answer,
  CLOSED,
  type Errand,
  type FoldersTask,
  LEAVE,
  type Task,
} from './tree-task.ts';

/** Beside this module, with its own ending: TypeScript in the source tree, JavaScript when compiled. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './tree.worker.ts' : './tree.worker.js',
  import.meta.url,
);

/** How files are spread over threads. */
export interface ThreadOptions {
  /** Threads at most. Default: the CPUs this process may use. */
  readonly jobs?: number;
  /** Threads that help beside this one; who made them ends them. Default: some are started where there is much to do. */
  readonly threads?: Threads;
  readonly signal?: AbortSignal;
  /** Files done so far, of those found so far. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How many threads are wanted. */
export function jobsOf({ jobs }: ThreadOptions): number {
  return Math.max(1, jobs ?? availableParallelism());
}

/**
 * Threads that help this one where that many are wanted, and are started when there is something to do; undefined if there
 * are none. Whoever asks for some that `options` do not name ends them.
 */
export function helpers(options: ThreadOptions): Threads | undefined {
  const others = jobsOf(options) - 1;
  return options.threads ?? (others > 0 ? new Threads({ ...options, jobs: others }) : undefined);
}

/** So few files are read by the caller itself: threads take as long to start. */
const FEW = 500;

/** What others do of a task that this thread works on, too. */
export interface Help<T> {
  /** Wait for what they have begun, and let nobody else begin. Rejected if one of them is lost. */
  finish(): Promise<T[]>;
}

/** Threads that read the files of a tree, and answer what is asked of these. They are started when they get a task. */
export class Threads {
  readonly #workers: Worker[] = [];
  readonly #ended: Promise<unknown>[] = [];
  readonly #waiting = new Map<number, Waiting<unknown>>();
  readonly #signal: AbortSignal | undefined;
  readonly #jobs: number;
  #tasks = 0;
  #lost: Error | undefined;
  #leaving = false;

  constructor(options: Pick<ThreadOptions, 'jobs' | 'signal'> = {}) {
    this.#signal = options.signal;
    this.#jobs = jobsOf(options);
  }

  get areStarted(): boolean {
    return this.#workers.length > 0;
  }

  start(): void {
    while (this.#workers.length < this.#jobs) {
      // Whatever they open they close: a list of it takes a while for 86,000 files.
      const worker = new Worker(WORKER, { trackUnmanagedFds: false });
      worker.on('message', ({ id, part }: Answer) => this.#waiting.get(id)?.answer(part));
      worker.on('error', (error) => this.#lose(error));
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      this.#workers.push(worker);
      this.#ended.push(
        ended.then(() => this.#lose(new Error('a thread reading files ended early'))),
      );
    }
  }

  /** Help with the folders of a queue. */
  folders(
    root: string,
    queue: FolderQueue,
    reading: Reading,
    conventions?: Conventions,
  ): Help<TreePart> {
    const { shared } = queue;
    const task: FoldersTask = { kind: 'folders', root, queue: shared, reading, conventions };
    const help = this.begin<PackedPart>(task);
    return { finish: async () => (await help.finish()).map(unpacked) };
  }

  /** Which of these words stand in which files. */
  words(root: string, files: readonly string[], words: readonly string[]): Promise<WordsFound[]> {
    if (files.length <= FEW) {
      return Promise.resolve([findWords(root, files, oneAfterTheOther(files), words)]);
    }
    return this.#runList({ kind: 'words', root, ...{ words } }, files);
  }

  /** What files include, by the names they include it by. */
  includes(root: string, files: readonly string[]): Promise<IncludesFound[]> {
    if (files.length <= FEW) {
      return Promise.resolve([findIncludes(root, files, oneAfterTheOther(files))]);
    }
    return this.#runList({ kind: 'includes', root }, files);
  }

  #runList<T>(what: Task & { readonly root: string }, files: readonly string[]): Promise<T[]> {
    const counter = new Int32Array(new SharedArrayBuffer(4));
    const task = { ...what, files: files.join('\0'), counter };
    return this.#run(task, () => Atomics.store(counter, 0, files.length));
  }

  /** Let them help with a task. */
  begin<T>(task: Task): Help<T> {
    const begun = new Int32Array(new SharedArrayBuffer(4));
    const waiting = this.#post<T>(task, begun);
    return {
      finish: () => this.#until(waiting, Atomics.add(begun, 0, CLOSED)),
    };
  }

  /** They are asked to leave: Node crashes now and then where a thread is terminated while it starts. */
  async end(): Promise<void> {
    if (!this.#leaving) for (const worker of this.#workers) worker.postMessage(LEAVE);
    this.#leaving = true;
    await Promise.all(this.#ended);
  }

  /** Give all of them a task and wait for them; `stop` is called when they have answered, or are not to go on. */
  async #run<T>(task: Task, stop: () => void): Promise<T[]> {
    const waiting = this.#post<T>(task);
    try {
      return await this.#until(waiting, this.#workers.length);
    } finally {
      stop();
    }
  }

  #post<T>(task: Task, begun?: Int32Array<SharedArrayBuffer>): Waiting<T> {
    this.#signal?.throwIfAborted();
    this.start();
    const id = this.#tasks++;
    const waiting = new Waiting<T>();
    this.#waiting.set(id, waiting);
    if (this.#lost) waiting.lose(this.#lost);
    const errand: Errand = { id, task, ...(begun && { begun }) };
    for (const worker of this.#workers) worker.postMessage(errand);
    return waiting;
  }

  /** That many answers, unless the signal comes before. */
  async #until<T>(waiting: Waiting<T>, count: number): Promise<T[]> {
    const signal = this.#signal;
    let onAbort: (() => void) | undefined;
    const stopped = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([waiting.until(count), stopped]);
    } finally {
      if (onAbort) signal?.removeEventListener('abort', onAbort);
    }
  }

  #lose(error: Error): void {
    if (this.#leaving) return;
    this.#lost ??= error;
    for (const waiting of this.#waiting.values()) waiting.lose(this.#lost);
  }
}

/** Answers to a task. */
class Waiting<T> {
  readonly #answers: T[] = [];
  #count = Number.POSITIVE_INFINITY;
  #error: Error | undefined;
  #done: (() => void) | undefined;

  answer(part: T): void {
    this.#answers.push(part);
    if (this.#answers.length >= this.#count) this.#done?.();
  }

  lose(error: Error): void {
    this.#error = error;
    this.#done?.();
  }

  async until(count: number): Promise<T[]> {
    this.#count = count;
    if (this.#answers.length < count && !this.#error) {
      await new Promise<void>((resolve) => {
        this.#done = resolve;
      });
    }
    if (this.#answers.length < count && this.#error) throw this.#error;
    return this.#answers;
  }
}

function oneAfterTheOther(files: readonly string[]): () => number {
  let at = 0;
  return () => (at < files.length ? at++ : -1);
}
