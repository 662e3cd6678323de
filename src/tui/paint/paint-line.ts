import { takeColumns } from '../text/fit.ts';
import { type Line, lineText } from '../text/line.ts';
import { clean, textWidth } from '../text/width.ts';
import { RESET, type Styles } from './sgr.ts';

/**
 * A line as it is written to a terminal, on at most `width` columns: styles are switched on and, at the
 * latest at its end, off again; nothing in its text can drive the terminal; spaces at its end that look
 * like the erased line are left out. A selected line is one bar in one style.
 */
export function paintLine(line: Line, width: number, styles: Styles, selected = false): string {
  const { tones } = styles;
  if (selected) return paint([{ text: lineText(line), sgr: styles.selected }], width);
  return paint(
    line.map(({ text, tone = 'plain' }) => ({ text, sgr: tones[tone] })),
    width,
  );
}

interface Piece {
  readonly text: string;
  readonly sgr: string;
}

function paint(pieces: readonly Piece[], width: number): string {
  let painted = '';
  /** Spaces that are written only if something follows. */
  let spaces = '';
  let on = '';
  let room = width;
  for (const { text: given, sgr } of pieces) {
    if (room <= 0) break;
    const cleaned = clean(given);
    const columns = textWidth(cleaned);
    const text = columns > room ? takeColumns(cleaned, room) : cleaned;
    room -= columns;
    if (text === '') continue;
    const shown = sgr === '' ? text.trimEnd() : text;
    if (shown !== '') {
      if (on !== '' && (on !== sgr || spaces !== '')) {
        painted += RESET;
        on = '';
      }
      painted += spaces;
      spaces = '';
      if (on !== sgr) painted += sgr;
      painted += shown;
      on = sgr;
    }
    spaces += text.slice(shown.length);
  }
  return on === '' ? painted : painted + RESET;
}
