import type { PatchedTree } from '../tree/index.ts';
import type { Io } from './io.ts';
import { writeRemark } from './output.ts';
import { quotedPath } from './quoted-path.ts';

/** Say where patches do not fit the tree, a line each. */
export function writeConflicts(io: Io, { conflicts }: PatchedTree): void {
  for (const { file, line, patch, patchLine, message } of conflicts) {
    writeRemark(io, `${quotedPath(file)}:${line}: ${message} (${quotedPath(patch)}:${patchLine})`);
  }
}
