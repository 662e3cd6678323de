import type { Fields } from './fields.ts';
import { grown, NoRoomError, words } from './interner.ts';
import type { Layout } from './layout.ts';

/** States looked up together: long enough for the memory to work on many at a time, short enough to stay near. */
const BATCH = 1 << 10;

/**
 * The set of states seen: packed states in one arena, found through an open-addressing table of their indices.
 * States keep the order they were added in, which makes the arena the queue of a breadth-first search, too.
 *
 * They are added in batches: a look-up waits for memory twice, and those of a batch wait together.
 */
export class StateTable {
  width: number;
  /** State i from `i * width` on. */
  arena: Int32Array<ArrayBuffer>;
  /** State each was first reached from, -1 for the initial one. */
  parent: Int32Array<ArrayBuffer>;
  /** Thread that stepped there. */
  via: Uint8Array<ArrayBuffer>;
  /** States of the batch; the next is written at {@link next}. */
  batch: Int32Array<ArrayBuffer>;
  /**
   * 0 for nothing, else in the low bits the number of a state plus one, above them as many bits of its hash as there is room for: most that are
   * not looked for are known by them.
   */
  #table: Int32Array<ArrayBuffer>;
  #bits: number;
  readonly #mostBytes: number;
  #count = 0;
  #pending = 0;
  readonly #hashes = new Int32Array(BATCH);
  readonly #from = new Int32Array(BATCH);
  readonly #by = new Int32Array(BATCH);
  /** Keeps look-ahead from being optimised away. */
  touched = 0;

  /**
   * @param mostBytes bytes it may take, also while it grows
   * @param bits the table begins with room for a power of two
   */
  constructor(width: number, mostBytes = Number.POSITIVE_INFINITY, bits = 14) {
    this.width = width;
    this.#mostBytes = mostBytes;
    this.#bits = bits;
    const room = 1 << (bits - 1);
    this.arena = new Int32Array(room * width);
    this.parent = new Int32Array(room);
    this.via = new Uint8Array(room);
    this.batch = new Int32Array(BATCH * width);
    this.#table = new Int32Array(1 << bits);
  }

  get size(): number {
    return this.#count;
  }

  get bytes(): number {
    return (
      this.arena.byteLength + this.parent.byteLength + this.via.byteLength + this.#table.byteLength
    );
  }

  /** Offset in {@link batch} of the next state. */
  get next(): number {
    return this.#pending * this.width;
  }

  /** Ends the state at {@link next}: it was reached from `parent` by a step of thread `via`. Gives whether the batch is full. */
  push(parent: number, via: number): boolean {
    const i = this.#pending++;
    this.#from[i] = parent;
    this.#by[i] = via;
    return this.#pending === BATCH;
  }

  /**
   * Adds the states of the batch, in order, and empties it.
   *
   * @param most add no more than so many states in all, and one
   * @param seen is told of each its parent, the thread, and the index it has now or had before
   * @returns whether all were added
   * @throws {NoRoomError}
   */
  flush(most: number, seen?: (parent: number, via: number, to: number) => void): boolean {
    const n = this.#pending;
    const { width, batch } = this;
    this.#pending = 0;
    this.#reserve(this.#count + n);
    this.#lookAhead(n);
    const table = this.#table;
    const mask = table.length - 1;
    const bits = this.#bits;
    for (let i = 0; i < n; i++) {
      const hash = this.#hashes[i] as number;
      const id = this.#find(batch, i * width, hash);
      const parent = this.#from[i] as number;
      const via = this.#by[i] as number;
      if (id >= 0) {
        seen?.(parent, via, id);
        continue;
      }
      const now = this.#count++;
      const from = i * width;
      const to = now * width;
      for (let w = 0; w < width; w++) this.arena[to + w] = batch[from + w] as number;
      this.parent[now] = parent;
      this.via[now] = via;
      table[~id & mask] = (now + 1) | tagOf(hash, bits);
      if (this.#count > most) return false;
      seen?.(parent, via, now);
    }
    return true;
  }

  /** Asks memory for what the look-ups of a batch will need. */
  #lookAhead(n: number): void {
    const { width, batch, arena } = this;
    const hashes = this.#hashes;
    for (let i = 0; i < n; i++) hashes[i] = hashOf(batch, i * width, width);
    const table = this.#table;
    const mask = table.length - 1;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const id = (table[(hashes[i] as number) & mask] as number) & mask;
      if (id !== 0) sum ^= arena[(id - 1) * width] as number;
    }
    this.touched = sum;
  }

  /** Index of a state, or `~slot` where it would be. */
  #find(state: Int32Array, from: number, hash: number): number {
    const { width, arena } = this;
    const table = this.#table;
    const mask = table.length - 1;
    const tag = tagOf(hash, this.#bits);
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const entry = table[at] as number;
      if (entry === 0) return ~at;
      if ((entry & ~mask) !== tag) continue;
      const id = (entry & mask) - 1;
      const there = id * width;
      let w = 0;
      while (w < width && arena[there + w] === state[from + w]) w++;
      if (w === width) return id;
    }
  }

  /** Index of a state, -1 when it has not been seen. */
  indexOf(state: Int32Array): number {
    return Math.max(-1, this.#find(state, 0, hashOf(state, 0, this.width)));
  }

  /** @throws {NoRoomError} if so many bytes more are too many */
  #ask(bytes: number): void {
    if (this.bytes + bytes > this.#mostBytes)
      throw new NoRoomError('the states take too much memory');
  }

  /** Makes room for so many states. */
  #reserve(count: number): void {
    while (count > this.parent.length) {
      this.#ask(2 * this.arena.byteLength + 2 * this.parent.byteLength);
      this.arena = grown(this.arena);
      this.parent = grown(this.parent);
      const via = new Uint8Array(this.via.length * 2);
      via.set(this.via);
      this.via = via;
    }
    if (count * 3 <= this.#table.length * 2) return;
    // Small tables grow in longer steps: each has all states looked up again.
    const bits = this.#bits + (this.#bits < 24 ? 2 : 1);
    this.#ask(4 * 2 ** bits);
    this.#table = words(2 ** bits);
    this.#bits = bits;
    this.#index();
  }

  #index(): void {
    const table = this.#table;
    const mask = table.length - 1;
    for (let id = 0; id < this.#count; id++) {
      const hash = hashOf(this.arena, id * this.width, this.width);
      let at = hash & mask;
      while (table[at] !== 0) at = (at + 1) & mask;
      table[at] = (id + 1) | tagOf(hash, this.#bits);
    }
  }

  /** Lays all states out anew. The batch must be empty. */
  repack(fields: Fields, now: Layout, before: Layout): void {
    this.#ask(4 * this.parent.length * now.width);
    const arena = words(this.parent.length * now.width);
    for (let id = 0; id < this.#count; id++) {
      now.repack(fields, before, this.arena, id * before.width, arena, id * now.width);
    }
    this.arena = arena;
    this.width = now.width;
    this.batch = new Int32Array(BATCH * now.width);
    this.#table.fill(0);
    this.#index();
  }
}

function hashOf(state: Int32Array, from: number, width: number): number {
  let h = 0x2545f491;
  for (let i = 0; i < width; i++) {
    h = Math.imul(h ^ (state[from + i] as number), 0x9e3779b1);
    h ^= h >>> 15;
  }
  h = Math.imul(h, 0x85ebca6b);
  return h ^ (h >>> 13);
}

/** The bits of a hash that do not choose its slot, where an entry has room for them. */
function tagOf(hash: number, bits: number): number {
  return hash & -(1 << bits);
}
