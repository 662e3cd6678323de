import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Source } from '../lex/source.ts';

/** Files that may give less than is asked for before their end. */
const SPECIAL = ['/dev/', '/proc/'];

const SMALLEST = 1 << 17;

/**
 * Reads files into buffers that are used again: a tree has thousands of files, most of them small, and only those that
 * include each other are open at the same time.
 */
export class SourceReader {
  readonly #free: Buffer[] = [];

  /** The bytes of a file: as UTF-8 if they are, else each a character. Undefined if it cannot be read. */
  read(path: string): Source | undefined {
    let fd: number;
    try {
      fd = openSync(path, constants.O_RDONLY);
    } catch {
      return undefined;
    }
    try {
      return this.#readAll(fd, path.startsWith('/') && SPECIAL.some((dir) => path.startsWith(dir)));
    } catch {
      return undefined;
    } finally {
      closeSync(fd);
    }
  }

  /** Nothing of this file is needed any more. */
  release(source: Source): void {
    if (source.bytes.length >= SMALLEST) this.#free.push(source.bytes);
  }

  #readAll(fd: number, special: boolean): Source {
    let bytes = this.#free.pop() ?? Buffer.allocUnsafeSlow(SMALLEST);
    let length = 0;
    for (;;) {
      const room = bytes.length - 1 - length;
      const count = readSync(fd, bytes, length, room, null);
      length += count;
      if (count === 0 || (!special && count < room)) break;
      if (length < bytes.length - 1) continue;
      const larger = Buffer.allocUnsafeSlow(bytes.length * 4);
      bytes.copy(larger, 0, 0, length);
      bytes = larger;
    }
    bytes[length] = 0;
    return new Source(bytes, length);
  }
}
