import { fitLine, type Line, seg } from '../text/line.ts';
import { textWidth } from '../text/width.ts';
import type { Glyphs } from '../theme.ts';

/** A horizontal rule with a title at its left and a remark at its right end. */
export function ruleLine(title: string, remark: string, width: number, glyphs: Glyphs): Line {
  const left = title === '' ? '' : ` ${title} `;
  // A remark that does not fit as a whole is left out: half a name misleads.
  const room = width - textWidth(left) - 6;
  const right = remark === '' || textWidth(remark) > room ? '' : ` ${remark} `;
  const dashes = Math.max(0, width - textWidth(left) - textWidth(right) - 4);
  const end = glyphs.rule.repeat(2);
  return fitLine(
    [
      seg(end, 'muted'),
      seg(left, 'strong'),
      seg(glyphs.rule.repeat(dashes) + right + end, 'muted'),
    ],
    width,
    glyphs.ellipsis,
  );
}
