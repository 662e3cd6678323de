import { C, isBlank } from './chars.ts';
import type { Source } from './source.ts';

/** Where a help text lies as it was written. The text itself is built only when somebody reads it. */
export interface HelpRange {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What scanning over a help text found. */
export interface HelpScan {
  /** End of the text. */
  readonly end: number;
  /** Where reading goes on, and the beginning of that line. */
  readonly next: number;
  readonly lineStart: number;
  /** Lines crossed. */
  readonly lines: number;
  /** There was nothing to read. */
  readonly blank: boolean;
}

/**
 * Find the end of the help text that begins at `pos`, the start of the line after `help`.
 *
 * The first non-blank line sets the indent (tabs to eight columns); the text ends before the first line indented less.
 * `conf` measures the indent of a line only if it has one: a text starting at column 1 sets no indent and then ends at
 * the next line that starts at column 1.
 */
export function scanHelp({ bytes, end }: Source, pos: number): HelpScan {
  let indent = 0;
  let lines = 0;
  let blank = true;
  let at = pos;
  while (at < end) {
    let p = at;
    let column = 0;
    let code = bytes[p] as number;
    while (code === C.SPACE || code === C.TAB) {
      column = code === C.TAB ? (column & ~7) + 8 : column + 1;
      code = bytes[++p] as number;
    }
    if (p >= end) break;
    if (code !== C.NL) {
      if (column > 0 && indent > 0 && column < indent)
        return { end: at, next: p, lineStart: at, lines, blank };
      blank = false;
      if (indent === 0) indent = column;
      do code = bytes[++p] as number;
      while (code !== C.NL && p < end);
      if (p >= end) break;
      at = p;
    }
    lines++;
    const follow = bytes[p + 1] as number;
    if (p + 1 < end && follow !== C.NL && follow !== C.SPACE && follow !== C.TAB)
      return { end: at, next: p + 1, lineStart: p + 1, lines, blank };
    at = p + 1;
  }
  const lineStart = bytes.lastIndexOf(C.NL, end - 1) + 1;
  return { end, next: end, lineStart: end > 0 ? lineStart : 0, lines, blank };
}

/** Build the text `conf` shows: the common indent removed, further blanks kept as spaces, trailing blanks cut. */
export function helpText({ text, start, end }: HelpRange): string {
  let indent = 0;
  let out = '';
  let at = start;
  while (at < end) {
    let p = at;
    let column = 0;
    let code = text.charCodeAt(p);
    while (p < end && isBlank(code)) {
      column = code === C.TAB ? (column & ~7) + 8 : column + 1;
      code = text.charCodeAt(++p);
    }
    let newline = text.indexOf('\n', p);
    if (newline < 0 || newline > end) newline = end;
    if (p < newline) {
      if (indent > 0 && column > 0) out += ' '.repeat(column - indent);
      let last = newline;
      while (isBlank(text.charCodeAt(last - 1))) last--;
      out += text.slice(p, last);
      if (indent === 0) indent = column;
    }
    if (newline < end) out += '\n';
    at = newline + 1;
  }
  return out;
}
