import { join } from 'node:path';
import type { Program } from '../eval/program.ts';
import { type Columns, openColumns } from './container.ts';
import {
  holds,
  nameOf,
  type Origin,
  SEPARATOR,
  type SnapshotOptions,
  type SnapshotPlace,
  type Summary,
} from './origin.ts';
import { openOwn } from './place.ts';
import { unpackProgram } from './program.ts';

/** What is needed to resolve configurations of a tree, and the way to the rest of it. */
export interface FoundSnapshot {
  readonly program: Program;
  readonly hashOrder: Int32Array;
  readonly summary: Summary;
  /** Names of the tree's files. */
  files(): string[];
  /** The columns of the tree itself, which are read only now. Throws where they are damaged. */
  readTree(): Columns;
}

/** Gives room for bytes, and can sum them up. */
export interface Lender {
  claim(length: number): Uint8Array;
  checksum(bytes: Uint8Array): number;
}

/**
 * The snapshot of a tree. Undefined if there is none, or if anything it was made from has changed: a file, a variable, an
 * answer of the shell, the engine. A damaged one counts as none. What is needed of it is read to where the lender says, who
 * is asked for by the length of a file.
 */
export function findSnapshot(
  file: string,
  options: SnapshotOptions,
  place: SnapshotPlace,
  lender?: (size: number) => Lender | undefined,
): FoundSnapshot | undefined {
  const own = openOwn(join(place.directory, nameOf(file, options, place)));
  if (!own) return undefined;
  try {
    const { readAt, size } = own;
    const room = lender?.(size);
    const bytes = room
      ? {
          readAt,
          readHot: (at: number, length: number) => readAt(at, length, (count) => room.claim(count)),
          sum: room.checksum,
        }
      : { readAt };
    const { hot, cold } = openColumns(bytes, size);
    const { origin, summary } = JSON.parse(hot.text()) as { origin: Origin; summary: Summary };
    const marks = hot.floats();
    const read = hot.text().split(SEPARATOR);
    const filesText = hot.laterText();
    if (!holds(origin, [...read, ...origin.shellFiles], marks, file, options, place)) {
      own.close();
      return undefined;
    }
    const files = (): string[] => filesText().split(SEPARATOR);
    return { ...unpackProgram(hot), summary, files, readTree: cold };
  } catch {
    own.close();
    return undefined;
  }
}
