import { parentPort } from 'node:worker_threads';
import type { ObservationsTask } from '../check/observations-task.ts';
import type { ReferencesTask } from '../refs/references-task.ts';
import {
  type Answer,
  type Done,
  doTreeTask,
  type Errand,
  LEAVE,
  type Task,
  type TreeTask,
} from './tree-task.ts';

/** A worker thread that does what is asked of a tree, one task after the other. */
parentPort?.on('message', async (errand: Errand | typeof LEAVE) => {
  if (errand === LEAVE) {
    parentPort?.close();
    return;
  }
  const { id, task, begun } = errand;
  if (begun && Atomics.add(begun, 0, 1) < 0) return;
  const { part, buffers } = await done(task);
  parentPort?.postMessage({ id, part } satisfies Answer, buffers);
});

async function done(task: Task): Promise<Done> {
  // Most threads are asked for nothing but the last.
  switch (task.kind) {
    case 'references': {
      const { doReferencesTask } = await import('../refs/references-task.ts');
      return doReferencesTask(task as ReferencesTask);
    }
    case 'observations': {
      const { doObservationsTask } = await import('../check/observations-task.ts');
      return doObservationsTask(task as ObservationsTask);
    }
    default:
      return doTreeTask(task as TreeTask);
  }
}
