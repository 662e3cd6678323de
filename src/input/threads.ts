import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** How tasks are spread over threads. */
export interface ThreadOptions<Reply> {
  /** Worker threads at most. Default: the CPUs this process may use. */
  readonly jobs?: number | undefined;
  /** MiB a thread may have for new objects. Default: what V8 allows, which is much. */
  readonly youngMb?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with each answer, in the order they come. What it throws ends all. */
  readonly onReply: (index: number, reply: Reply) => void;
  /** Whether a message is the answer or only a word on the way to it. Default: the answer. */
  readonly isAnswer?: ((reply: Reply) => boolean) | undefined;
}

/**
 * Give tasks to worker threads, each the next one when it has answered. Which thread takes which task depends on timing,
 * so an answer must depend on its task alone. Rejects with the signal's reason when aborted and with the first error
 * otherwise; no thread is left running either way.
 */
export async function inThreads<Task, Reply>(
  worker: URL,
  tasks: readonly Task[],
  {
    jobs = availableParallelism(),
    youngMb,
    signal,
    onReply,
    isAnswer = () => true,
  }: ThreadOptions<Reply>,
): Promise<void> {
  signal?.throwIfAborted();
  if (tasks.length === 0) return;
  const threads: Worker[] = [];
  const threadOptions =
    youngMb === undefined ? {} : { resourceLimits: { maxYoungGenerationSizeMb: youngMb } };
  let onAbort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      let next = 0;
      let open = tasks.length;
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      for (let i = Math.max(1, Math.min(jobs, tasks.length)); i > 0; i--) {
        const thread = new Worker(worker, threadOptions);
        threads.push(thread);
        let current = 0;
        const give = (): void => {
          if (next >= tasks.length) return;
          current = next++;
          thread.postMessage(tasks[current]);
        };
        thread.on('message', (reply: Reply) => {
          try {
            onReply(current, reply);
          } catch (error) {
            reject(error);
            return;
          }
          if (!isAnswer(reply)) return;
          if (--open === 0) resolve();
          else give();
        });
        thread.on('error', reject);
        thread.on('exit', (code) => reject(new Error(`a worker thread ended early (${code})`)));
        give();
      }
    });
  } finally {
    if (onAbort) signal?.removeEventListener('abort', onAbort);
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}
