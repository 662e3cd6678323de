import { arranged, type HitRows, namesIn } from './hits-of-files.ts';

/** Names shorter than this on average need no further room. */
const NAME_BYTES = 24;

/**
 * Mentions of options, one in each row. Names are told apart by their bytes, so that no text is made for a mention;
 * there are a tenth as many names as mentions.
 */
export class HitTable {
  length = 0;
  #name = new Uint32Array(1 << 8);
  #offset = new Uint32Array(1 << 8);
  #kind = new Uint8Array(1 << 8);
  /** Bytes of all names, one behind the other, and where each ends. */
  #pool = Buffer.allocUnsafe(NAME_BYTES << 7);
  #ends = new Uint32Array(1 << 7);
  #hashes = new Int32Array(1 << 7);
  #names = 0;
  /** Number of a name and one more, at the place of its hash or the next free one. */
  #slots = new Uint32Array(1 << 8);

  /** Add a mention; its name are the bytes from `from` to `to`, which are ASCII. */
  add(bytes: Buffer, from: number, to: number, offset: number, kind: number): void {
    const row = this.length;
    if (row === this.#name.length) this.#growRows();
    this.#name[row] = this.#idOf(bytes, from, to);
    this.#offset[row] = offset;
    this.#kind[row] = kind;
    this.length = row + 1;
  }

  /** Forget the rows from a number on. Names that only they had stay. */
  cut(length: number): void {
    this.length = length;
  }

  /** Put the rows from a number on in the order of their offsets, without those at some of them. */
  arrange(from: number, without: ReadonlySet<number>): void {
    const { length } = this;
    this.length = arranged(
      {
        name: this.#name.subarray(0, length),
        offset: this.#offset.subarray(0, length),
        kind: this.#kind.subarray(0, length),
      },
      from,
      without,
    );
  }

  rows(): HitRows {
    const names = namesIn(this.#pool, this.#ends.subarray(0, this.#names));
    const { length } = this;
    return {
      names,
      name: this.#name.slice(0, length),
      offset: this.#offset.slice(0, length),
      kind: this.#kind.slice(0, length),
    };
  }

  #idOf(bytes: Buffer, from: number, to: number): number {
    let hash = to - from;
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = (this.#slots[slot] as number) - 1;
      if (id < 0) return this.#newName(bytes, from, to, hash, slot);
      if (this.#hashes[id] === hash && this.#isName(id, bytes, from, to)) return id;
    }
  }

  #isName(id: number, bytes: Buffer, from: number, to: number): boolean {
    const start = id === 0 ? 0 : (this.#ends[id - 1] as number);
    if ((this.#ends[id] as number) - start !== to - from) return false;
    for (let i = from; i < to; i++) if (this.#pool[start + i - from] !== bytes[i]) return false;
    return true;
  }

  #newName(bytes: Buffer, from: number, to: number, hash: number, slot: number): number {
    const id = this.#names++;
    const start = id === 0 ? 0 : (this.#ends[id - 1] as number);
    const end = start + to - from;
    if (end > this.#pool.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, this.#pool.length * 2));
      this.#pool.copy(larger, 0, 0, start);
      this.#pool = larger;
    }
    // Names are too short for a call to copy them.
    for (let at = from; at < to; at++) this.#pool[start + at - from] = bytes[at] as number;
    if (id === this.#ends.length) {
      this.#ends = grown(this.#ends, new Uint32Array(id * 2));
      this.#hashes = grown(this.#hashes, new Int32Array(id * 2));
    }
    this.#ends[id] = end;
    this.#hashes[id] = hash;
    this.#slots[slot] = id + 1;
    if (this.#names * 2 > this.#slots.length) this.#growSlots();
    return id;
  }

  #growSlots(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.#names; id++) {
      let slot = (this.#hashes[id] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }

  #growRows(): void {
    const room = this.length * 2;
    this.#name = grown(this.#name, new Uint32Array(room));
    this.#offset = grown(this.#offset, new Uint32Array(room));
    this.#kind = grown(this.#kind, new Uint8Array(room));
  }
}

/** A table with more room. */
export function grown<T extends Uint32Array | Int32Array | Uint8Array | Float64Array>(
  old: T,
  to: T,
): T {
  to.set(old);
  return to;
}
