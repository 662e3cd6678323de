import { setImmediate } from 'node:timers/promises';
import type { ThreadOptions } from '../scan/threads.ts';

/** How long this thread works before it looks up for signals and progress. */
const SLICE_MS = 50;

/** Long work of one thread in slices, between which it can be stopped and tells how far it is. */
export class Slices {
  readonly #options: ThreadOptions;
  #began = performance.now();

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  get isOver(): boolean {
    return performance.now() - this.#began >= SLICE_MS;
  }

  /** Look up; throws what the signal was aborted with. */
  async next(done: number, total: number): Promise<void> {
    await setImmediate();
    this.#options.signal?.throwIfAborted();
    this.#options.onProgress?.(done, total);
    this.#began = performance.now();
  }
}
