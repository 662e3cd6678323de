import { type EditLine, visiblePart } from '../text/edit-line.ts';
import { type Line, seg } from '../text/line.ts';
import type { Glyphs } from '../theme.ts';

/** A line being edited, its cursor as a block. */
export function inputLine(line: EditLine, width: number, { separator }: Glyphs): Line {
  const { before, at, after } = visiblePart(line, Math.max(1, width - 4));
  return [seg(` ${separator} `, 'accent'), seg(before), seg(at, 'block'), seg(after)];
}
