/** A scan of a tree and nothing else, as a program of its own: benchmarks run it from the bundle, as kmatrix is run. */
import { scanTree } from '../../tree/index.ts';
import { withoutOptimizing } from '../short-run.ts';

const [root = '.', cache] = process.argv.slice(2);
void withoutOptimizing(async () => {
  const index = await scanTree(root, { ...(cache !== undefined && { cache }) });
  // All of it in order, which is done when somebody asks.
  return index.columns;
});
