import type { Conventions } from './conventions.ts';
import { findIncludes } from './find-includes.ts';
import { findWords } from './find-words.ts';
import { FolderQueue } from './folder-queue.ts';
import { packed, type Reading, TreePartReader } from './tree-part.ts';

/** Tells a thread that there will be no further task. */
export const LEAVE = 'leave';

/** A task as it is sent to a thread. */
export interface Errand {
  readonly id: number;
  readonly task: Task;
  /** Shared: how many threads have begun with it; less than nothing when none is to begin any more. Absent if all are to. */
  readonly begun?: Int32Array<SharedArrayBuffer>;
}

/** Added to the number of threads that have begun when none is to begin any more. */
export const CLOSED = -(1 << 30);

/** What a thread says when it is done. */
export interface Answer {
  readonly id: number;
  readonly part: unknown;
}

/** What is asked of threads; who is to do it is found by its kind. */
export interface Task {
  readonly kind: string;
}

/** What a thread that reads files of a tree is told. */
export type TreeTask = FoldersTask | WordsTask | IncludesTask;

/** Read the folders of a queue, and those below them. */
export interface FoldersTask {
  readonly kind: 'folders';
  readonly root: string;
  /** Of a `FolderQueue`. */
  readonly queue: SharedArrayBuffer;
  readonly reading: Reading;
  readonly conventions: Conventions | undefined;
}

/** Files of a list, of which each thread takes some. */
interface ListTask {
  readonly root: string;
  /** Paths, NUL between them: no name holds one, and a text is copied faster than a list. */
  readonly files: string;
  /** Shared: the number of the next file nobody has taken. */
  readonly counter: Int32Array<SharedArrayBuffer>;
}

/** Look for words in them. */
export interface WordsTask extends ListTask {
  readonly kind: 'words';
  readonly words: readonly string[];
}

/** Look what they include. */
export interface IncludesTask extends ListTask {
  readonly kind: 'includes';
}

/** What comes of a task, and the memory of it that is handed over. */
export interface Done {
  readonly part: unknown;
  readonly buffers?: readonly ArrayBuffer[];
}

/** Do such a task in a thread; which files it reads it takes from a queue or a counter all threads share. */
export function doTreeTask(task: TreeTask): Done {
  if (task.kind !== 'folders') {
    const { root, counter } = task;
    const files = task.files === '' ? [] : task.files.split('\0');
    const take = takeFrom(counter, files.length);
    return {
      part:
        task.kind === 'words'
          ? findWords(root, files, take, task.words)
          : findIncludes(root, files, take),
    };
  }
  const queue = new FolderQueue(task.queue);
  const reader = new TreePartReader(task.root, task.reading, task.conventions);
  while (!queue.finished) if (!reader.step(queue)) queue.wait();
  const part = packed(reader.part());
  const { ends, first, start, name, offset, kind, marks } = part;
  const columns = [ends, first, start, name, offset, kind, marks];
  return { part, buffers: columns.map(({ buffer }) => buffer as ArrayBuffer) };
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
