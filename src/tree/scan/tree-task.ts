import type { Reading } from './tree-part.ts';

/** Tells a thread that there will be no further task. */
export const LEAVE = 'leave';

/** What a thread that reads files of a tree is told. */
export type TreeTask = FoldersTask | WordsTask;

/** Read the folders of a queue, and those below them. */
export interface FoldersTask {
  readonly kind: 'folders';
  readonly root: string;
  /** Of a `FolderQueue`. */
  readonly queue: SharedArrayBuffer;
  readonly reading: Reading;
}

/** Look for words in files of a list. */
export interface WordsTask {
  readonly kind: 'words';
  readonly root: string;
  /** Paths, NUL between them: no name holds one, and a text is copied faster than a list. */
  readonly files: string;
  /** Shared: the number of the next file nobody has taken. */
  readonly counter: Int32Array<SharedArrayBuffer>;
  readonly words: readonly string[];
}

/** Files a thread takes at once. */
const CHUNK = 64;

/** Gives numbers of files nobody else has taken, `chunk` at once; -1 when there are none. */
export function takeFrom(
  counter: Int32Array<SharedArrayBuffer>,
  count: number,
  chunk = CHUNK,
): () => number {
  let at = 0;
  let end = 0;
  return () => {
    if (at === end) {
      at = Atomics.add(counter, 0, chunk);
      end = Math.min(at + chunk, count);
      if (at >= count) {
        at = end = 0;
        return -1;
      }
    }
    return at++;
  };
}
