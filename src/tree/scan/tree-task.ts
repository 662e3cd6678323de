/** Tells a thread that there will be no further task. */
export const LEAVE = 'leave';

/** What a thread that reads files of a tree is told. */
export interface TreeTask {
  readonly root: string;
  /** Paths, NUL between them: no name holds one, and a text is copied faster than a list. */
  readonly files: string;
  /** Shared: the number of the next file nobody has taken, and how many are done. */
  readonly counter: Int32Array<SharedArrayBuffer>;
  /** Look for these words instead of options. */
  readonly words?: readonly string[];
}

/** Files a thread takes at once. */
const CHUNK = 64;

/** Gives numbers of files nobody else has taken; -1 when there are none. */
export function takeFrom(counter: Int32Array<SharedArrayBuffer>, count: number): () => number {
  let at = 0;
  let end = 0;
  return () => {
    if (at === end) {
      at = Atomics.add(counter, 0, CHUNK);
      end = Math.min(at + CHUNK, count);
      if (at >= count) {
        at = end = 0;
        return -1;
      }
    }
    return at++;
  };
}
