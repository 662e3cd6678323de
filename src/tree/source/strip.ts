const START = /["'/]/g;

/**
 * C text with comments blanked: same length, same lines. With `texts`, what stands in quotes goes too. Apostrophes of
 * assembler and of prose in `#error` lines end at the end of the line at the latest. No expression repeats over what a
 * file holds: a line may be as long as the file.
 */
export function stripComments(text: string, texts = false): string {
  const parts: string[] = [];
  let kept = 0;
  START.lastIndex = 0;
  for (let found = START.exec(text); found; found = START.exec(text)) {
    const { index } = found;
    const comment = found[0] === '/';
    const end = comment ? commentEnd(text, index) : quoteEnd(text, index);
    if (comment && end < 0) continue;
    START.lastIndex = end;
    if (!comment && !texts) continue;
    // Quotes stay, so that what they hold is one token.
    const closed = !comment && end - index > 1 && text[end - 1] === found[0];
    const from = comment ? index : index + 1;
    const to = closed ? end - 1 : end;
    parts.push(text.slice(kept, from), blanked(text, from, to));
    kept = to;
  }
  parts.push(text.slice(kept));
  return parts.join('');
}

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

function blanked(text: string, from: number, to: number): string {
  const line = text.indexOf('\n', from);
  if (line < 0 || line >= to) return ' '.repeat(to - from);
  return text
    .slice(from, to)
    .split('\n')
    .map((part) => ' '.repeat(part.length))
    .join('\n');
}
