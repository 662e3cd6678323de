import type { Inline, Line } from './document.ts';

/** How one format writes the pieces of a line. */
export interface Style {
  readonly text: (text: string) => string;
  readonly code: (text: string) => string;
  readonly strong: (text: string) => string;
  /** Columns a table takes beside its cells: between two of them, and before the first and after the last. */
  readonly rules: { readonly between: number; readonly around: number };
}

/**
 * The words of a line in a format. Plain text breaks at its spaces; a code span or a stressed piece is
 * one word and stays glued to the text it touches, so that wrapping never cuts through a span.
 */
export function wordsOf(line: Line, style: Style): string[] {
  const words: string[] = [];
  let open = false;
  const add = (text: string): void => {
    if (open) words[words.length - 1] += text;
    else words.push(text);
    open = true;
  };
  for (const piece of line) {
    if (typeof piece !== 'string') {
      add(styled(piece, style));
      continue;
    }
    for (const [i, part] of style.text(piece).split(/ +/).entries()) {
      if (i > 0) open = false;
      if (part !== '') add(part);
    }
  }
  return words;
}

/** The whole line in a format, unwrapped. */
export function lineText(line: Line, style: Style): string {
  return wordsOf(line, style).join(' ');
}

function styled(piece: Exclude<Inline, string>, style: Style): string {
  return 'code' in piece ? style.code(piece.code) : style.strong(piece.strong);
}
