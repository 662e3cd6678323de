import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Collect what this thread does not use any more, and give the memory back: for when much has just been let go of and nothing else is
 * due for a while. Takes some milliseconds for each ten megabytes that are in use.
 */
export function collectGarbage(): void {
  if (!collect) {
    // The function is given to contexts made under the setting, and stays with them.
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collect();
}
