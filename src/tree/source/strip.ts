/** Comments, and texts with what could be a comment in them. */
const PIECE =
  /\/\*[\s\S]*?(?:\*\/|$)|\/\/(?:\\\r?\n|[^\n])*|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/g;

/**
 * C text with comments blanked: same length, same lines. With `texts`, what stands in quotes goes too. Apostrophes of
 * assembler and of prose in `#error` lines end at the end of the line at the latest.
 */
export function stripComments(text: string, texts = false): string {
  return text.replace(PIECE, (piece) => {
    const comment = piece.startsWith('/');
    if (!comment && !texts) return piece;
    const blank = blanked(piece);
    if (comment || piece.length < 2) return blank;
    return `${piece[0]}${blank.slice(1, -1)}${piece[0]}`;
  });
}

function blanked(piece: string): string {
  if (!piece.includes('\n')) return ' '.repeat(piece.length);
  return piece
    .split('\n')
    .map((line) => ' '.repeat(line.length))
    .join('\n');
}
