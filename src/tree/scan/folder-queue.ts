/** Numbers in front of the bytes of the queue. */
const HEAD = { LOCK: 0, TOP: 1, BUSY: 2, STOPPED: 3, LISTED: 4, DONE: 5 } as const;
const HEAD_INTS = 8;

/** Room for the paths of folders that wait; one that finds none is dealt with by the thread that found it. */
const ROOM = 1 << 20;

/** How long a thread waits for folders before it looks again, in ms. */
const PATIENCE_MS = 5;

/**
 * The folders of a tree still to be listed, shared by threads: whoever finds folders puts them here, whoever has
 * nothing to do takes one. A stack in shared memory behind a lock, so that nobody has to list a tree before others can
 * read it.
 */
export class FolderQueue {
  readonly shared: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #bytes: Buffer;

  /** A queue of its own with the top of the tree in it, or the one another thread made. */
  constructor(shared?: SharedArrayBuffer, room = ROOM) {
    this.shared = shared ?? new SharedArrayBuffer(HEAD_INTS * 4 + room);
    this.#head = new Int32Array(this.shared, 0, HEAD_INTS);
    this.#bytes = Buffer.from(this.shared, HEAD_INTS * 4);
    if (!shared) this.push('');
  }

  /** Let others have a folder; false if there is no room. */
  push(folder: string): boolean {
    const length = Buffer.byteLength(folder);
    this.#lock();
    const top = this.#head[HEAD.TOP] as number;
    const fits = top + length + 4 <= this.#bytes.length;
    if (fits) {
      this.#bytes.write(folder, top);
      this.#bytes.writeUInt32LE(length, top + length);
      Atomics.store(this.#head, HEAD.TOP, top + length + 4);
    }
    this.#unlock();
    if (fits) Atomics.notify(this.#head, HEAD.TOP);
    return fits;
  }

  /** A folder nobody else has; `done` is to be called when what it holds is pushed. Undefined if there is none now. */
  take(): string | undefined {
    this.#lock();
    let folder: string | undefined;
    const top = this.#head[HEAD.TOP] as number;
    if (top > 0 && this.#head[HEAD.STOPPED] === 0) {
      const length = this.#bytes.readUInt32LE(top - 4);
      folder = this.#bytes.toString('utf8', top - 4 - length, top - 4);
      Atomics.store(this.#head, HEAD.TOP, top - 4 - length);
      Atomics.add(this.#head, HEAD.BUSY, 1);
    }
    this.#unlock();
    return folder;
  }

  done(): void {
    Atomics.sub(this.#head, HEAD.BUSY, 1);
    Atomics.notify(this.#head, HEAD.TOP);
  }

  /** There is no folder, and nobody who could find one. */
  get finished(): boolean {
    this.#lock();
    const { TOP, BUSY, STOPPED } = HEAD;
    const busy = (this.#head[TOP] as number) > 0 || Atomics.load(this.#head, BUSY) > 0;
    this.#unlock();
    return !busy || Atomics.load(this.#head, STOPPED) !== 0;
  }

  /** Let nobody take a folder any more. */
  stop(): void {
    Atomics.store(this.#head, HEAD.STOPPED, 1);
    Atomics.notify(this.#head, HEAD.TOP);
  }

  /** Sleep until there may be a folder. */
  wait(): void {
    Atomics.wait(this.#head, HEAD.TOP, 0, PATIENCE_MS);
  }

  /** Files found, and files dealt with, by all threads. */
  count(listed: number, done: number): void {
    if (listed > 0) Atomics.add(this.#head, HEAD.LISTED, listed);
    if (done > 0) Atomics.add(this.#head, HEAD.DONE, done);
  }

  get counts(): { readonly listed: number; readonly done: number } {
    return {
      listed: Atomics.load(this.#head, HEAD.LISTED),
      done: Atomics.load(this.#head, HEAD.DONE),
    };
  }

  #lock(): void {
    while (Atomics.compareExchange(this.#head, HEAD.LOCK, 0, 1) !== 0) {
      Atomics.wait(this.#head, HEAD.LOCK, 1, 1);
    }
  }

  #unlock(): void {
    Atomics.store(this.#head, HEAD.LOCK, 0);
    Atomics.notify(this.#head, HEAD.LOCK, 1);
  }
}
