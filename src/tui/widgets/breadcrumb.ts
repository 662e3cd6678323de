import { fitText, truncate } from '../text/fit.ts';
import { type Line, type Segment, seg } from '../text/line.ts';
import { textWidth } from '../text/width.ts';
import type { Glyphs } from '../theme.ts';

/** Row 1: where we are at the left, counts and the state of filter and order at the right. */
export function breadcrumbLine(
  crumbs: readonly string[],
  status: string,
  width: number,
  glyphs: Glyphs,
): Line {
  const { ellipsis } = glyphs;
  // The counts may have half the line, and whatever the name of this screen leaves over.
  const spare = width - textWidth(crumbs.at(-1) ?? '') - 2;
  const right = truncate(status, Math.max(0, Math.floor(width / 2), spare), ellipsis);
  const room = width - textWidth(right) - (right === '' ? 0 : 2);
  const between = ` ${glyphs.separator} `;
  const kept = [...crumbs];
  while (kept.length > 1 && textWidth(kept.join(between)) > room) kept.shift();
  const segments: Segment[] = [];
  let used = 0;
  for (const [index, crumb] of kept.entries()) {
    const last = index === kept.length - 1;
    const text = truncate(crumb, Math.max(0, room - used), ellipsis);
    const depth = crumbs.length - kept.length + index + 1;
    segments.push({ text, tone: last ? 'accent' : 'muted', click: { depth } });
    used += textWidth(text);
    if (!last) {
      segments.push(seg(between, 'muted'));
      used += textWidth(between);
    }
  }
  return [...segments, seg(fitText(right, Math.max(0, width - used), 'right', ellipsis), 'muted')];
}
