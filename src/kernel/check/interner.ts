/**
 * Numbers blocks of words: equal blocks get equal numbers, counted from 0. One part of every state (a thread's frames, the
 * shared words) is kept once here, and a state is a few numbers (the COLLAPSE compression of Holzmann, "State Compression in SPIN").
 */
export class Interner {
  #data = new Int32Array(1 << 12);
  /** Where block i begins; block i ends where i + 1 begins. */
  #begin = new Uint32Array(1 << 8);
  #hash = new Int32Array(1 << 8);
  #table = new Int32Array(1 << 9).fill(-1);
  #count = 0;

  /** Blocks so far. */
  get size(): number {
    return this.#count;
  }

  /** Bytes the blocks and their table take. */
  get bytes(): number {
    return (
      this.#data.byteLength +
      this.#begin.byteLength +
      this.#hash.byteLength +
      this.#table.byteLength
    );
  }

  /** Number of the block in the first `length` words of `words`. */
  intern(words: Int32Array, length: number): number {
    let h = length;
    for (let i = 0; i < length; i++) {
      h = Math.imul(h ^ (words[i] as number), 0x9e3779b1);
      h ^= h >>> 15;
    }
    const mask = this.#table.length - 1;
    for (let at = h & mask; ; at = (at + 1) & mask) {
      const id = this.#table[at] as number;
      if (id === -1) return this.#add(words, length, h, at);
      if (this.#hash[id] === h && this.#equals(id, words, length)) return id;
    }
  }

  /** Words of block `id`; a view that is good until the next block is added. */
  block(id: number): Int32Array {
    return this.#data.subarray(this.#begin[id], this.#begin[id + 1]);
  }

  #equals(id: number, words: Int32Array, length: number): boolean {
    const from = this.#begin[id] as number;
    if ((this.#begin[id + 1] as number) - from !== length) return false;
    const data = this.#data;
    for (let i = 0; i < length; i++) if (data[from + i] !== words[i]) return false;
    return true;
  }

  #add(words: Int32Array, length: number, hash: number, at: number): number {
    const id = this.#count++;
    const from = this.#begin[id] as number;
    while (from + length > this.#data.length) this.#data = grown(this.#data);
    if (id + 2 > this.#begin.length) {
      const begin = new Uint32Array(this.#begin.length * 2);
      begin.set(this.#begin);
      this.#begin = begin;
      this.#hash = grown(this.#hash);
    }
    for (let i = 0; i < length; i++) this.#data[from + i] = words[i] as number;
    this.#begin[id + 1] = from + length;
    this.#hash[id] = hash;
    this.#table[at] = id;
    if (this.#count * 2 > this.#table.length) this.#rehash();
    return id;
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2).fill(-1);
    const mask = table.length - 1;
    for (let id = 0; id < this.#count; id++) {
      let at = (this.#hash[id] as number) & mask;
      while (table[at] !== -1) at = (at + 1) & mask;
      table[at] = id;
    }
    this.#table = table;
  }
}

/** Thrown where a table of the checker cannot grow any more. */
export class NoRoomError extends Error {
  override name = 'NoRoomError';
}

/**
 * A copy of twice the length.
 *
 * @throws {NoRoomError} where there is no memory for it
 */
export function grown(old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const next = words(old.length * 2);
  next.set(old);
  return next;
}

/**
 * So many words, all 0.
 *
 * @throws {NoRoomError} where there is no memory for them
 */
export function words(length: number): Int32Array<ArrayBuffer> {
  try {
    return new Int32Array(length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new NoRoomError(`no memory for ${length} words`);
  }
}
