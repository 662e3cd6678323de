import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from 'kconfiglib-js';

type Env = Readonly<Record<string, string | undefined>>;

/** Where programs keep what should survive a restart; `null` where the environment names no place. */
export function stateHome(env: Env): string | null {
  return homeOf(env.XDG_STATE_HOME, env.HOME, '.local/state');
}

/** Where users keep what they configure; `null` where the environment names no place. */
export function configHome(env: Env): string | null {
  return homeOf(env.XDG_CONFIG_HOME, env.HOME, '.config');
}

/** A folder of kmatrix by the XDG base directory rules: a relative path in the variable is none. */
function homeOf(named: string | undefined, home: string | undefined, usual: string): string | null {
  if (named?.startsWith('/')) return join(named, 'kmatrix');
  return home?.startsWith('/') ? join(home, usual, 'kmatrix') : null;
}

/** Make a folder only its user can look into. False where that cannot be done. */
export function makePrivateFolder(path: string): boolean {
  try {
    makeFolder(path, 0o700);
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** A short name for a text, fit for a file. */
export function nameOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
