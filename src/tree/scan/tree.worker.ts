import { parentPort } from 'node:worker_threads';
import { findWords } from './find-words.ts';
import { FolderQueue } from './folder-queue.ts';
import { packed, TreePartReader } from './tree-part.ts';
import { LEAVE, type TreeTask, takeFrom } from './tree-task.ts';

/** A worker thread that reads files of a tree; which it reads it takes from a queue or a counter all threads share. */
parentPort?.on('message', (task: TreeTask | typeof LEAVE) => {
  if (task === LEAVE) {
    parentPort?.close();
    return;
  }
  if (task.kind === 'words') {
    const { root, counter, words } = task;
    const files = task.files === '' ? [] : task.files.split('\0');
    const take = takeFrom(counter, files.length);
    parentPort?.postMessage(findWords(root, files, take, words));
    return;
  }
  const queue = new FolderQueue(task.queue);
  const reader = new TreePartReader(task.root, task.reading);
  while (!queue.finished) if (!reader.step(queue)) queue.wait();
  const part = packed(reader.part());
  const { first, start, name, offset, kind, marks } = part;
  const buffers = [first, start, name, offset, kind, marks].map(
    ({ buffer }) => buffer as ArrayBuffer,
  );
  parentPort?.postMessage(part, buffers);
});
