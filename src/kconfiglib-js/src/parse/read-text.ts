import { isAscii, isUtf8 } from 'node:buffer';
import { closeSync, constants, openSync, readSync } from 'node:fs';

/** Files are read through one buffer: a tree has thousands, and most are small. */
let shared = Buffer.alloc(0);

/** The text of a file: as UTF-8 if it is, else byte by byte. Undefined if it cannot be read. */
export function readText(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch {
    return undefined;
  }
  try {
    const bytes = readAll(fd, SPECIAL.test(path));
    return bytes.toString(!isAscii(bytes) && isUtf8(bytes) ? 'utf8' : 'latin1');
  } catch {
    return undefined;
  } finally {
    closeSync(fd);
  }
}

/** Files that may give less than is asked for before their end. */
const SPECIAL = /^\/(?:dev|proc)\//;

function readAll(fd: number, special: boolean): Buffer {
  let length = 0;
  for (;;) {
    if (length === shared.length) {
      const larger = Buffer.alloc(Math.max(1 << 18, shared.length * 2));
      shared.copy(larger);
      shared = larger;
    }
    const count = readSync(fd, shared, length, shared.length - length, null);
    length += count;
    if (count === 0 || (!special && length < shared.length)) return shared.subarray(0, length);
  }
}
