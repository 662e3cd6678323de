import { builtModule, type Memory } from './built-module.ts';
import {
  CLASSES,
  ENDS_COLUMN,
  FIRST_WORD,
  HEAD,
  HEAD_INTS,
  KIND_COLUMN,
  NAME_COLUMN,
  NAMES,
  OFFSET_COLUMN,
  POOL,
  PREFIX_BYTES,
  ROWS,
  SECOND_LENGTH,
  SECOND_WORD,
  SHAPES,
  STATEMENT_BYTES,
  STATEMENT_KIND,
  STATEMENTS,
  TABLES,
} from './hit-layout.ts';
import { nameClassOf } from './hits.ts';
import { arranged, type HitRows, type HitsOfFiles, namesIn, ROOM } from './hits-of-files.ts';
import { kconfigClassOf, STATEMENTS_OF_KCONFIG } from './kconfig-hits.ts';
import { PREFIX, SLACK } from './prefix-finder.ts';

/** What wasm/index.ts has; places are those in the room, which begins where `roomFor` says. */
interface Exports {
  clear(rows: number, names: number): void;
  cut(length: number): void;
  roomFor(bytes: number): number;
  addFile(from: number, length: number, isKconfig: number): void;
  addPiece(from: number, to: number, base: number, last: number): number;
  namePlace(length: number): number;
  addNamed(length: number, offset: number, kind: number): void;
}

/** Room at first: memory that nobody wrote to takes none. */
const FIRST_ROWS = 1 << 16;
const FIRST_NAMES = 1 << 14;

/** Mentions found and gathered by WebAssembly. */
export class CompiledHits implements HitsOfFiles {
  readonly #memory: Memory;
  readonly #exports: Exports;
  #roomBytes: number;
  #room: number;
  #all: Buffer;
  #head: Int32Array;
  bytes: Buffer;

  /** With room for files of so many bytes at first. Throws where there is no WebAssembly, or what the build makes of it. */
  constructor(bytes: number, rows = FIRST_ROWS, names = FIRST_NAMES) {
    const { memory, exports } = builtModule<Exports>('hits', TABLES);
    this.#memory = memory;
    this.#exports = exports;
    writeTables(Buffer.from(memory.buffer));
    exports.clear(rows, names);
    this.#roomBytes = ROOM + bytes + SLACK;
    this.#room = exports.roomFor(this.#roomBytes);
    this.#all = Buffer.from(memory.buffer);
    this.#head = this.#ints(HEAD, HEAD_INTS);
    this.bytes = this.#all.subarray(this.#room, this.#room + this.#roomBytes);
  }

  get length(): number {
    return this.#head[ROWS] as number;
  }

  reserve(bytes: number): void {
    if (ROOM + bytes + SLACK <= this.#roomBytes) return;
    this.#roomBytes = Math.max(ROOM + bytes + SLACK, this.#roomBytes * 2);
    this.#room = this.#exports.roomFor(this.#roomBytes);
    this.#look();
  }

  addFile(from: number, length: number, isKconfig: boolean): void {
    this.#exports.addFile(from, length, isKconfig ? 1 : 0);
    if (this.#head.length === 0) this.#look();
  }

  addPiece(from: number, to: number, base: number, last: boolean): number {
    const next = this.#exports.addPiece(from, to, base, last ? 1 : 0);
    if (this.#head.length === 0) this.#look();
    return next;
  }

  add(bytes: Buffer, from: number, to: number, offset: number, kind: number): void {
    const place = this.#exports.namePlace(to - from);
    if (this.#head.length === 0) this.#look();
    bytes.copy(this.#all, place, from, to);
    this.#exports.addNamed(to - from, offset, kind);
    if (this.#head.length === 0) this.#look();
  }

  cut(length: number): void {
    this.#exports.cut(length);
  }

  arrange(from: number, without: ReadonlySet<number>): void {
    this.cut(arranged(this.#columns(), from, without));
  }

  rows(): HitRows {
    const { name, offset, kind } = this.#columns();
    const pool = this.#all.subarray(this.#head[POOL] as number);
    const ends = this.#ints(this.#head[ENDS_COLUMN] as number, this.#head[NAMES] as number);
    return {
      names: namesIn(pool, new Uint32Array(ends)),
      name: name.slice(),
      offset: offset.slice(),
      kind: kind.slice(),
    };
  }

  /** Memory that grew is another one to JavaScript. */
  #look(): void {
    this.#all = Buffer.from(this.#memory.buffer);
    this.#head = this.#ints(HEAD, HEAD_INTS);
    this.bytes = this.#all.subarray(this.#room, this.#room + this.#roomBytes);
  }

  #ints(at: number, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, at, length);
  }

  #columns(): Omit<HitRows, 'names'> {
    const { buffer } = this.#memory;
    const { length } = this;
    return {
      name: new Uint32Array(buffer, this.#head[NAME_COLUMN], length),
      offset: new Uint32Array(buffer, this.#head[OFFSET_COLUMN], length),
      kind: new Uint8Array(buffer, this.#head[KIND_COLUMN], length),
    };
  }
}

/** What bytes and words mean, as the functions know it that do the same in JavaScript. */
function writeTables(memory: Buffer): void {
  for (let char = 0; char < 256; char++) {
    memory[CLASSES + char] = nameClassOf(char) | kconfigClassOf(char);
  }
  memory.write(PREFIX, PREFIX_BYTES, 'latin1');
  let count = 0;
  for (const [shape, alike] of [...statementsByShape()]) {
    memory[SHAPES + shape] = count + 1;
    for (const { word, second = '', kind } of alike) {
      const at = STATEMENTS + count++ * STATEMENT_BYTES;
      memory[at] = word.length;
      memory[at + SECOND_LENGTH] = second.length;
      memory[at + STATEMENT_KIND] = kind;
      memory.write(word, at + FIRST_WORD, 'latin1');
      memory.write(second, at + SECOND_WORD, 'latin1');
    }
  }
}

type Statements = typeof STATEMENTS_OF_KCONFIG;

function statementsByShape(): Map<number, Statements> {
  return Map.groupBy(
    STATEMENTS_OF_KCONFIG,
    ({ word }) => (word.length << 5) | (word.charCodeAt(0) & 31),
  );
}
