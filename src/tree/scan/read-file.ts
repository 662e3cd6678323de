import { constants, openSync } from 'node:fs';
import { errorText } from './list-files.ts';
import { STAT, STAT_NUMBERS, systemCalls } from './system-calls.ts';

/** No source file is larger (Linux 7.2 has one of 24 MB); more than this in one file is data. */
export const MAX_FILE_BYTES = 64 << 20;

/** No source file has a longer line. */
export const MAX_LINE_BYTES = 4 << 20;

/**
 * Bytes of large buffers left unused: they begin 16 bytes behind the begin of a page, and the kernel of some CPUs copies to
 * what is less than 32 bytes behind it half as fast.
 */
const UNUSED = 64;

/** Reads file after file into one buffer that grows. */
export class FileReader {
  readonly #room: (size: number) => Buffer;
  readonly #calls = systemCalls();
  readonly #numbers = new Float64Array(STAT_NUMBERS);
  #buffer: Buffer;

  /** `room` gives buffers, each in place of the one before. */
  constructor(room: (size: number) => Buffer = ownRoom) {
    this.#room = room;
    this.#buffer = room(1 << 18);
  }

  /** The bytes of a file, valid until the next call; or the reason why it cannot be read, as a text. */
  read(path: string): Buffer | string {
    let fd: number | undefined;
    try {
      // What waits for a writer (a pipe) must not be waited for.
      fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      this.#calls.fstat(fd, this.#numbers);
      const size = this.#numbers[STAT.SIZE] as number;
      const wrong = refused(this.#numbers[STAT.MODE] as number, size);
      if (wrong !== undefined) return wrong;
      if (size > this.#buffer.length) this.#buffer = this.#room(size * 2);
      let length = 0;
      while (length < size) {
        const n = this.#calls.read(fd, this.#buffer, length, size - length);
        if (n === 0) break;
        length += n;
      }
      return this.#buffer.subarray(0, length);
    } catch (error) {
      return errorText(error);
    } finally {
      if (fd !== undefined) this.#calls.close(fd);
    }
  }
}

function ownRoom(size: number): Buffer {
  return Buffer.allocUnsafe(size + UNUSED).subarray(UNUSED);
}

/** Why an open file is not read, by its mode and size; undefined if it is. */
export function refused(mode: number, size: number): string | undefined {
  // It was a file when it was listed; a device put in its place would never end.
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) return 'no longer a file';
  return size > MAX_FILE_BYTES ? TOO_LARGE : undefined;
}

export const TOO_LARGE = `larger than ${MAX_FILE_BYTES >> 20} MiB`;
export const TOO_LONG = `a line longer than ${MAX_LINE_BYTES >> 20} MiB`;
