import type { Hash } from 'node:crypto';
import {
  closeSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { makeFolder } from 'kconfiglib-js';

/** Where something that was learned of a tree is kept below a cache folder; `kind` ends the name. */
export function keptFile(folder: string, root: string, kind: string): string {
  const key = sha256().update(realPath(root)).digest('hex').slice(0, 32);
  return join(folder, 'trees', `${key}.${kind}`);
}

/** What is not kept needs none of the 30 modules that node:crypto is made of. */
export function sha256(): Hash {
  return process.getBuiltinModule('node:crypto').createHash('sha256');
}

function realPath(root: string): string {
  try {
    return realpathSync(root);
  } catch {
    return root;
  }
}

/** What is kept in a file; undefined if there is nothing, or not all of it. */
export function readKept(file: string): unknown {
  try {
    const bytes = readFileSync(file);
    const body = bytes.subarray(32);
    if (!sha256().update(body).digest().equals(bytes.subarray(0, 32))) return undefined;
    return deserialize(body);
  } catch {
    return undefined;
  }
}

/** Keep something. What cannot be written (a full disk, a read-only home) costs the cache only. */
export function writeKept(file: string, value: unknown): void {
  const body = serialize(value);
  const sum = sha256().update(body).digest();
  try {
    makeFolder(dirname(file));
    // Not flushed to disk, which takes longer than the scan: the sum tells what is not whole.
    const temp = `${file}.${process.pid}`;
    const fd = openSync(temp, 'w');
    try {
      writeFileSync(fd, sum);
      writeFileSync(fd, body);
    } finally {
      closeSync(fd);
    }
    renameSync(temp, file);
  } catch {}
}
