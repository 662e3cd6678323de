import { parentPort } from 'node:worker_threads';
import { type KernelOptions, kernelKconfig } from 'kconfiglib-js';

/** How many files are read between two words of progress. */
const STEP = 25;

/** What is asked of the thread: read a tree and keep its snapshot. Replies are numbers of files read; -1 is the last. */
export interface TreeTask {
  readonly tree: string;
  readonly options: Pick<KernelOptions, 'arch' | 'profile' | 'snapshots'>;
}

parentPort?.on('message', ({ tree, options }: TreeTask) => {
  let files = 0;
  kernelKconfig(tree, {
    ...options,
    onRead: () => {
      if (++files % STEP === 0) parentPort?.postMessage(files);
    },
  });
  parentPort?.postMessage(-1);
});
