import { setImmediate } from 'node:timers/promises';

/** Give whatever waits outside (a signal, a key press, a timer) its turn in the middle of long work. */
export async function breathe(): Promise<void> {
  // The first turn can follow what runs now without a look outside; between the two there is one.
  await setImmediate();
  await setImmediate();
}
