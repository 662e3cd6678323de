import type { SymbolNames } from '../eval/program.ts';

/** Names as slices of one text, found through a hash table over the names that are not quoted. */
export class PackedNames implements SymbolNames {
  readonly #text: string;
  readonly #start: Int32Array;
  readonly #table: Int32Array;

  /** `table` holds ids plus one, and its length is a power of two. */
  constructor(text: string, start: Int32Array, table: Int32Array) {
    this.#text = text;
    this.#start = start;
    this.#table = table;
  }

  nameOf(id: number): string {
    return id < 0 || id >= this.#start.length - 1
      ? ''
      : this.#text.slice(this.#start[id] as number, this.#start[id + 1] as number);
  }

  idOf(name: string): number {
    const table = this.#table;
    const mask = table.length - 1;
    // A table without a gap would have no end.
    for (let tries = 0, slot = hashOf(name) & mask; tries <= mask; tries++) {
      const id = (table[slot] as number) - 1;
      if (id < 0) return -1;
      const start = this.#start[id] as number;
      if (
        (this.#start[id + 1] as number) - start === name.length &&
        this.#text.startsWith(name, start)
      )
        return id;
      slot = (slot + 1) & mask;
    }
    return -1;
  }
}

function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return hash ^ (hash >>> 15);
}

/** The table for names; `named` says which ids are found by name. */
export function packNames(names: readonly string[], named: readonly number[]): Int32Array {
  let size = 16;
  while (size < named.length * 2) size *= 2;
  const table = new Int32Array(size);
  for (const id of named) {
    let slot = hashOf(names[id] as string) & (size - 1);
    while (table[slot] !== 0) slot = (slot + 1) & (size - 1);
    table[slot] = id + 1;
  }
  return table;
}
