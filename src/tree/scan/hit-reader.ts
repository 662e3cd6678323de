import { ConventionFinder } from './convention-hits.ts';
import type { Conventions } from './conventions.ts';
import type { HitTable } from './hit-table.ts';
import { pieceHits } from './hits.ts';
import { kconfigHits } from './kconfig-hits.ts';
import { errorText } from './list-files.ts';
import { type PrefixFinder, plainFinder, prefixFinder, SLACK } from './prefix-finder.ts';
import {
  FileReader,
  MAX_FILE_BYTES,
  MAX_LINE_BYTES,
  refused,
  TOO_LARGE,
  TOO_LONG,
} from './read-file.ts';
import { STAT, STAT_NUMBERS, type SystemCalls, systemCalls } from './system-calls.ts';
import { isBinary, isKconfig } from './what-file.ts';

/** Bytes read at once: more would leave the cache of a CPU between being read and being searched. */
const PIECE = 1 << 16;

/**
 * Where in the memory of a finder pieces are read to: at the begin of a page, since to where one begins less than 32 bytes
 * further the kernel of some CPUs copies half as fast. What has to be looked at again with the next piece stands before.
 */
export const ROOM = 1 << 12;

const NEWLINE = 0x0a;

/** What has to be looked at again takes more: not a reason why a file cannot be read. */
const CUT = '';

/** Finds the mentions of options in files of a listing, with three calls of the system for most files. */
export class HitReader {
  readonly #size: number;
  readonly #finder: PrefixFinder;
  readonly #piece: Buffer;
  readonly #calls: SystemCalls;
  readonly #whole = new FileReader();
  readonly #others: ConventionFinder | undefined;
  /** Of the file looked at last, taken before its content. */
  readonly numbers = new Float64Array(STAT_NUMBERS);

  /** `size` bytes are read at once, more than a prefix has. */
  constructor(
    size = PIECE,
    finder = prefixFinder(ROOM + size),
    calls = systemCalls(),
    conventions?: Conventions,
  ) {
    this.#size = size;
    this.#others = conventions && new ConventionFinder(conventions);
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
      const length = this.#calls.read(fd, this.#piece, ROOM, size);
      if (length < size) {
        add(path, this.#finder, ROOM, length, hits, this.#others);
        return undefined;
      }
      const wrong = marked ? undefined : this.#look(fd);
      if (wrong !== undefined) return wrong;
      if (!isKconfig(path) && !this.#others) {
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
    addHits(path, bytes, hits, this.#others);
    return undefined;
  }

  /** The first piece is read; CUT if there is no room for what has to be looked at with the next one. */
  #inPieces(fd: number, hits: HitTable): string | undefined {
    const before = hits.length;
    const size = this.#size;
    const binary = isBinary(this.#piece, ROOM, size);
    for (let base = 0, from = ROOM, length = size, line = 0; ; ) {
      const to = ROOM + length;
      const end = this.#piece.lastIndexOf(NEWLINE, to - 1);
      line = end < ROOM ? line + length : to - end;
      if (line > MAX_LINE_BYTES && !binary) return TOO_LONG;
      const last = length < size;
      const next = pieceHits(this.#finder, from, to, base, last, hits);
      if (last) break;
      if (to - next > ROOM) return CUT;
      base += next - from;
      if (base > MAX_FILE_BYTES) return TOO_LARGE;
      from = ROOM - (to - next);
      this.#piece.copyWithin(from, next, to);
      length = this.#calls.read(fd, this.#piece, ROOM, size);
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
export function addHits(
  path: string,
  bytes: Buffer,
  hits: HitTable,
  others?: ConventionFinder,
): void {
  const room = Buffer.allocUnsafe(bytes.length + SLACK);
  bytes.copy(room);
  add(path, plainFinder(room), 0, bytes.length, hits, others);
}

function add(
  path: string,
  finder: PrefixFinder,
  from: number,
  length: number,
  hits: HitTable,
  others: ConventionFinder | undefined,
): void {
  const before = hits.length;
  const { bytes } = finder;
  // A finder has room behind; what a file before left there is no part of this one.
  bytes[from + length] = 0;
  if (isKconfig(path)) kconfigHits(bytes.subarray(from), length, hits);
  else {
    pieceHits(finder, from, from + length, 0, true, hits);
    others?.find(path, bytes.subarray(from, from + length), hits, before);
  }
  if (hits.length > before && isBinary(bytes, from, length)) hits.cut(before);
}
