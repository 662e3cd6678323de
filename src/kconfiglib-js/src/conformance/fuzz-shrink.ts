import type { FuzzCase } from '../testing/fuzz/case.ts';

/** One removable piece of a case: a line of a file or of the answers, or a variable. */
interface Piece {
  where: 'file' | 'stdin' | 'env';
  name: string;
  text: string;
}

/** How often a case is tried while it is made smaller. */
const TRIES = 1500;

/**
 * Make a failing case small: leave out ever smaller runs of pieces as long as it still fails, then pairs of lines that
 * open and close a block.
 */
export async function shrink(
  fuzzCase: FuzzCase,
  fails: (candidate: FuzzCase) => Promise<boolean>,
): Promise<FuzzCase> {
  let pieces = piecesOf(fuzzCase);
  let tries = TRIES;
  const without = async (drop: (piece: Piece, i: number) => boolean): Promise<boolean> => {
    if (tries-- <= 0) return false;
    const rest = pieces.filter((piece, i) => !drop(piece, i));
    if (rest.length === pieces.length || !(await fails(assemble(fuzzCase, rest)))) return false;
    pieces = rest;
    return true;
  };
  for (let before = Number.POSITIVE_INFINITY; pieces.length < before && tries > 0; ) {
    before = pieces.length;
    for (let size = pieces.length >> 1; size >= 1; size >>= 1) {
      for (let from = 0; from < pieces.length; ) {
        const start = from;
        const gone = await without((_, i) => i >= start && i < start + size);
        if (!gone) from += size;
      }
    }
    for (let i = 0; i < pieces.length; i++) {
      const end = closing(pieces, i);
      if (end > i) await without((_, at) => at === i || at === end);
    }
  }
  return assemble(fuzzCase, pieces);
}

function closing(pieces: readonly Piece[], i: number): number {
  const word = /^\s*(if|menu|choice)\b/.exec(pieces[i]?.text ?? '')?.[1];
  if (word === undefined) return -1;
  return pieces.findIndex((piece, at) => at > i && piece.text.trim().startsWith(`end${word}`));
}

function piecesOf({ files, env, stdin }: FuzzCase): Piece[] {
  const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return [
    ...Object.entries(files).flatMap(([name, text]) =>
      lines(text).map((line): Piece => ({ where: 'file', name, text: line })),
    ),
    ...lines(stdin).map((text): Piece => ({ where: 'stdin', name: '', text })),
    ...Object.entries(env).map(([name, text]): Piece => ({ where: 'env', name, text })),
  ];
}

/** A file all lines of which were left out is empty, but it is still there. */
function assemble({ args, files, later }: FuzzCase, pieces: readonly Piece[]): FuzzCase {
  const made: FuzzCase = { args, files: {}, env: {}, stdin: '', ...(later && { later }) };
  for (const name of Object.keys(files)) made.files[name] = '';
  for (const { where, name, text } of pieces) {
    if (where === 'file') made.files[name] += text;
    else if (where === 'stdin') made.stdin += text;
    else made.env[name] = text;
  }
  return made;
}
