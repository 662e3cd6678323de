import type { CellsScreen } from '../cell-list/screen.ts';

/** The cells, to choose the other side of a comparison from. */
export interface PickScreen extends CellsScreen {
  readonly kind: 'pick';
  /** The cell to compare with. */
  readonly left: string;
}
