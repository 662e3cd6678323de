import { FRESH_LIST, type Screen } from '../../state/model.ts';
import type { CellsScreen } from '../cell-list/screen.ts';

/** The cells of the matrix, to browse. */
export interface MatrixScreen extends CellsScreen {
  readonly kind: 'matrix';
}

/** The cells of the matrix in its own order. */
export function matrixScreen(): MatrixScreen {
  return {
    kind: 'matrix',
    list: FRESH_LIST,
    sort: '',
    descending: false,
    workload: 0,
    by: '',
    closed: [],
  };
}

/** Whether a screen is the list of cells. */
export function isMatrix(screen: Screen | undefined): screen is MatrixScreen {
  return screen?.kind === 'matrix';
}
