import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../files/make-folder.ts';

/** So many snapshots are kept in one directory; the oldest go first. */
const KEPT = 24;

/** The directory caches of this package lie in: below XDG_CACHE_HOME, or `.cache` of the home directory. */
export function cacheDirectory(
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const base = env.XDG_CACHE_HOME;
  if (base?.startsWith('/')) return join(base, 'kconfiglib-js');
  return env.HOME?.startsWith('/') ? join(env.HOME, '.cache', 'kconfiglib-js') : undefined;
}

/** An open file. */
export interface OwnFile {
  /** Read to new bytes, or to those that `room` gives. */
  readAt(position: number, length: number, room?: (length: number) => Uint8Array): Uint8Array;
  size: number;
  close(): void;
}

/** A file of a cache that only its user can have written; undefined if there is none. */
export function openOwn(path: string): OwnFile | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  const close = (): void => closeSync(fd);
  const stat = fstatSync(fd);
  if (!stat.isFile() || (stat.mode & 0o022) !== 0 || stat.uid !== process.getuid?.()) {
    close();
    return undefined;
  }
  // Not filled with zeros: all of it is read, or nothing is returned.
  const readAt: OwnFile['readAt'] = (position, length, room = Buffer.allocUnsafeSlow) => {
    const bytes = room(length);
    let at = 0;
    while (at < length) {
      const count = readSync(fd, bytes, at, length - at, position + at);
      if (count === 0) throw new Error('the file is shorter than it was');
      at += count;
    }
    return bytes;
  };
  return { readAt, size: stat.size, close };
}

/** Write a file of a cache in one go, so that nobody ever reads half of it. False where that cannot be done. */
export function keep(directory: string, name: string, content: Uint8Array | string): boolean {
  const temporary = join(directory, `.${name}.${process.pid}`);
  try {
    makeFolder(directory, 0o700);
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, join(directory, name));
    prune(directory);
    return true;
  } catch {
    removeIfThere(temporary);
    return false;
  }
}

function removeIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Not even its folder is there.
  }
}

function prune(directory: string): void {
  const entries = readdirSync(directory, { withFileTypes: true });
  // Folders are caches of their own.
  const files = entries.filter((entry) => entry.isFile());
  if (files.length <= KEPT) return;
  const ages = files.map(({ name }) => {
    const path = join(directory, name);
    return { path, time: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
  });
  ages.sort((a, b) => b.time - a.time);
  for (const { path } of ages.slice(KEPT)) rmSync(path, { force: true });
}

/** A short name for a text. What carries the name is compared in full: this need not be free of collisions. */
export function shortHash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 13);
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}
