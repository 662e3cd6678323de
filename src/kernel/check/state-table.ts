import { grown } from './interner.ts';

/**
 * The set of states seen: tuples of `width` numbers in one arena, found through an open-addressing table of their indices.
 * States keep the order they were added in, which makes the arena the queue of a breadth-first search, too.
 */
export class StateTable {
  readonly width: number;
  /** Tuple of state i from `i * width` on. */
  arena: Int32Array<ArrayBuffer>;
  /** State each was first reached from, -1 for the initial one. */
  parent: Int32Array<ArrayBuffer>;
  /** Thread that stepped there. */
  via: Uint8Array;
  #table: Int32Array;
  #count = 0;

  constructor(width: number, room = 1 << 12) {
    this.width = width;
    this.arena = new Int32Array(room * width);
    this.parent = new Int32Array(room);
    this.via = new Uint8Array(room);
    this.#table = new Int32Array(room * 2).fill(-1);
  }

  get size(): number {
    return this.#count;
  }

  get bytes(): number {
    return (
      this.arena.byteLength + this.parent.byteLength + this.via.byteLength + this.#table.byteLength
    );
  }

  #hash(tuple: Int32Array, from: number): number {
    let h = 0x2545f491;
    for (let i = 0; i < this.width; i++) {
      h = Math.imul(h ^ (tuple[from + i] as number), 0x9e3779b1);
      h ^= h >>> 15;
    }
    h = Math.imul(h, 0x85ebca6b);
    return h ^ (h >>> 13);
  }

  #find(tuple: Int32Array): number {
    const { width } = this;
    const mask = this.#table.length - 1;
    let at = this.#hash(tuple, 0) & mask;
    for (; ; at = (at + 1) & mask) {
      const id = this.#table[at] as number;
      if (id === -1) return ~at;
      const from = id * width;
      let i = 0;
      while (i < width && this.arena[from + i] === tuple[i]) i++;
      if (i === width) return id;
    }
  }

  /** Index of a state, -1 when it has not been seen. */
  indexOf(tuple: Int32Array): number {
    const found = this.#find(tuple);
    return found < 0 ? -1 : found;
  }

  /** Adds a state reached from `parent` by a step of thread `via`. Gives its index, or `~index` when it was there before. */
  add(tuple: Int32Array, parent: number, via: number): number {
    const found = this.#find(tuple);
    if (found >= 0) return ~found;
    const id = this.#count++;
    if (id === this.parent.length) this.#grow();
    this.arena.set(tuple, id * this.width);
    this.parent[id] = parent;
    this.via[id] = via;
    this.#table[~found] = id;
    if (this.#count * 3 > this.#table.length * 2) this.#rehash();
    return id;
  }

  #grow(): void {
    this.arena = grown(this.arena);
    this.parent = grown(this.parent);
    const via = new Uint8Array(this.via.length * 2);
    via.set(this.via);
    this.via = via;
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (let id = 0; id < this.#count; id++) {
      let at = this.#hash(this.arena, id * this.width) & mask;
      while (table[at] !== -1) at = (at + 1) & mask;
      table[at] = id;
    }
    this.#table = table;
  }
}
