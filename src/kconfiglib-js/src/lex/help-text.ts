import { C, isBlank } from './chars.ts';

/** Where a help text lies in its file. The text itself is built only when somebody reads it. */
export interface HelpRange {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What scanning over a help text found: the end, the lines crossed, and whether there was anything to read. */
export interface HelpScan {
  end: number;
  next: number;
  lines: number;
  blank: boolean;
}

/**
 * Find the end of the help text that begins at `pos`, the start of the line after `help`.
 *
 * The first non-blank line sets the indent (tabs to eight columns); the text ends before the first line indented less.
 * `conf` measures the indent of a line only if it has one: a text starting at column 1 sets no indent and then ends at
 * the next line that starts at column 1.
 */
export function scanHelp(text: string, pos: number): HelpScan {
  const length = text.length;
  let indent = 0;
  let lines = 0;
  let blank = true;
  let at = pos;
  while (at < length) {
    let p = at;
    let column = 0;
    let code = text.charCodeAt(p);
    while (isBlank(code)) {
      column = code === C.TAB ? (column & ~7) + 8 : column + 1;
      code = text.charCodeAt(++p);
    }
    if (p >= length) return { end: length, next: length, lines, blank };
    if (code === C.NL) {
      const follow = text.charCodeAt(p + 1);
      lines++;
      if (p + 1 < length && follow !== C.NL && !isBlank(follow))
        return { end: at, next: p + 1, lines, blank };
      at = p + 1;
      continue;
    }
    if (column > 0 && indent > 0 && column < indent) return { end: at, next: p, lines, blank };
    blank = false;
    if (indent === 0) indent = column;
    const newline = text.indexOf('\n', p);
    if (newline < 0) return { end: length, next: length, lines, blank };
    const follow = text.charCodeAt(newline + 1);
    lines++;
    if (newline + 1 < length && follow !== C.NL && !isBlank(follow)) {
      return { end: newline, next: newline + 1, lines, blank };
    }
    at = newline + 1;
  }
  return { end: length, next: length, lines, blank };
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
