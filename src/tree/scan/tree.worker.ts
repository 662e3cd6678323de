import { parentPort } from 'node:worker_threads';
import { findWords } from './find-words.ts';
import { scanFiles } from './scan-files.ts';
import { LEAVE, type TreeTask, takeFrom } from './tree-task.ts';

/** A worker thread that reads files of a tree; which it reads it takes from a counter all threads share. */
parentPort?.on('message', (task: TreeTask | typeof LEAVE) => {
  if (task === LEAVE) {
    parentPort?.close();
    return;
  }
  const { root, counter } = task;
  const files = task.files === '' ? [] : task.files.split('\0');
  const take = takeFrom(counter, files.length);
  parentPort?.postMessage(
    task.words === undefined
      ? scanFiles(root, files, take)
      : findWords(root, files, take, task.words),
  );
});
