import { clean, codePointWidth, textWidth } from './width.ts';

export type Align = 'left' | 'right';

/** Where a text that is too long loses what does not fit. */
export type Cut = 'end' | 'middle';

/** The text cut to `width` columns, with `ellipsis` as its last column where something was cut off. */
export function truncate(text: string, width: number, ellipsis = '…'): string {
  const cleaned = clean(text);
  if (textWidth(cleaned) <= width) return cleaned;
  const room = width - textWidth(ellipsis);
  if (room < 0) return takeColumns(cleaned, Math.max(0, width));
  return takeColumns(cleaned, room) + ellipsis;
}

/** The text cut to `width` columns in its middle, `ellipsis` there: what tells names apart is often their end. */
export function truncateMiddle(text: string, width: number, ellipsis = '…'): string {
  const cleaned = clean(text);
  if (textWidth(cleaned) <= width) return cleaned;
  const room = width - textWidth(ellipsis);
  if (room < 0) return takeColumns(cleaned, Math.max(0, width));
  const head = takeColumns(cleaned, Math.ceil(room / 2));
  return head + ellipsis + lastColumns(cleaned.slice(head.length), room - textWidth(head));
}

/** The text cut or padded with spaces to exactly `width` columns. */
export function fitText(
  text: string,
  width: number,
  align: Align = 'left',
  ellipsis = '…',
  cut: Cut = 'end',
): string {
  const shown = (cut === 'end' ? truncate : truncateMiddle)(text, width, ellipsis);
  const padding = ' '.repeat(Math.max(0, width - textWidth(shown)));
  return align === 'left' ? shown + padding : padding + shown;
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

/** As many whole characters from the end as fit in `width` columns. */
function lastColumns(text: string, width: number): string {
  let start = text.length;
  let used = 0;
  for (const { segment, index } of [...graphemes.segment(text)].reverse()) {
    used += textWidth(segment);
    if (used > width) break;
    start = index;
  }
  return text.slice(start);
}

const graphemes = new Intl.Segmenter();
