import type { DetailLine } from '../state/row.ts';
import { fitText } from '../text/fit.ts';
import { fitLine, type Line, seg } from '../text/line.ts';
import { textWidth } from '../text/width.ts';
import { wrap } from '../text/wrap.ts';

const MAX_LABEL = 28;
const MAX_LABEL_SHARE = 0.26;

/** Labelled paragraphs as lines: labels in a column of their own, texts wrapped beside them. */
export function detailLines(
  details: readonly DetailLine[],
  width: number,
  ellipsis: string,
): Line[] {
  const longest = Math.max(0, ...details.map(({ label }) => textWidth(label)));
  const labelWidth = Math.min(longest, MAX_LABEL, Math.max(0, Math.floor(width * MAX_LABEL_SHARE)));
  const indent = labelWidth === 0 ? 1 : labelWidth + 3;
  return details.flatMap(({ label, text, tone = 'plain' }) =>
    wrap(text, Math.max(1, width - indent - 1)).map((part, index) =>
      fitLine(
        [
          seg(` ${fitText(index === 0 ? label : '', labelWidth, 'left', ellipsis)}`, 'muted'),
          seg(labelWidth === 0 ? '' : '  '),
          seg(part, tone),
        ],
        width,
        ellipsis,
      ),
    ),
  );
}
