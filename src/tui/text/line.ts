import { fitText, takeColumns, truncate } from './fit.ts';
import { textWidth } from './width.ts';

/**
 * What a piece of text means. The theme turns a tone into colour; the text itself always carries a word
 * or a glyph as well, so that nothing is lost without colour.
 */
export type Tone =
  | 'plain'
  | 'muted'
  | 'strong'
  | 'good'
  | 'warn'
  | 'bad'
  | 'accent'
  /** A character as a block: the cursor of a line being edited. */
  | 'block'
  | 'series0'
  | 'series1'
  | 'series2'
  | 'series3';

/** What a click on a piece of a line does: press a key, open a tab, or go back to a screen. */
export type Click =
  | { readonly key: string }
  | { readonly tab: number }
  /** Screens from the first on that stay. */
  | { readonly depth: number };

/** A piece of a line in one tone. */
export interface Segment {
  readonly text: string;
  readonly tone?: Tone;
  readonly click?: Click;
}

/** One line of the screen, left to right. */
export type Line = readonly Segment[];

/** A segment; plain unless a tone is given. */
export function seg(text: string, tone: Tone = 'plain'): Segment {
  return { text, tone };
}

/** What a click on a column of a line does; `null` for nothing. */
export function clickAt(line: Line, column: number): Click | null {
  let end = 0;
  for (const { text, click } of line) {
    end += textWidth(text);
    if (column < end) return click ?? null;
  }
  return null;
}

/** The characters of a line. */
export function lineText(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** The line cut or padded to exactly `width` columns, tones kept. */
export function fitLine(line: Line, width: number, ellipsis = '…'): Line {
  const total = line.reduce((sum, { text }) => sum + textWidth(text), 0);
  if (total <= width) {
    const fitted = line.map(({ text, ...rest }) => ({ ...rest, text: truncate(text, width) }));
    return total < width ? [...fitted, seg(' '.repeat(width - total))] : fitted;
  }
  const out: Segment[] = [];
  let room = width;
  for (const [index, segment] of line.entries()) {
    const { text } = segment;
    const columns = textWidth(text);
    const rest = line.slice(index + 1).reduce((sum, part) => sum + textWidth(part.text), 0);
    if (columns > room || (columns === room && rest > 0)) {
      // The cut may fall on the border of two segments; the ellipsis then takes this one's last column.
      const cut = takeColumns(text, Math.max(0, room - textWidth(ellipsis)));
      out.push({ ...segment, text: fitText(cut + ellipsis, room, 'left', ellipsis) });
      return out;
    }
    out.push({ ...segment, text: truncate(text, columns) });
    room -= columns;
  }
  return out;
}
