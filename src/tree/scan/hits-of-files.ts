import type { Rows } from './tree-index.ts';

/** Mentions of options, one in each row, with columns of their own. */
export interface HitRows extends Rows {
  readonly name: Uint32Array;
  readonly offset: Uint32Array;
  readonly kind: Uint8Array;
}

/** The mentions of options in file after file, and the room files are read into for them to be found. */
export interface HitsOfFiles {
  /** Files are to begin at `ROOM`. Another one where `reserve` was called. */
  readonly bytes: Buffer;
  /** Mentions so far. */
  readonly length: number;
  /** Make room for a file of so many bytes; what was in it is gone. */
  reserve(bytes: number): void;
  /** Add the mentions in a file that begins at a place; one that is no text has none. The byte behind it is written to. */
  addFile(from: number, length: number, isKconfig: boolean): void;
  /** Add those in a piece of a file, as `pieceHits` does. */
  addPiece(from: number, to: number, base: number, last: boolean): number;
  /** Add a mention; its name are the bytes from `from` to `to`, which are ASCII and none of the room's. */
  add(bytes: Buffer, from: number, to: number, offset: number, kind: number): void;
  /** Forget the rows from a number on. Names that only they had stay. */
  cut(length: number): void;
  /** Put the rows from a number on in the order of their offsets, without those at some of them. */
  arrange(from: number, without: ReadonlySet<number>): void;
  rows(): HitRows;
}

/**
 * Where in their room files begin: at the begin of a page, since to where one begins less than 32 bytes further the kernel
 * of some CPUs copies half as fast. What has to be looked at again with the next piece stands before.
 */
export const ROOM = 1 << 12;

/** The same for rows of these columns, all of them; the result is how many are left. */
export function arranged(
  { name, offset, kind }: Omit<HitRows, 'names'>,
  from: number,
  without: ReadonlySet<number>,
): number {
  const order = Array.from({ length: name.length - from }, (_, i) => from + i)
    .filter((row) => !without.has(offset[row] as number))
    .sort((a, b) => (offset[a] as number) - (offset[b] as number) || a - b);
  const rows = order.map((row) => [name[row]!, offset[row]!, kind[row]!] as const);
  for (const [i, [id, place, how]] of rows.entries()) {
    name[from + i] = id;
    offset[from + i] = place;
    kind[from + i] = how;
  }
  return from + rows.length;
}

/** The names whose bytes lie behind each other, by where each ends. */
export function namesIn(pool: Buffer, ends: Uint32Array): string[] {
  const text = pool.toString('latin1', 0, ends.at(-1) ?? 0);
  const names: string[] = [];
  for (let id = 0, start = 0; id < ends.length; id++) {
    const end = ends[id] as number;
    names.push(text.slice(start, end));
    start = end;
  }
  return names;
}
