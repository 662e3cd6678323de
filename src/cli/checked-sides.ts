import { type CheckCell, type CheckedFile, checkFiles, type SourceTree } from '../tree/index.ts';
import type { Context } from './command.ts';
import { Interrupted } from './interrupted.ts';
import { progressOn } from './progress.ts';
import { collectingOften } from './small-heap.ts';
import { readingOptions } from './source-tree.ts';

/** Files, by their paths, to be checked in the configurations of a tree. */
export interface CheckedSide {
  readonly tree: SourceTree;
  readonly cells: readonly CheckCell[];
  readonly paths: readonly string[];
}

/**
 * Check files in one tree after the other: for each tree the files in order. Progress counts looks at a file in a
 * configuration, those in all trees; who stops it is told how far it came, by an Interrupted.
 */
export async function checkedSides(
  context: Context,
  sides: readonly CheckedSide[],
): Promise<CheckedFile[][]> {
  const { args, io, signal } = context;
  const total = sides.reduce((sum, { cells, paths }) => sum + cells.length * paths.length, 0);
  const progress = progressOn(io, args.has('quiet'));
  let before = 0;
  let how = 'stopped before the first look';
  const found: CheckedFile[][] = [];
  try {
    for (const { tree, cells, paths } of sides) {
      const options = {
        ...readingOptions(context),
        onProgress: (done: number): void => {
          how = `stopped after ${before + done} of ${total} looks`;
          progress.update(before + done, total, 'checks');
        },
      };
      found.push(await collectingOften(() => checkFiles(tree, paths, cells, options)));
      before += cells.length * paths.length;
    }
    return found;
  } catch (error) {
    throw signal.aborted ? new Interrupted(how, args, error) : error;
  } finally {
    progress.end();
  }
}
