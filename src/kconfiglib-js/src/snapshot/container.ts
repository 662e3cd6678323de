/** Columns a snapshot is made of. */
export type Column = Uint8Array | Int32Array | Float64Array;

/** First bytes of every snapshot; the number is that of the format. */
const MAGIC = 0x4e53434b;
/** To be raised with every change of what the columns mean. */
export const FORMAT = 8;
/** Magic, format, lengths and checksums of both parts, number of sections. */
const HEADER_WORDS = 8;
/** More sections than this no snapshot has. */
const MOST_SECTIONS = 256;
/** Larger parts than this no snapshot has. */
const MOST_BYTES = 1 << 29;

/** Words that are summed up beside each other. */
const LANES = 16;

/**
 * A sum of whole words, of which there is an even number; `checksum` of batch/wasm/index.ts reckons the same. Not one of
 * zlib: to load that module takes longer than to read a snapshot.
 */
export function checksum(bytes: Uint8Array): number {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const sums = new Int32Array(LANES);
  const whole = words.length - (words.length % LANES);
  for (let i = 0; i < whole; i++) {
    const lane = i % LANES;
    sums[lane] = mixed(sums[lane] as number, words[i] as number);
  }
  // What does not fill all lanes goes through the first four, two at a time beside two zeros.
  for (let i = whole; i < words.length; i += 2) {
    for (let lane = 0; lane < 4; lane++)
      sums[lane] = mixed(sums[lane] as number, lane < 2 ? (words[i + lane] as number) : 0);
  }
  return sums.reduce(mixed, 0);
}

function mixed(sum: number, word: number): number {
  return ((((sum << 5) | (sum >>> 27)) ^ word) + 1) | 0;
}

const pad = (length: number): number => (length + 7) & ~7;

/** Put columns one behind the other: a table of their lengths, then their bytes. */
function pack(columns: readonly Column[]): Uint8Array {
  let at = pad(4 * columns.length);
  for (const column of columns) at += pad(column.byteLength);
  const bytes = new Uint8Array(at);
  const table = new Int32Array(bytes.buffer, 0, columns.length);
  at = pad(4 * columns.length);
  for (const [i, column] of columns.entries()) {
    table[i] = column.byteLength;
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += pad(column.byteLength);
  }
  return bytes;
}

/** The bytes of a snapshot: what every run needs, and behind it what only some do. */
export function packSnapshot(hot: readonly Column[], cold: readonly Column[]): Uint8Array {
  const parts = [pack(hot), pack(cold)] as const;
  const header = new Int32Array(HEADER_WORDS);
  header.set([MAGIC, FORMAT, parts[0].length, parts[1].length]);
  header.set([checksum(parts[0]), checksum(parts[1]), hot.length, cold.length], 4);
  const start = header.byteLength;
  const bytes = new Uint8Array(start + parts[0].length + parts[1].length);
  bytes.set(new Uint8Array(header.buffer));
  bytes.set(parts[0], start);
  bytes.set(parts[1], start + parts[0].length);
  return bytes;
}

/** Reads bytes at a place of a file; fewer than asked for is an error. */
export type ReadAt = (position: number, length: number) => Uint8Array;

/** Sums up bytes as `checksum` does. */
export type Checksum = (bytes: Uint8Array) => number;

/** Where a snapshot is read from. */
export interface SnapshotBytes {
  readAt: ReadAt;
  /** Reads the part that every run needs, to where `sum` can sum it up. */
  readHot?: ReadAt;
  sum?: Checksum;
}

/** A snapshot that does not hold what it says. */
export class BadSnapshot extends Error {}

/** Hands out the columns of one part in the order they were packed. */
export class Columns {
  readonly #bytes: Uint8Array;
  readonly #table: Int32Array;
  #at: number;
  #next = 0;

  constructor(bytes: Uint8Array, count: number) {
    this.#bytes = bytes;
    this.#at = pad(4 * count);
    if (this.#at > bytes.length) throw new BadSnapshot('table');
    this.#table = new Int32Array(bytes.buffer, bytes.byteOffset, count);
  }

  bytes(): Uint8Array {
    const length = this.#table[this.#next++] ?? -1;
    const start = this.#at;
    if (length < 0 || start + length > this.#bytes.length) throw new BadSnapshot('section');
    this.#at = start + pad(length);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, length);
  }

  ints(): Int32Array {
    const bytes = this.bytes();
    if (bytes.length % 4 !== 0) throw new BadSnapshot('section');
    return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  }

  floats(): Float64Array {
    const bytes = this.bytes();
    if (bytes.length % 8 !== 0) throw new BadSnapshot('section');
    return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  }

  text(): string {
    return this.laterText()();
  }

  /** A text that may never be asked for. */
  laterText(): () => string {
    const bytes = this.bytes();
    const wide = this.bytes().length > 0;
    return () => {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      return buffer.toString(wide ? 'utf16le' : 'latin1');
    };
  }
}

/** A text as two columns: its characters, and a mark if they take two bytes each. */
export function packText(text: string): [Column, Column] {
  const narrow = !/[^\0-\xff]/.test(text);
  return [
    new Uint8Array(Buffer.from(text, narrow ? 'latin1' : 'utf16le')),
    new Uint8Array(narrow ? 0 : 1),
  ];
}

/** Open the bytes of a snapshot of `size` bytes: its hot part now, its cold part when asked for. `sum` is a faster `checksum`. */
export function openColumns(
  { readAt, readHot = readAt, sum = checksum }: SnapshotBytes,
  size: number,
): { hot: Columns; cold: () => Columns } {
  if (size < HEADER_WORDS * 4) throw new BadSnapshot('short');
  const head = readAt(0, HEADER_WORDS * 4);
  const words = new Int32Array(head.buffer, head.byteOffset, HEADER_WORDS);
  const [magic, format, hotSize, coldSize, hotSum, coldSum, hotCount, coldCount] =
    words as unknown as [number, number, number, number, number, number, number, number];
  if (magic !== MAGIC || format !== FORMAT) throw new BadSnapshot('format');
  for (const length of [hotSize, coldSize])
    if (length < 0 || length > MOST_BYTES || length % 8 !== 0) throw new BadSnapshot('length');
  for (const count of [hotCount, coldCount])
    if (count < 0 || count > MOST_SECTIONS) throw new BadSnapshot('count');
  const start = HEADER_WORDS * 4;
  if (start + hotSize + coldSize !== size) throw new BadSnapshot('size');
  const part = (bytes: Uint8Array, wanted: number, count: number, sumOf: Checksum): Columns => {
    // This tells damage, not intent: nobody but the user can write the file, who keeps code beside it.
    if (sumOf(bytes) !== wanted) throw new BadSnapshot('sum');
    return new Columns(bytes, count);
  };
  return {
    hot: part(readHot(start, hotSize), hotSum, hotCount, sum),
    cold: () => part(readAt(start + hotSize, coldSize), coldSum, coldCount, checksum),
  };
}
