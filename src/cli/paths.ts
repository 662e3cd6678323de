import { isAbsolute, join } from 'node:path';
import type { Io } from './io.ts';

/** A path as the user gave it, relative to where the user stands; left alone if that is here. */
export function userPath(path: string, { cwd }: Io): string {
  return isAbsolute(path) || cwd === process.cwd() ? path : join(cwd, path);
}

/** What looks like a path is one from where the user stands; anything else is a name. */
export function nameOrPath(text: string, io: Io): string {
  return /[/\\]|\.(ya?ml|json)$/.test(text) ? userPath(text, io) : text;
}
