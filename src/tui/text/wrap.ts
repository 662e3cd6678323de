import { takeColumns } from './fit.ts';
import { clean, textWidth } from './width.ts';

/** The text broken at spaces into lines of at most `width` columns; a longer word is broken anywhere. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(1, width);
  return text.split('\n').flatMap((paragraph) => wrapParagraph(clean(paragraph), room));
}

function wrapParagraph(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ').filter((part) => part !== '')) {
    if (line !== '' && textWidth(line) + 1 + textWidth(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    while (textWidth(word) > width) {
      // A wide character does not fit in one column; cut it anyway rather than never finish.
      const head = takeColumns(word, width) || [...word][0]!;
      lines.push(head);
      word = word.slice(head.length);
    }
    line = word;
  }
  if (line !== '' || lines.length === 0) lines.push(line);
  return lines;
}
