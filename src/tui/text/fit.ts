import { clean, codePointWidth, textWidth } from './width.ts';

export type Align = 'left' | 'right';

/** The text cut to `width` columns, with `ellipsis` as its last column where something was cut off. */
export function truncate(text: string, width: number, ellipsis = '…'): string {
  const cleaned = clean(text);
  if (textWidth(cleaned) <= width) return cleaned;
  const room = width - textWidth(ellipsis);
  if (room < 0) return takeColumns(cleaned, Math.max(0, width));
  return takeColumns(cleaned, room) + ellipsis;
}

/** The text cut or padded with spaces to exactly `width` columns. */
export function fitText(
  text: string,
  width: number,
  align: Align = 'left',
  ellipsis = '…',
): string {
  const cut = truncate(text, width, ellipsis);
  const padding = ' '.repeat(Math.max(0, width - textWidth(cut)));
  return align === 'left' ? cut + padding : padding + cut;
}

/** As many whole characters from the start as fit in `width` columns. */
export function takeColumns(text: string, width: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    const next = used + codePointWidth(character.codePointAt(0)!);
    if (next > width) break;
    used = next;
    end += character.length;
  }
  return text.slice(0, end);
}
