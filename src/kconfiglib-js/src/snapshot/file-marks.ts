import { fileCalls, NUMBERS } from '../files/file-calls.ts';

/**
 * Numbers that tell whether a file is the one it was. The time of the last change of its inode is among them: the time of
 * modification alone can be set back.
 */
export const MARKS = NUMBERS;

/** The marks of files, one behind the other. */
export function markFiles(paths: readonly string[]): Float64Array {
  const { stat } = fileCalls();
  const marks = new Float64Array(paths.length * MARKS);
  for (let i = 0; i < paths.length; i++) stat(paths[i] as string, marks, i * MARKS);
  return marks;
}

const now = new Float64Array(MARKS);

/** Is every file as its marks say. */
export function sameFiles(paths: readonly string[], marks: Float64Array): boolean {
  if (marks.length !== paths.length * MARKS) return false;
  const { stat } = fileCalls();
  for (let i = 0; i < paths.length; i++) {
    stat(paths[i] as string, now, 0);
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
