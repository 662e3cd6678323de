// What a run needs that is not one of the usual ones. It is loaded in one go, and only then.
export { treeOf } from '../snapshot/snapshot.ts';
export { run } from './run.ts';
