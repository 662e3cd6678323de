import type { HitTable } from './hit-table.ts';
import { pieceHits } from './hits.ts';
import { kconfigHits } from './kconfig-hits.ts';
import { errorText } from './list-files.ts';
import { type PrefixFinder, plainFinder, prefixFinder, SLACK } from './prefix-finder.ts';
import { FileReader, MAX_FILE_BYTES, refused, TOO_LARGE } from './read-file.ts';
import { STAT, STAT_NUMBERS, type SystemCalls, systemCalls } from './system-calls.ts';
import { isBinary, isKconfig } from './what-file.ts';

/** Bytes read at once: more would leave the cache of a CPU between being read and being searched. */
const PIECE = 1 << 16;

/** A name is as long as a piece: not a reason why a file cannot be read. */
const CUT = '';

/** Finds the mentions of options in files of a listing, with three calls of the system for most files. */
export class HitReader {
  readonly #size: number;
  readonly #finder: PrefixFinder;
  readonly #piece: Buffer;
  readonly #calls: SystemCalls;
  readonly #whole = new FileReader();
  /** Of the file looked at last, taken before its content. */
  readonly numbers = new Float64Array(STAT_NUMBERS);

  /** `size` bytes are read at once, more than a prefix has. */
  constructor(size = PIECE, finder = prefixFinder(size), calls = systemCalls()) {
    this.#size = size;
    this.#finder = finder;
    this.#piece = finder.bytes;
    this.#calls = calls;
  }

  /** Add the mentions in a file, which has none if it is no text. The result is the reason why it cannot be read. */
  read(path: string, marked: boolean, hits: HitTable): string | undefined {
    let fd: number | undefined;
    const size = this.#size;
    try {
      fd = this.#calls.open(path);
      if (marked) {
        const wrong = this.#look(fd);
        if (wrong !== undefined) return wrong;
      }
      // Less than asked for is the end of a file.
      const length = this.#calls.read(fd, this.#piece, 0, size);
      if (length < size) {
        add(path, this.#finder, length, hits);
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
      if (fd !== undefined) this.#calls.close(fd);
    }
    const bytes = this.#whole.read(path);
    if (typeof bytes === 'string') return bytes;
    addHits(path, bytes, hits);
    return undefined;
  }

  /** The first piece is read; CUT if one holds nothing but a name that goes on. */
  #inPieces(fd: number, hits: HitTable): string | undefined {
    const before = hits.length;
    const binary = isBinary(this.#piece, this.#size);
    for (let base = 0, length = this.#size; ; ) {
      const last = length < this.#size;
      const next = pieceHits(this.#finder, length, base, last, hits);
      if (last) break;
      if (next === 0) return CUT;
      base += next;
      if (base > MAX_FILE_BYTES) return TOO_LARGE;
      this.#piece.copyWithin(0, next, length);
      length -= next;
      length += this.#calls.read(fd, this.#piece, length, this.#size - length);
    }
    if (binary) hits.cut(before);
    return undefined;
  }

  /** What is wrong with an open file; its numbers are taken. */
  #look(fd: number): string | undefined {
    this.#calls.fstat(fd, this.numbers);
    return refused(this.numbers[STAT.MODE] as number, this.numbers[STAT.SIZE] as number);
  }
}

/** Add the mentions of options in the bytes of a file; what is no text has none. */
export function addHits(path: string, bytes: Buffer, hits: HitTable): void {
  const room = Buffer.allocUnsafe(bytes.length + SLACK);
  bytes.copy(room);
  add(path, plainFinder(room), bytes.length, hits);
}

function add(path: string, finder: PrefixFinder, length: number, hits: HitTable): void {
  const before = hits.length;
  if (isKconfig(path)) kconfigHits(finder.bytes, length, hits);
  else pieceHits(finder, length, 0, true, hits);
  if (hits.length > before && isBinary(finder.bytes, length)) hits.cut(before);
}
