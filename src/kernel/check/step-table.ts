/** Ints of a row: two of the key, three of the result. One row is one or two cache lines, which is what a look-up costs. */
const ROW = 5;

/** What the steps of one thread led to, by the numbers of its frames and of the shared words. Open addressing over rows of one array. */
export class StepTable {
  #rows = new Int32Array(ROW << 12);
  #mask = (1 << 12) - 1;
  #count = 0;

  get bytes(): number {
    return this.#rows.byteLength;
  }

  /** The array that {@link find} and {@link put} give offsets into; good until the next {@link put}. */
  get rows(): Int32Array {
    return this.#rows;
  }

  /** Offset of the three ints of a known result, -1 for a step not taken yet. */
  find(frames: number, shared: number): number {
    const rows = this.#rows;
    for (let slot = hash(frames, shared) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * ROW;
      // Rows hold the number of frames plus one, so that 0 is an empty row.
      const key = rows[at] as number;
      if (key === 0) return -1;
      if (key === frames + 1 && rows[at + 1] === shared) return at + 2;
    }
  }

  /** Adds a result for a step that {@link find} does not know. */
  put(frames: number, shared: number, a: number, b: number, c: number): void {
    if (++this.#count * 3 > (this.#mask + 1) * 2) this.#rehash();
    insert(this.#rows, this.#mask, frames + 1, shared, a, b, c);
  }

  #rehash(): void {
    const old = this.#rows;
    const mask = this.#mask * 2 + 1;
    const rows = new Int32Array((mask + 1) * ROW);
    for (let at = 0; at < old.length; at += ROW) {
      if (old[at] === 0) continue;
      const [key = 0, shared = 0, a = 0, b = 0, c = 0] = old.subarray(at, at + ROW);
      insert(rows, mask, key, shared, a, b, c);
    }
    this.#rows = rows;
    this.#mask = mask;
  }
}

function insert(
  rows: Int32Array,
  mask: number,
  key: number,
  shared: number,
  a: number,
  b: number,
  c: number,
): void {
  let slot = hash(key - 1, shared) & mask;
  while (rows[slot * ROW] !== 0) slot = (slot + 1) & mask;
  const at = slot * ROW;
  rows[at] = key;
  rows[at + 1] = shared;
  rows[at + 2] = a;
  rows[at + 3] = b;
  rows[at + 4] = c;
}

function hash(a: number, b: number): number {
  let h = Math.imul(a ^ 0x2545f491, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h ^= h >>> 15;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 13);
}
