import type { SideName } from '../../sessions/sides.ts';
import { FRESH_LIST, type Screen } from '../../state/model.ts';

/** Two sides compared. */
export interface DiffScreen extends Screen {
  readonly kind: 'diff';
  readonly left: SideName;
  readonly right: SideName;
  /** Leave out rows that are the same on both sides. */
  readonly only: boolean;
  /** Left above right instead of beside it. */
  readonly unified: boolean;
}

/** The comparison of two sides, what differs only. */
export function diffScreen(left: SideName, right: SideName): DiffScreen {
  return { kind: 'diff', left, right, only: true, unified: false, list: FRESH_LIST };
}
