import { hashName } from './name-hash.ts';

/** Columns of {@link NameTable.#rows}. */
const ROW = { HASH: 0, START: 1, END: 2, WIDTH: 3 } as const;

/** What a {@link NameTable} is made of. */
export interface NameBytes {
  bytes: Uint8Array;
  rows: Int32Array;
  table: Int32Array;
}

/**
 * Ids by name. A name can be looked up where it stands in a file or a text, without making a string of it. For that the
 * names lie here once more, one behind the other: strings are all over the memory, and slow to look into.
 */
export class NameTable {
  /** Names by id; not all of them need be in the table. */
  readonly names: readonly string[];
  #bytes: Uint8Array;
  #length = 0;
  /** For each id the hash of its name, and where its bytes begin and end. A name that is no bytes ends at -1. */
  #rows: Int32Array;
  /** Ids plus one, in the slots their hashes lead to. */
  #table: Int32Array;
  #count = 0;
  #narrow = true;

  /** `size`, a power of two, is for how many names there is room at first. */
  constructor(names: readonly string[], size = 1 << 12) {
    this.names = names;
    this.#bytes = new Uint8Array(size * 16);
    this.#rows = new Int32Array(size * ROW.WIDTH);
    this.#table = new Int32Array(size * 2);
  }

  /** The id of the name, of ASCII letters, that stands from `start` to `end`, whose hash is given; -1 if there is none. */
  findBytes(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const table = this.#table;
    const rows = this.#rows;
    const own = this.#bytes;
    const mask = table.length - 1;
    for (let slot = mix(hash) & mask; ; slot = (slot + 1) & mask) {
      const id = (table[slot] as number) - 1;
      if (id < 0) return -1;
      const row = id * ROW.WIDTH;
      if (rows[row] !== hash) continue;
      let at = rows[row + ROW.START] as number;
      if ((rows[row + ROW.END] as number) - at !== end - start) continue;
      let p = start;
      while (p < end && bytes[p] === own[at]) {
        p++;
        at++;
      }
      if (p === end) return id;
    }
  }

  /** The same in a text. */
  find(text: string, start: number, end: number, hash: number): number {
    const table = this.#table;
    const rows = this.#rows;
    const own = this.#bytes;
    const mask = table.length - 1;
    for (let slot = mix(hash) & mask; ; slot = (slot + 1) & mask) {
      const id = (table[slot] as number) - 1;
      if (id < 0) return -1;
      const row = id * ROW.WIDTH;
      if (rows[row] !== hash) continue;
      let at = rows[row + ROW.START] as number;
      const stop = rows[row + ROW.END] as number;
      if (stop < 0) {
        if (text.slice(start, end) === this.names[id]) return id;
        continue;
      }
      if (stop - at !== end - start) continue;
      let p = start;
      while (p < end && text.charCodeAt(p) === own[at]) {
        p++;
        at++;
      }
      if (p === end) return id;
    }
  }

  /** The id of a name, or -1. */
  get(name: string): number {
    return this.find(name, 0, name.length, hashName(name));
  }

  /** Put a name that is not there under its id. */
  set(id: number, hash: number): void {
    const row = id * ROW.WIDTH;
    if (row >= this.#rows.length) {
      const rows = new Int32Array(Math.max(this.#rows.length * 2, row * 2));
      rows.set(this.#rows);
      this.#rows = rows;
    }
    this.#rows[row] = hash;
    this.#rows[row + ROW.START] = this.#length;
    this.#rows[row + ROW.END] = this.#keep(this.names[id] as string);
    if (++this.#count * 2 > this.#table.length) this.#grow();
    this.#insert(id);
  }

  /** Append the bytes of a name. Returns where they end, -1 if it has other characters than bytes. */
  #keep(name: string): number {
    const { length } = name;
    if (this.#length + length > this.#bytes.length) {
      const bytes = new Uint8Array((this.#bytes.length + length) * 2);
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    const own = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < length; i++) {
      const code = name.charCodeAt(i);
      if (code > 255) {
        this.#narrow = false;
        return -1;
      }
      own[at++] = code;
    }
    this.#length = at;
    return at;
  }

  /** Take over what another table made of the same names: `columns` of it, and how many there are. */
  adopt({ bytes, rows, table }: NameBytes, count: number): void {
    this.#bytes = bytes;
    this.#length = bytes.length;
    this.#rows = rows;
    this.#table = table;
    this.#count = count;
  }

  /** What is kept: three numbers for each id, with the second where its name begins. Undefined if not all names are bytes. */
  columns(): NameBytes | undefined {
    if (!this.#narrow) return undefined;
    const bytes = this.#bytes.subarray(0, this.#length);
    return { bytes, rows: this.#rows, table: this.#table };
  }

  #insert(id: number): void {
    const table = this.#table;
    const mask = table.length - 1;
    let slot = mix(this.#rows[id * ROW.WIDTH] as number) & mask;
    while (table[slot] !== 0) slot = (slot + 1) & mask;
    table[slot] = id + 1;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 4);
    for (let i = 0; i < old.length; i++) if (old[i] !== 0) this.#insert((old[i] as number) - 1);
  }
}

function mix(hash: number): number {
  return hash ^ (hash >>> 15);
}
