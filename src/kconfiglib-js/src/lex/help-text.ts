import { C, isBlank, isSpace } from './chars.ts';
import type { Source } from './source.ts';

/** Where a help text lies as it was written. The text itself is built only when somebody reads it. */
export interface HelpRange {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Finds the end of help texts: thousands of them, so what it finds is kept in fields and makes no objects. */
export class HelpScan {
  /** End of the text. */
  end = 0;
  /** Where reading goes on, and the beginning of that line. */
  next = 0;
  lineStart = 0;
  /** Lines crossed. */
  lines = 0;
  /** There was nothing to read. */
  blank = true;

  /**
   * Find the end of the help text that begins at `pos`, the start of the line after `help`.
   *
   * The first non-blank line sets the indent (tabs to eight columns); the text ends before the first line indented less.
   * `conf` measures the indent of a line only if it has one: a text starting at column 1 sets no indent and then ends at
   * the next line that starts at column 1.
   */
  find({ bytes, end }: Source, pos: number): void {
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
        if (column > 0 && column < indent) {
          this.#set(at, p, at, lines, blank);
          return;
        }
        if (indent === 0) indent = column;
        if (blank) blank = isSpaceUntilNewline(bytes, p, end);
        do code = bytes[++p] as number;
        while (code !== C.NL && p < end);
        if (p >= end) break;
        at = p;
      }
      lines++;
      const follow = bytes[p + 1] as number;
      if (p + 1 < end && follow !== C.NL && follow !== C.SPACE && follow !== C.TAB) {
        this.#set(at, p + 1, p + 1, lines, blank);
        return;
      }
      at = p + 1;
    }
    const lineStart = end > 0 ? bytes.lastIndexOf(C.NL, end - 1) + 1 : 0;
    this.#set(end, end, lineStart, lines, blank);
  }

  #set(end: number, next: number, lineStart: number, lines: number, blank: boolean): void {
    this.end = end;
    this.next = next;
    this.lineStart = lineStart;
    this.lines = lines;
    this.blank = blank;
  }
}

/** Is the rest of a line nothing but what C's isspace takes: a text of such lines is a blank one to `conf`. */
function isSpaceUntilNewline(bytes: Uint8Array, from: number, end: number): boolean {
  let p = from;
  while (p < end && bytes[p] !== C.NL && isSpace(bytes[p] as number)) p++;
  return p === end || bytes[p] === C.NL;
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
