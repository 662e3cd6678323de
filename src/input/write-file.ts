import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bytesOf } from 'kconfiglib-js';
import { inputError } from './input-error.ts';

/**
 * Write a file so that whoever looks sees the old text or the new one, never a part: a temporary file in
 * the same folder, flushed to disk, then renamed over the old one. A symbolic link is kept and the file it
 * leads to is replaced. Devices and pipes (`/dev/stdout`) are written to, as there is nothing to rename.
 * What was no UTF-8 in a Kconfig file is written as the bytes it was.
 *
 * @param flush  `false` where a loss after a power cut would be noticed and costs nothing but time, as of a cache
 */
export function writeFileAtomic(path: string, text: string, flush = true): void {
  try {
    const old = statSync(path, { throwIfNoEntry: false });
    if (old?.isDirectory()) {
      throw inputError('is-directory', `cannot write ${path}: it is a folder`);
    }
    const bytes = bytesOf(text);
    if (old && !old.isFile()) writeFileSync(path, bytes);
    else replace(old ? realpathSync(path) : path, bytes, old, flush);
  } catch (error) {
    throw asWriteError(error, path);
  }
}

function replace(path: string, bytes: Uint8Array, old: Stats | undefined, flush: boolean): void {
  // Loaded where there is something to write: it takes longer than all that is done here.
  const { randomBytes } = process.getBuiltinModule('node:crypto');
  const temp = join(
    dirname(path),
    `.${basename(path).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  const fd = openSync(temp, 'wx');
  try {
    try {
      writeFileSync(fd, bytes);
      if (old) fchmodSync(fd, old.mode & 0o7777);
      if (flush) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temp, path);
  } catch (error) {
    unlinkSync(temp);
    throw error;
  }
}

function asWriteError(error: unknown, path: string): unknown {
  const folder = dirname(path);
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return inputError(
        'no-folder',
        `cannot write ${path}: there is no folder ${folder}`,
        undefined,
        `create it first: mkdir -p ${folder}`,
      );
    case 'ENOTDIR':
      return inputError('no-folder', `cannot write ${path}: ${folder} is not a folder`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return inputError('not-writable', `cannot write ${path}: no permission in ${folder}`);
    case 'ENOSPC':
    case 'EDQUOT':
      return inputError('not-writable', `cannot write ${path}: no space left`);
    case undefined:
      return error;
    default:
      return inputError('not-writable', `cannot write ${path}: ${(error as Error).message}`);
  }
}
