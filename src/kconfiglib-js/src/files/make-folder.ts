import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Make a folder and those above it; throws where that cannot be done. Node's own way to do that never ends where a folder
 * is said not to exist although the one above it does, as below /proc or where homes are mounted when they are looked for.
 */
export function makeFolder(path: string, mode = 0o777): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Whoever writes to it finds out if it is no folder.
    if (code === 'EEXIST') return;
    const above = dirname(path);
    if (code !== 'ENOENT' || above === path) throw error;
    makeFolder(above, mode);
    mkdirSync(path, { mode });
  }
}
