import { hashName, isName } from '../lex/name-hash.ts';

/** Ids by name. A name can be looked up where it stands in a text, without making a string of it. */
export class NameTable {
  /** Names by id; not all of them need be in the table. */
  readonly names: readonly string[];
  #hashes: Int32Array = new Int32Array(1 << 12);
  /** Ids plus one, in the slots their hashes lead to. */
  #table: Int32Array = new Int32Array(1 << 13);
  #count = 0;

  constructor(names: readonly string[]) {
    this.names = names;
  }

  /** The id of the name that stands from `start` to `end`, whose hash is given; -1 if there is none. */
  findBytes(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let slot = mix(hash) & mask; ; slot = (slot + 1) & mask) {
      const id = (table[slot] as number) - 1;
      if (id < 0) return -1;
      if (this.#hashes[id] === hash && isName(this.names[id] as string, bytes, start, end))
        return id;
    }
  }

  /** The same in a text. */
  find(text: string, start: number, end: number, hash: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let slot = mix(hash) & mask; ; slot = (slot + 1) & mask) {
      const id = (table[slot] as number) - 1;
      if (id < 0) return -1;
      if (this.#hashes[id] !== hash) continue;
      const name = this.names[id] as string;
      if (name.length === end - start && text.startsWith(name, start)) return id;
    }
  }

  /** The id of a name, or -1. */
  get(name: string): number {
    return this.find(name, 0, name.length, hashName(name));
  }

  /** Put a name that is not there under its id. */
  set(id: number, hash: number): void {
    if (id >= this.#hashes.length) {
      let size = this.#hashes.length * 2;
      while (size <= id) size *= 2;
      const hashes = new Int32Array(size);
      hashes.set(this.#hashes);
      this.#hashes = hashes;
    }
    this.#hashes[id] = hash;
    if (++this.#count * 2 > this.#table.length) this.#grow();
    this.#insert(id);
  }

  #insert(id: number): void {
    const table = this.#table;
    const mask = table.length - 1;
    let slot = mix(this.#hashes[id] as number) & mask;
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
