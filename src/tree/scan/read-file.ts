import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { errorText } from './list-files.ts';

/** No source file is larger; more than this in one file is data. */
const MAX_FILE_BYTES = 128 << 20;

/** By these a file is known to be as it was: size, time of the content and of the inode in ms, inode number. */
export const MARKS = 4;

/** Reads file after file into one buffer that grows. */
export class FileReader {
  #buffer = Buffer.allocUnsafe(1 << 20);
  /** Marks of the file read last, taken before its content. */
  readonly marks = new Float64Array(MARKS);

  /** The bytes of a file, valid until the next call; or the reason why it cannot be read, as a text. */
  read(path: string): Buffer | string {
    let fd: number | undefined;
    this.marks.fill(0);
    try {
      fd = openSync(path, 'r');
      const stat = fstatSync(fd);
      // It was a file when it was listed; a device put in its place would never end.
      if (!stat.isFile()) return 'no longer a file';
      if (stat.size > MAX_FILE_BYTES) return `larger than ${MAX_FILE_BYTES >> 20} MiB`;
      markFile(this.marks, 0, stat);
      if (stat.size > this.#buffer.length) {
        this.#buffer = Buffer.allocUnsafe(Math.min(stat.size * 2, MAX_FILE_BYTES));
      }
      let length = 0;
      while (length < stat.size) {
        const n = readSync(fd, this.#buffer, length, stat.size - length, null);
        if (n === 0) break;
        length += n;
      }
      return this.#buffer.subarray(0, length);
    } catch (error) {
      return errorText(error);
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }
}

/** Write down the marks of a file at a place of a table. */
export function markFile(
  marks: Float64Array,
  at: number,
  stat: { size: number; mtimeMs: number; ctimeMs: number; ino: number },
): void {
  marks[at] = stat.size;
  marks[at + 1] = stat.mtimeMs;
  marks[at + 2] = stat.ctimeMs;
  marks[at + 3] = stat.ino;
}
