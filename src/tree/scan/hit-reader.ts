import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { HitTable } from './hit-table.ts';
import { END_BYTES, markEnd, OVERLAP, pieceHits } from './hits.ts';
import { kconfigHits } from './kconfig-hits.ts';
import { errorText } from './list-files.ts';
import { FileReader, MARKS, MAX_FILE_BYTES, markFile, refused, TOO_LARGE } from './read-file.ts';
import { isBinary, isKconfig } from './what-file.ts';

/** Bytes read at once: more would leave the cache of a CPU between being read and being searched. */
const PIECE = 1 << 16;

/** A mention lies across the end of a piece: not a reason why a file cannot be read. */
const CUT = '';

/** It was a file when it was listed: whatever stands in its place now must neither be waited for nor followed. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** Finds the mentions of options in files of a listing, with three calls of the system for most files. */
export class HitReader {
  readonly #size: number;
  readonly #piece: Buffer;
  readonly #whole = new FileReader();
  /** Marks of the file looked at last, taken before its content. */
  readonly marks = new Float64Array(MARKS);

  /** `size` bytes are read at once, more than `OVERLAP`. */
  constructor(size = PIECE) {
    this.#size = size;
    this.#piece = Buffer.allocUnsafeSlow(size + END_BYTES);
  }

  /** Add the mentions in a file, which has none if it is no text. The result is the reason why it cannot be read. */
  read(path: string, marked: boolean, hits: HitTable): string | undefined {
    let fd: number | undefined;
    const size = this.#size;
    try {
      fd = openSync(path, FLAGS);
      if (marked) {
        const wrong = this.#look(fd);
        if (wrong !== undefined) return wrong;
      }
      // Less than asked for is the end of a file.
      const length = readSync(fd, this.#piece, 0, size, null);
      if (length < size) {
        markEnd(this.#piece, length);
        addHits(path, this.#piece, length, hits);
        return undefined;
      }
      const wrong = marked ? undefined : this.#look(fd);
      if (wrong !== undefined) return wrong;
      if (!isKconfig(path)) {
        const before = hits.length;
        const answer = this.#inPieces(fd, hits);
        if (answer === undefined) return undefined;
        hits.cut(before);
        if (answer !== CUT) return answer;
      }
    } catch (error) {
      return errorText(error);
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
    const bytes = this.#whole.read(path);
    if (typeof bytes === 'string') return bytes;
    addHits(path, bytes, bytes.length, hits);
    return undefined;
  }

  /** The first piece is read; CUT if the end of a later one lies within a name. */
  #inPieces(fd: number, hits: HitTable): string | undefined {
    const before = hits.length;
    const binary = isBinary(this.#piece, this.#size);
    markEnd(this.#piece, this.#size);
    if (!pieceHits(this.#piece, this.#size, 0, false, hits)) return CUT;
    const fresh = this.#size - OVERLAP;
    for (let base = fresh, length = this.#size; length === this.#size; base += fresh) {
      if (base > MAX_FILE_BYTES) return TOO_LARGE;
      this.#piece.copyWithin(0, fresh);
      length = OVERLAP + readSync(fd, this.#piece, OVERLAP, fresh, null);
      markEnd(this.#piece, length);
      if (!pieceHits(this.#piece, length, base, length < this.#size, hits)) return CUT;
    }
    if (binary) hits.cut(before);
    return undefined;
  }

  /** What is wrong with an open file; its marks are taken. */
  #look(fd: number): string | undefined {
    const stat = fstatSync(fd);
    markFile(this.marks, 0, stat);
    return refused(stat);
  }
}

/** Add the mentions of options in the bytes of a file; what is no text has none. */
export function addHits(path: string, bytes: Buffer, length: number, hits: HitTable): void {
  const before = hits.length;
  if (isKconfig(path)) kconfigHits(bytes, length, hits);
  else pieceHits(bytes, length, 0, true, hits);
  if (hits.length > before && isBinary(bytes, length)) hits.cut(before);
}
