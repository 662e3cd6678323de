import type { DetailLine } from '../state/row.ts';
import { fitLine, type Line, seg } from '../text/line.ts';
import { count } from '../text/number.ts';
import type { Glyphs } from '../theme.ts';
import { blankLines } from './blank-lines.ts';
import { detailLines } from './detail-lines.ts';
import { ruleLine } from './rule.ts';

/** A detail pane as it is to be drawn. */
export interface DetailView {
  readonly title: string;
  readonly remark: string;
  readonly details: readonly DetailLine[];
  readonly width: number;
  readonly height: number;
  /** How to see the rest, e.g. `Enter`. */
  readonly more: string;
}

/** What there is to say about the selected row, as far as it fits, below a rule: `height + 1` lines. */
export function detailPane(view: DetailView, glyphs: Glyphs): Line[] {
  const { title, remark, details, width, height, more } = view;
  const lines = detailLines(details, width, glyphs.ellipsis);
  const overflows = lines.length > height;
  const shown = lines.slice(0, overflows ? height - 1 : height);
  const hidden = lines.length - shown.length;
  const rest = `${glyphs.ellipsis} ${count(hidden, 'more line')}: ${more}`;
  return [
    ruleLine(title, remark, width, glyphs),
    ...shown,
    ...(overflows ? [fitLine([seg(` ${rest}`, 'muted')], width, glyphs.ellipsis)] : []),
    ...blankLines(height - lines.length),
  ];
}
