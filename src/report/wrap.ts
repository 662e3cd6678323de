/** Columns a text takes in a terminal, as far as code points tell. */
export function widthOf(text: string): number {
  return [...text].length;
}

/** Pad to a width on the right, or on the left for figures. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const fill = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? fill + text : text + fill;
}

/** A word that would turn the line it begins into a list item, a heading or a quotation. */
const STARTS_BLOCK = /^(?:[-+*>#=~|]|\d+[.)])/;

/**
 * Break words into lines. A word that Markdown would take for the start of a block stays on the line
 * before it, even if that makes the line longer.
 */
export function wrap(
  words: readonly string[],
  width: number,
  first: string = '',
  rest: string = '',
): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of words) {
    const fits = widthOf(line) + (empty ? 0 : 1) + widthOf(word) <= width;
    if (empty || fits || STARTS_BLOCK.test(word)) {
      line += (empty ? '' : ' ') + word;
    } else {
      lines.push(line);
      line = rest + word;
    }
    empty = false;
  }
  lines.push(line);
  return lines.join('\n');
}
