import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** `XDG_CACHE_HOME/kmatrix`, or `~/.cache/kmatrix`. As the XDG rules say, a relative path is ignored. */
export function defaultCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env.XDG_CACHE_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'kmatrix');
}
