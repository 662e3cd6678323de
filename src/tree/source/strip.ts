const START = /["'/]/g;
const SLASH = 0x2f;

/** C text with what is no code blanked: same length, same lines. A directive goes on where a comment in it does. */
export interface Stripped {
  readonly code: string;
  /** Where comments start and end, one after the other. */
  readonly comments: readonly number[];
}

/**
 * C text with comments blanked: same length, same lines. With `texts`, what stands in quotes goes too. Apostrophes of
 * assembler and of prose in `#error` lines end at the end of the line at the latest. No expression repeats over what a
 * file holds: a line may be as long as the file.
 */
export function stripComments(text: string, texts = false): string {
  return strip(text, texts).code;
}

/** The same, with the places of the comments. */
export function strip(text: string, texts = false): Stripped {
  const parts: string[] = [];
  const comments: number[] = [];
  let kept = 0;
  let line = -1;
  const directives = new DirectiveLines(text);
  START.lastIndex = 0;
  while (START.test(text)) {
    const index = START.lastIndex - 1;
    const first = text.charCodeAt(index);
    const comment = first === SLASH;
    const end = comment ? commentEnd(text, index) : quoteEnd(text, index);
    if (comment && end < 0) continue;
    START.lastIndex = end;
    if (comment) comments.push(index, end);
    else if (!texts) continue;
    // Quotes stay, so that what they hold is one token.
    const closed = !comment && end - index > 1 && text.charCodeAt(end - 1) === first;
    const from = comment ? index : index + 1;
    const to = closed ? end - 1 : end;
    if (from > kept) parts.push(text.slice(kept, from));
    // A line with a thousand comments is looked through once.
    if (line < from) line = newline(text, from);
    let at = from;
    // Neither a comment nor a text ends the line of a directive (C11 5.1.1.2: comments go before directives are carried out).
    const goesOn = line < to && directives.has(index);
    for (; line < to; line = newline(text, at)) {
      const length = line - at;
      parts.push(goesOn && length > 0 ? `${blanks(length - 1)}\\` : blanks(length), '\n');
      at = line + 1;
    }
    if (to > at) parts.push(blanks(to - at));
    kept = to;
  }
  if (kept === 0) return { code: text, comments };
  parts.push(text.slice(kept));
  return { code: parts.join(''), comments };
}

/** Tells of one place after the other whether it is in the line of a directive, or in one that continues it. */
class DirectiveLines {
  readonly #text: string;
  #last = -1;
  #was = false;

  constructor(text: string) {
    this.#text = text;
  }

  has(at: number): boolean {
    const text = this.#text;
    let from = text.lastIndexOf('\n', at - 1);
    // No further back than to the line of the place before: a directive may be continued on a million lines.
    while (from > this.#last && text.charCodeAt(from - 1) === BACKSLASH)
      from = text.lastIndexOf('\n', from - 1);
    if (from >= this.#last) {
      DIRECTIVE.lastIndex = from + 1;
      this.#was = DIRECTIVE.test(text);
    }
    this.#last = at;
    return this.#was;
  }
}

const DIRECTIVE = /[ \t]*#/y;
const BACKSLASH = 0x5c;

/** End of the comment that starts at a slash; -1 if none does. */
function commentEnd(text: string, at: number): number {
  const second = text[at + 1];
  if (second === '*') {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? text.length : end + 2;
  }
  return second === '/' ? lineEnd(text, at) : -1;
}

/** End of a line with those it is continued on. */
export function lineEnd(text: string, at: number): number {
  for (let from = at; ; ) {
    const end = text.indexOf('\n', from);
    if (end < 0) return text.length;
    const before = text[end - 1] === '\r' ? end - 2 : end - 1;
    if (text[before] !== '\\' || before < at) return end;
    from = end + 1;
  }
}

/** End of a quoted text: behind its quote, or the end of the line. */
export function quoteEnd(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x0a) return at;
    else if (code === quote) return at + 1;
  }
  return text.length;
}

/** Where the next line ends. */
function newline(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

const BLANKS = Array.from({ length: 128 }, (_, count) => ' '.repeat(count));

function blanks(count: number): string {
  return BLANKS[count] ?? ' '.repeat(count);
}
