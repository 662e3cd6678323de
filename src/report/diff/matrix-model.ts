import type { CellStatus, Refusal } from '../../matrix/index.ts';
import type { Layers } from './model.ts';

/**
 * What differs between two sets of cells: two editions under the same matrix, or two reports. Cells
 * that ask for the same stand opposite each other, and a difference names the pairs it is found in.
 */
export interface MatrixDiff extends InPairs<Layers> {
  readonly schemaVersion: 1;
  readonly kind: 'matrix-diff';
  readonly left: MatrixEnd;
  readonly right: MatrixEnd;
  /** What could not be compared, and why. */
  readonly notes: readonly string[];
  /** The cells that were compared. */
  readonly pairs: readonly CellPair[];
  /** Ids of cells that only the left side has, and of those that only the right side has. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** Cells that Kconfig accepts on one side only. */
  readonly cells: readonly (CellChange & Where)[];
}

/** One of the two sets of cells. */
export interface MatrixEnd {
  /** Name of the matrix, or of the edition where an edition is all that is compared. */
  readonly name: string;
  readonly edition: string | null;
  /** Where it was read: a report, a matrix file. */
  readonly source: string;
  /** How many cells it has. */
  readonly cells: number;
}

/** Two cells that ask for the same. */
export interface CellPair {
  /** What both ask for: a cell's id, without its edition where two editions are compared. */
  readonly key: string;
  readonly left: string;
  readonly right: string;
  /** Whether both have a kernel; else nothing but their options could be compared. */
  readonly kernels: boolean;
  /** What the key says, name by name. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What Kconfig makes of a cell on each side. */
export interface CellChange {
  readonly left: CellStatus;
  readonly right: CellStatus;
  /** What is refused on the side that rejects it. */
  readonly refusals: readonly Refusal[];
}

/** Keys of the pairs a difference is found in; editions for a verdict. */
export interface Where {
  readonly where: readonly string[];
}

/** Lists of differences, each with where it is found. */
export type InPairs<L> = {
  readonly [K in keyof L]: L[K] extends readonly (infer T)[]
    ? readonly (T & Where)[]
    : InPairs<L[K]>;
};
