import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: typeof globalThis.gc;

/**
 * Collect what this thread does not use any more, and give back what it has no use for, room for new objects, too: for when nothing
 * else is due for a while. Takes some milliseconds for each ten megabytes that are in use.
 */
export function collectGarbage(): void {
  if (!collect) {
    // The function is given to contexts made under the setting, and stays with them.
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as typeof globalThis.gc;
    setFlagsFromString('--no-expose-gc');
  }
  // Other kinds leave the room for new objects as large as it has become.
  collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
