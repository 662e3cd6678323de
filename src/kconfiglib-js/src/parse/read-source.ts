import { fstatSync } from 'node:fs';
import { type FileCalls, fileCalls } from '../files/file-calls.ts';
import { Source } from '../lex/source.ts';

/** Files that may give less than is asked for before their end. */
const SPECIAL = ['/dev/', '/proc/'];

const SMALLEST = 1 << 17;

/** More is not read of a file, which may be a device that has no end; it is an error long before. */
const MOST = 1 << 26;

/**
 * Reads files into buffers that are used again: a tree has thousands of files, most of them small, and only those that
 * include each other are open at the same time.
 */
export class SourceReader {
  readonly #free: Uint8Array[] = [];
  readonly #calls: FileCalls;
  readonly #allocate: () => Uint8Array;
  readonly #here = `${process.cwd()}/`;

  /** `allocate` gives further buffers, of at least that size. */
  constructor(
    allocate: () => Uint8Array = () => Buffer.allocUnsafeSlow(SMALLEST),
    calls: FileCalls = fileCalls(),
  ) {
    this.#allocate = allocate;
    this.#calls = calls;
  }

  /** The bytes of a file: as UTF-8 if they are, else each a character, see {@link Source.text}. Undefined if it cannot be read. */
  read(path: string): Source | undefined {
    const special = path.startsWith('/') && SPECIAL.some((dir) => path.startsWith(dir));
    const fd = this.#open(path, special);
    if (fd < 0) return undefined;
    try {
      const source = this.#readAll(fd, special);
      // A pipe nobody writes to is no file.
      return source.end === 0 && !special && fstatSync(fd).isFIFO() ? undefined : source;
    } catch {
      return undefined;
    } finally {
      this.#calls.close(fd);
    }
  }

  /** Nothing of this file is needed any more. */
  release(source: Source): void {
    if (source.bytes.length >= SMALLEST) this.#free.push(source.bytes);
  }

  #readAll(fd: number, special: boolean): Source {
    let bytes: Uint8Array = this.#free.pop() ?? this.#allocate();
    let length = 0;
    for (;;) {
      const room = bytes.length - 1 - length;
      const count = this.#calls.read(fd, bytes, length, room);
      length += count;
      if (count === 0 || length > MOST) break;
      // A signal cuts what is read of a device short: of the few long files only nothing at all is the end.
      if (!special && count < room && length < SMALLEST) break;
      if (length < bytes.length - 1) continue;
      const larger = Buffer.allocUnsafeSlow(bytes.length * 4);
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes[length] = 0;
    return new Source(bytes, length);
  }

  /**
   * The descriptor of a file, -1 if it cannot be opened. Out of the tree every file is first looked for where it is not,
   * and where an error comes from would be found out each time. Names as seen from here are shorter, and sooner found.
   */
  #open(path: string, wait: boolean): number {
    const here = this.#here;
    const near = path.startsWith(here) && path[here.length] !== '/';
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return this.#calls.open(near ? path.slice(here.length) : path, wait);
    } catch {
      return -1;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}
