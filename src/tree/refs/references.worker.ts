import { parentPort } from 'node:worker_threads';
import { LEAVE, takeFrom } from '../scan/tree-task.ts';
import type { Reference } from './reference.ts';
import { ReferenceReader, type ReferencesTask } from './references-task.ts';

/** A worker thread that looks at mentions of options; files are taken from a counter all threads share. */
parentPort?.on('message', (task: ReferencesTask | typeof LEAVE) => {
  if (task === LEAVE) {
    parentPort?.close();
    return;
  }
  const { files, counter } = task;
  const reader = new ReferenceReader(task);
  const take = takeFrom(counter, files.length, 1);
  const found: [number, Reference[]][] = [];
  for (let at = take(); at >= 0; at = take()) found.push([at, reader.read(files[at]!)]);
  parentPort?.postMessage(found);
});
