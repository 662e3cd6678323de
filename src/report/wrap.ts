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
  return prefixed(fill(words, width, first, rest, false), first, rest);
}

/** The same for plain text, of which no line is longer than the width: words that are longer are cut. */
export function wrapHard(
  words: readonly string[],
  width: number,
  first: string = '',
  rest: string = '',
): string {
  const room = Math.max(1, width - Math.max(widthOf(first), widthOf(rest)));
  const short = words.flatMap((word) => cut(word, room));
  return prefixed(fill(short, width, first, rest, true), first, rest);
}

function prefixed(lines: readonly string[][], first: string, rest: string): string {
  return lines.map((line, i) => (i === 0 ? first : rest) + line.join(' ')).join('\n');
}

function fill(
  words: readonly string[],
  width: number,
  first: string,
  rest: string,
  hard: boolean,
): string[][] {
  const lines: string[][] = [[]];
  const prefix = (): string => (lines.length === 1 ? first : rest);
  for (const word of words) {
    const line = lines[lines.length - 1] ?? [];
    const fits = widthOf(prefix() + [...line, word].join(' ')) <= width;
    const before = line[line.length - 1] ?? '';
    if (line.length === 0 || fits) line.push(word);
    else if (!STARTS_BLOCK.test(word)) lines.push([word]);
    else if (hard && widthOf(`${rest}${before} ${word}`) > width) lines.push([word]);
    else if (line.length === 1 || STARTS_BLOCK.test(before)) {
      if (hard) lines.push([word]);
      else line.push(word);
    } else lines.push([line.pop() ?? '', word]);
  }
  return lines;
}

/** Signs a name is best cut behind: those between its parts, then those inside of them. */
const JOINTS = [/[,:/;]/, /[_.=)-]/];

/** A word in pieces no longer than a width, cut behind a joint where there is one far enough. */
function cut(word: string, width: number): string[] {
  const pieces: string[] = [];
  let left = [...word];
  while (left.length > width) {
    const ends = JOINTS.map(
      (joint) => left.slice(0, width).findLastIndex((sign) => joint.test(sign)) + 1,
    );
    const length = ends.find((end) => end > width / 3) ?? width;
    pieces.push(left.slice(0, length).join(''));
    left = left.slice(length);
  }
  return [...pieces, left.join('')];
}
