/** Bytes of words: A-Z, a-z, 0-9 and _. */
const WORD = new Uint8Array(256);
for (let c = 0; c < 128; c++) if (/\w/.test(String.fromCharCode(c))) WORD[c] = 1;

/** Slots for each word: few share one. */
const ROOM = 4;

/** Words that are looked for all at once: a text is gone through once, however many there are. */
export class WordTable {
  /** Bytes of all words, one behind the other, and where each ends. */
  readonly #pool: Buffer;
  readonly #ends: Uint32Array;
  /** Number of a word and one more, at the place of its hash or the next free one. */
  readonly #slots: Uint32Array;
  readonly #mask: number;
  /** The last call that met each word. */
  readonly #met: Uint32Array;
  #call = 0;

  /** Those with bytes that belong to no word are found nowhere. */
  constructor(words: readonly string[]) {
    this.#pool = Buffer.from(words.join(''));
    this.#ends = new Uint32Array(words.length);
    this.#met = new Uint32Array(words.length);
    this.#mask = 2 ** Math.ceil(Math.log2(words.length * ROOM + 1)) - 1;
    this.#slots = new Uint32Array(this.#mask + 1);
    let end = 0;
    for (const [id, word] of words.entries()) {
      let hash = 0;
      const start = end;
      end += Buffer.byteLength(word);
      this.#ends[id] = end;
      for (let at = start; at < end; at++) hash = mixed(hash, this.#pool[at] as number);
      let slot = hash & this.#mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = id + 1;
    }
  }

  /** Numbers of the words that stand in a text, each once. */
  in(bytes: Uint8Array): number[] {
    const found: number[] = [];
    const call = ++this.#call;
    const { length } = bytes;
    for (let at = 0; at < length; at++) {
      let byte = bytes[at] as number;
      if (WORD[byte] === 0) continue;
      const from = at;
      let hash = 0;
      do {
        hash = mixed(hash, byte);
        byte = ++at < length ? (bytes[at] as number) : 0;
      } while (WORD[byte] === 1);
      const id = this.#find(bytes, from, at, hash);
      if (id < 0 || this.#met[id] === call) continue;
      this.#met[id] = call;
      found.push(id);
    }
    return found;
  }

  #find(bytes: Uint8Array, from: number, to: number, hash: number): number {
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const id = (this.#slots[slot] as number) - 1;
      if (id < 0) return -1;
      if (this.#isWord(id, bytes, from, to)) return id;
    }
  }

  #isWord(id: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = id === 0 ? 0 : (this.#ends[id - 1] as number);
    if ((this.#ends[id] as number) - start !== to - from) return false;
    for (let at = from; at < to; at++)
      if (this.#pool[start + at - from] !== bytes[at]) return false;
    return true;
  }
}

/** FNV-1a, its high bits mixed into those that choose a slot. */
function mixed(hash: number, byte: number): number {
  const next = Math.imul(hash ^ byte, 0x01000193);
  return next ^ (next >>> 15);
}
