import type { Side } from '../../report/index.ts';
import { putSide } from '../sessions/sides.ts';
import type { Effect } from './effect.ts';
import type { Runner } from './runner.ts';

/** Reads one side of a comparison from a file: a `.config`, or a cell of a report (`report.json#cell`). */
export interface SideService {
  /** Throws an `InputError` for what cannot be read. */
  read(path: string): Side;
}

/** Read two files to compare them. */
export interface CompareFilesEffect extends Effect {
  readonly kind: 'compare-files';
  readonly left: string;
  readonly right: string;
}

/** Reads both sides; the answer is what is wrong with one, or `null` if they are there. */
export const compareFilesRunner: Runner<CompareFilesEffect> = {
  kind: 'compare-files',
  run: ({ left, right }, { services, sessions, dispatch }) => {
    let problem: string | null = null;
    try {
      for (const path of [left, right]) {
        const side = services.sides?.read(path);
        if (side) putSide(sessions, path, side);
      }
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    const value = { left, right, problem: services.sides ? problem : 'no files can be read here' };
    dispatch({ type: 'answer', answer: { to: 'diff', name: 'files', value } });
  },
};
