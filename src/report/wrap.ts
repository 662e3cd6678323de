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
 * Break words into lines. A word that Markdown would take for the start of a block takes the word before it along
 * to its line; where that is the line's only one, it stays, even if that makes the line longer.
 */
export function wrap(
  words: readonly string[],
  width: number,
  first: string = '',
  rest: string = '',
): string {
  const lines: string[][] = [[]];
  const prefix = (): string => (lines.length === 1 ? first : rest);
  for (const word of words) {
    const line = lines[lines.length - 1] ?? [];
    const fits = widthOf(prefix() + [...line, word].join(' ')) <= width;
    if (line.length === 0 || fits) line.push(word);
    else if (!STARTS_BLOCK.test(word)) lines.push([word]);
    else if (line.length === 1 || STARTS_BLOCK.test(line[line.length - 1] ?? '')) line.push(word);
    else lines.push([line.pop() ?? '', word]);
  }
  return lines.map((line, i) => (i === 0 ? first : rest) + line.join(' ')).join('\n');
}
