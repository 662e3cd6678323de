import { FRESH_LIST, type Screen } from '../../state/model.ts';

/** Two cells compared. */
export interface DiffScreen extends Screen {
  readonly kind: 'diff';
  readonly left: string;
  readonly right: string;
  /** Leave out rows that are the same on both sides. */
  readonly only: boolean;
}

/** The comparison of two cells, what differs only. */
export function diffScreen(left: string, right: string): DiffScreen {
  return { kind: 'diff', left, right, only: true, list: FRESH_LIST };
}
