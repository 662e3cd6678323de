import { availableParallelism } from 'node:os';

/** MiB the whole program is to stay below while its screen is up. */
const MOST_MB = 238;
/** MiB of the terminal UI itself, with a matrix that has run: the largest that was seen. */
const SCREEN_MB = 148;
/** MiB a thread takes that runs kernels: its heap, and what V8 needs to compile for it. */
const THREAD_MB = 43;

/** Threads that may work while the terminal UI is up: one for each processor, as far as memory allows. */
export function uiThreads(processors: number = availableParallelism()): number {
  return Math.max(1, Math.min(processors, Math.floor((MOST_MB - SCREEN_MB) / THREAD_MB)));
}
