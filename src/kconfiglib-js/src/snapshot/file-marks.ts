import { statSync } from 'node:fs';

/** Numbers that tell whether a file is the one it was: size, times of change, inode. */
export const MARKS = 4;

/**
 * Write the marks of a file at `at`; of one that does not exist, -1 each. The time of the last change of its inode is
 * among them: the time of modification alone can be set back.
 */
export function markFile(path: string, marks: Float64Array, at: number): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  marks[at] = stat ? stat.size : -1;
  marks[at + 1] = stat ? stat.mtimeMs : -1;
  marks[at + 2] = stat ? stat.ctimeMs : -1;
  marks[at + 3] = stat ? stat.ino : -1;
}

/** The marks of files, one behind the other. */
export function markFiles(paths: readonly string[]): Float64Array {
  const marks = new Float64Array(paths.length * MARKS);
  for (let i = 0; i < paths.length; i++) markFile(paths[i] as string, marks, i * MARKS);
  return marks;
}

const now = new Float64Array(MARKS);

/** Is every file as its marks say. */
export function sameFiles(paths: readonly string[], marks: Float64Array): boolean {
  if (marks.length !== paths.length * MARKS) return false;
  for (let i = 0; i < paths.length; i++) {
    markFile(paths[i] as string, now, 0);
    for (let k = 0; k < MARKS; k++) if (now[k] !== marks[i * MARKS + k]) return false;
  }
  return true;
}

/** The clock of a file system ticks this slowly: within a tick a file can change and keep its marks. */
const TICK_MS = 50;

/** Did all files have their marks for a while when reading them began. */
export function settled(marks: Float64Array, began: number): boolean {
  for (let i = 0; i < marks.length; i += MARKS) {
    if ((marks[i + 1] as number) > began - TICK_MS || (marks[i + 2] as number) > began - TICK_MS)
      return false;
  }
  return true;
}
