import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { END_BYTES, type FileHits, markEnd, OVERLAP, pieceHits, sourceHits } from './hits.ts';
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

  /** Mentions in a file; undefined if it has none or is no text; the reason why it cannot be read, as a text. */
  hits(path: string, marked: boolean): FileHits | undefined | string {
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
        return hitsIn(path, this.#piece, length);
      }
      const wrong = marked ? undefined : this.#look(fd);
      if (wrong !== undefined) return wrong;
      if (!isKconfig(path)) {
        const hits = this.#inPieces(fd);
        if (hits !== CUT) return hits;
      }
    } catch (error) {
      return errorText(error);
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
    const bytes = this.#whole.read(path);
    return typeof bytes === 'string' ? bytes : hitsIn(path, bytes, bytes.length);
  }

  /** The first piece is read; CUT if the end of a later one lies within a name. */
  #inPieces(fd: number): FileHits | undefined | string {
    const hits: FileHits = { names: [], offsets: [], kinds: [] };
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
    return hits.names.length > 0 && !binary ? hits : undefined;
  }

  /** What is wrong with an open file; its marks are taken. */
  #look(fd: number): string | undefined {
    const stat = fstatSync(fd);
    markFile(this.marks, 0, stat);
    return refused(stat);
  }
}

/** Mentions of options in the bytes of a file; undefined where there are none, and for what is no text. */
export function hitsIn(path: string, bytes: Buffer, length: number): FileHits | undefined {
  const hits = isKconfig(path) ? kconfigHits(bytes, length) : sourceHits(bytes, length);
  return hits && !isBinary(bytes, length) ? hits : undefined;
}
