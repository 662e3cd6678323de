import { setFlagsFromString } from 'node:v8';

/** Compiled code that was kept is not taken under other settings: what loads at the start, threads too, has loaded by then. */
const LOADED_MS = 120;

/**
 * What is left of such a run is no loop over many files: the other compiler, which is quicker and makes code that is less
 * quick, takes longer than that code saves, too.
 */
export function stopCompiling(): void {
  setFlagsFromString('--no-maglev');
}

/** Such a run may be within another. */
let isShort = false;

/**
 * Do something that is over before V8's optimizing compiler pays off: for reading a tree of 86,000 files once it takes a
 * fifth of the processors' time. Code that is kept for the next start is to be written afterwards, under usual settings.
 */
export async function withoutOptimizing<T>(run: () => Promise<T>): Promise<T> {
  if (isShort) return run();
  const timer = setTimeout(() => setFlagsFromString('--no-turbofan'), LOADED_MS).unref();
  isShort = true;
  try {
    return await run();
  } finally {
    isShort = false;
    clearTimeout(timer);
    setFlagsFromString('--turbofan');
    setFlagsFromString('--maglev');
  }
}
