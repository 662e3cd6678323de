import { readSync } from 'node:fs';

/** Lines of a file descriptor, read as they are needed. */
export class LineReader {
  readonly #fd: number;
  readonly #chunk = Buffer.alloc(1 << 16);
  #pending = Buffer.alloc(0);
  #ended = false;
  #asked = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Was a line asked for at all. */
  get asked(): boolean {
    return this.#asked;
  }

  /** Is there input that was read and that nobody asked for. */
  get hasUnread(): boolean {
    return this.#pending.length > 0;
  }

  /** The next line with its newline, waited for; undefined at the end. */
  next(): string | undefined {
    this.#asked = true;
    for (;;) {
      const newline = this.#pending.indexOf(10);
      if (newline >= 0 || this.#ended) {
        if (this.#pending.length === 0) return undefined;
        const end = newline < 0 ? this.#pending.length : newline + 1;
        const line = this.#pending.subarray(0, end).toString();
        this.#pending = this.#pending.subarray(end);
        return line;
      }
      const count = this.#read();
      if (count === 0) this.#ended = true;
      else this.#pending = Buffer.concat([this.#pending, this.#chunk.subarray(0, count)]);
    }
  }

  #read(): number {
    for (;;) {
      try {
        return readSync(this.#fd, this.#chunk);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        if (code === 'EOF') return 0;
        if (code !== 'EAGAIN') throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  }
}
