import { CompiledHits } from './compiled-hits.ts';
import { ConventionFinder } from './convention-hits.ts';
import type { Conventions } from './conventions.ts';
import type { HitTable } from './hit-table.ts';
import { type HitsOfFiles, ROOM } from './hits-of-files.ts';
import { errorText } from './list-files.ts';
import { PlainHits } from './plain-hits.ts';
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

const NEWLINE = 0x0a;

/** What has to be looked at again takes more: not a reason why a file cannot be read. */
const CUT = '';

/** Finds the mentions of options in files of a listing, with three calls of the system for most files. */
export class HitReader {
  readonly #size: number;
  readonly #calls: SystemCalls;
  readonly #whole = new FileReader();
  readonly #others: ConventionFinder | undefined;
  /** Of the file looked at last, taken before its content. */
  readonly numbers = new Float64Array(STAT_NUMBERS);
  readonly hits: HitsOfFiles;

  /** `size` bytes are read at once, more than a prefix has. */
  constructor(
    size = PIECE,
    hits = quickestHits(size),
    calls = systemCalls(),
    conventions?: Conventions,
  ) {
    this.#size = size;
    this.#others = conventions && new ConventionFinder(conventions);
    this.hits = hits;
    this.#calls = calls;
  }

  /**
   * Add the mentions in a file, which has none if it is no text; `name` is the end of its path. The result is the reason why
   * it cannot be read.
   */
  read(path: string, marked: boolean, name?: string): string | undefined {
    const kconfig = isKconfig(path, name);
    let fd: number | undefined;
    const { hits } = this;
    const size = this.#size;
    try {
      fd = this.#calls.open(path);
      if (marked) {
        const wrong = this.#look(fd);
        if (wrong !== undefined) return wrong;
      }
      // Less than asked for is the end of a file.
      const length = this.#calls.read(fd, hits.bytes, ROOM, size);
      if (length < size) {
        addFile(path, kconfig, length, hits, this.#others);
        return undefined;
      }
      const wrong = marked ? undefined : this.#look(fd);
      if (wrong !== undefined) return wrong;
      if (!kconfig && !this.#others) {
        const before = hits.length;
        const answer = this.#inPieces(fd);
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
    addBytes(path, kconfig, bytes, hits, this.#others);
    return undefined;
  }

  /** The first piece is read; CUT if there is no room for what has to be looked at with the next one. */
  #inPieces(fd: number): string | undefined {
    const { hits } = this;
    const before = hits.length;
    const size = this.#size;
    const binary = isBinary(hits.bytes, ROOM, size);
    for (let base = 0, from = ROOM, length = size, line = 0; ; ) {
      const to = ROOM + length;
      const end = hits.bytes.lastIndexOf(NEWLINE, to - 1);
      line = end < ROOM ? line + length : to - end;
      if (line > MAX_LINE_BYTES && !binary) return TOO_LONG;
      const last = length < size;
      const next = hits.addPiece(from, to, base, last);
      if (last) break;
      if (to - next > ROOM) return CUT;
      base += next - from;
      if (base > MAX_FILE_BYTES) return TOO_LARGE;
      from = ROOM - (to - next);
      hits.bytes.copyWithin(from, next, to);
      length = this.#calls.read(fd, hits.bytes, ROOM, size);
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

/** The mentions of options in the bytes of a file; what is no text has none. */
export function hitsIn(path: string, bytes: Buffer, others?: ConventionFinder): HitTable {
  const hits = new PlainHits(bytes.length);
  addBytes(path, isKconfig(path), bytes, hits, others);
  return hits;
}

function addBytes(
  path: string,
  kconfig: boolean,
  bytes: Buffer,
  hits: HitsOfFiles,
  others: ConventionFinder | undefined,
): void {
  hits.reserve(bytes.length);
  bytes.copy(hits.bytes, ROOM);
  addFile(path, kconfig, bytes.length, hits, others);
}

/** Add the mentions in a file that was read into its room. */
function addFile(
  path: string,
  kconfig: boolean,
  length: number,
  hits: HitsOfFiles,
  others: ConventionFinder | undefined,
): void {
  const before = hits.length;
  hits.addFile(ROOM, length, kconfig);
  if (!others || kconfig) return;
  const binary = isBinary(hits.bytes, ROOM, length);
  others.find(path, hits.bytes.subarray(ROOM, ROOM + length), hits, before);
  if (binary) hits.cut(before);
}

/** By the quickest means there are, with room for files of so many bytes at first. */
function quickestHits(bytes: number): HitsOfFiles {
  try {
    return new CompiledHits(bytes);
  } catch {
    return new PlainHits(bytes);
  }
}
