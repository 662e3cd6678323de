import type { NameColumns, SymbolNames } from '../eval/program.ts';
import { hashName } from '../lex/name-hash.ts';

/** Names as slices of one text, found through a hash table over the names that are not quoted. */
export class PackedNames implements SymbolNames {
  readonly #bytes: Uint8Array;
  #known: string | undefined;
  readonly #start: Int32Array;
  readonly #table: Int32Array;

  /** `bytes` are the text in UTF-8; `table` holds ids plus one, and its length is a power of two. */
  constructor(bytes: Uint8Array, start: Int32Array, table: Int32Array) {
    this.#bytes = bytes;
    this.#start = start;
    this.#table = table;
  }

  get #text(): string {
    const { buffer, byteOffset, length } = this.#bytes;
    this.#known ??= Buffer.from(buffer, byteOffset, length).toString();
    return this.#known;
  }

  columns(): NameColumns | undefined {
    const bytes = this.#bytes;
    const rows = this.#start;
    // As many bytes as characters: all are ASCII.
    if (bytes.length !== rows.at(-1)) return undefined;
    return { bytes, rows, stride: 1, begin: 0, table: this.#table };
  }

  nameOf(id: number): string {
    return id < 0 || id >= this.#start.length - 1
      ? ''
      : this.#text.slice(this.#start[id] as number, this.#start[id + 1] as number);
  }

  idOf(name: string): number {
    return this.idAt(name, 0, name.length);
  }

  idAt(text: string, from: number, to: number): number {
    const table = this.#table;
    const own = this.#text;
    const mask = table.length - 1;
    const length = to - from;
    // A table without a gap would have no end.
    const first = slotOf(hashName(text, from, to));
    for (let tries = 0; tries <= mask; tries++) {
      const id = (table[(first + tries) & mask] as number) - 1;
      if (id < 0) return -1;
      const start = this.#start[id] as number;
      if ((this.#start[id + 1] as number) - start === length) {
        let i = 0;
        while (i < length && text.charCodeAt(from + i) === own.charCodeAt(start + i)) i++;
        if (i === length) return id;
      }
    }
    return -1;
  }
}

function slotOf(hash: number): number {
  return hash ^ (hash >>> 15);
}

/** The table for names; `named` says which ids are found by name. */
export function packNames(names: readonly string[], named: readonly number[]): Int32Array {
  let size = 16;
  while (size < named.length * 2) size *= 2;
  const table = new Int32Array(size);
  for (const id of named) {
    let slot = slotOf(hashName(names[id] as string)) & (size - 1);
    while (table[slot] !== 0) slot = (slot + 1) & (size - 1);
    table[slot] = id + 1;
  }
  return table;
}
