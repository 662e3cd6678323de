import { FRESH_LIST, type Screen } from '../../state/model.ts';
import type { DetailLine } from '../../state/row.ts';

/** All there is to say about one row. */
export interface DetailScreen extends Screen {
  readonly kind: 'detail';
  readonly title: string;
  readonly lines: readonly DetailLine[];
}

/** A screen of labelled paragraphs. */
export function detailScreen(title: string, lines: readonly DetailLine[]): DetailScreen {
  return { kind: 'detail', title, lines, list: FRESH_LIST };
}
