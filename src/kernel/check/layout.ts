import type { Domain, Fields } from './fields.ts';

const WORD = 32;
/** Bits that are given to each number beyond those it takes, where there is room. */
const ROUNDS = 3;

/** Which share of the room in the words is given away; less where words cannot be filled up. */
const SHARES = [1, 0.75, 0.5];

type Bits = Map<Domain, number>;

/** How many bits numbers below `count` take. */
function bitsOf(count: number): number {
  return count <= 1 ? 0 : WORD - Math.clz32(count - 1);
}

/** Places bit fields in words, each where it first fits. */
class Packing {
  readonly used: number[] = [];

  put(bits: number): readonly [word: number, shift: number, mask: number] {
    let word = this.used.findIndex((used) => used + bits <= WORD);
    if (word === -1) word = this.used.push(0) - 1;
    const shift = this.used[word] as number;
    this.used[word] = shift + bits;
    // A field of all bits has no neighbour, so that its shift is 0.
    return [word, shift, bits === WORD ? -1 : (1 << bits) - 1];
  }
}

/**
 * Where in the words of a packed state each part is: first what belongs to no thread, then for each thread as many words, laid out
 * alike, with the number of its frames and its own shared words. A layout never changes; when a number no longer fits there is a new one.
 */
export class Layout {
  /** Words of a state. */
  readonly width: number;
  /** Words before those of the threads. */
  readonly globals: number;
  /** Words of each thread. */
  readonly perThread: number;
  /** Of each field its word, its shift and its mask. */
  readonly word: Int32Array;
  readonly shift: Int32Array;
  readonly mask: Int32Array;
  /** Fields that take any bits. */
  readonly filled: Int32Array;
  /** Word of each thread's number of frames. */
  readonly framesWord: Int32Array;
  readonly framesShift: number;
  readonly framesMask: number;
  /** Bits of a thread's words that name no thread. */
  readonly plain: Int32Array;

  private constructor(fields: Fields, threads: number, frameBits: number, bits: Bits) {
    const { all } = fields;
    const globals = new Packing();
    const own = new Packing();
    const [framesAt, framesShift, framesMask] = own.put(frameBits);
    const kinds: (readonly [number, number, number])[] = [];
    const places = all.map(({ owner, kind, domain }) => {
      const size = bits.get(domain) as number;
      if (owner === -1) return globals.put(size);
      return (kinds[kind] ??= own.put(size));
    });
    this.globals = globals.used.length;
    this.perThread = own.used.length;
    this.width = this.globals + threads * this.perThread;
    const first = (owner: number) => (owner === -1 ? 0 : this.globals + owner * this.perThread);
    this.word = Int32Array.from(all, ({ owner }, i) => first(owner) + (places[i]?.[0] ?? 0));
    this.shift = Int32Array.from(places, (p) => p[1]);
    this.mask = Int32Array.from(places, (p) => p[2]);
    this.filled = Int32Array.from([...all.keys()].filter((f) => this.mask[f] !== 0));
    this.framesWord = Int32Array.from({ length: threads }, (_, t) => first(t) + framesAt);
    this.framesShift = framesShift;
    this.framesMask = framesMask;
    this.plain = new Int32Array(this.perThread).fill(-1);
    all.forEach(({ owner, names }, i) => {
      if (owner !== 0 || names === undefined) return;
      const [word, shift, mask] = places[i] as readonly [number, number, number];
      this.plain[word] = (this.plain[word] as number) & ~(mask << shift);
    });
  }

  /**
   * The layout with the fewest words, and in these as much room for numbers to come as there is.
   *
   * @param frames how many numbers of frames there are
   */
  static roomy(fields: Fields, threads: number, frames: number): Layout {
    const tight: Bits = new Map();
    const own = new Set<Domain>();
    for (const { domain, owner } of fields.all) {
      tight.set(domain, bitsOf(domain.values.length));
      if (owner !== -1) own.add(domain);
    }
    const least = new Layout(fields, threads, bitsOf(frames), tight);
    // What has many values is likeliest to have more.
    const order = [...tight.keys()].sort((a, b) => b.values.length - a.values.length);
    for (const share of SHARES) {
      const bits = new Map(tight);
      let frameBits = bitsOf(frames);
      const spare = (words: number, used: number) => Math.floor((words * WORD - used) * share);
      const sum = (which: boolean) =>
        order.reduce((n, d) => n + (own.has(d) === which ? (tight.get(d) as number) : 0), 0);
      let forThreads = spare(least.perThread, frameBits + sum(true));
      let forGlobals = spare(least.globals, sum(false));
      for (let round = 0; round < ROUNDS; round++) {
        if (forThreads-- > 0) frameBits++;
        for (const domain of order) {
          const room = own.has(domain) ? forThreads-- : forGlobals--;
          if (room > 0) bits.set(domain, (bits.get(domain) as number) + 1);
        }
      }
      const roomy = new Layout(fields, threads, frameBits, bits);
      if (roomy.width === least.width) return roomy;
    }
    return least;
  }

  /** Number of the value of field `f` in the state that begins at `from`. */
  get(state: Int32Array, from: number, f: number): number {
    const word = state[from + (this.word[f] as number)] as number;
    return (word >>> (this.shift[f] as number)) & (this.mask[f] as number);
  }

  set(state: Int32Array, from: number, f: number, value: number): void {
    const at = from + (this.word[f] as number);
    const shift = this.shift[f] as number;
    const mask = (this.mask[f] as number) << shift;
    state[at] = ((state[at] as number) & ~mask) | (value << shift);
  }

  /** Number of the frames of thread `t`. */
  frames(state: Int32Array, from: number, t: number): number {
    const word = state[from + (this.framesWord[t] as number)] as number;
    return (word >>> this.framesShift) & this.framesMask;
  }

  setFrames(state: Int32Array, from: number, t: number, frames: number): void {
    const at = from + (this.framesWord[t] as number);
    const mask = this.framesMask << this.framesShift;
    state[at] = ((state[at] as number) & ~mask) | (frames << this.framesShift);
  }

  /** Whether all numbers given out so far fit. */
  fits(fields: Fields, frames: number): boolean {
    const { mask } = this;
    if (fields.all.length !== mask.length || !within(frames, this.framesMask)) return false;
    return fields.all.every(({ domain }, f) => within(domain.values.length, mask[f] as number));
  }

  /** Writes a state of another layout to `to` in this one. */
  repack(
    fields: Fields,
    old: Layout,
    state: Int32Array,
    from: number,
    to: Int32Array,
    at: number,
  ): void {
    to.fill(0, at, at + this.width);
    const known = old.mask.length;
    const { filled } = this;
    for (let i = 0; i < filled.length; i++) {
      const f = filled[i] as number;
      const value = f < known ? old.get(state, from, f) : (fields.all[f]?.start as number);
      this.set(to, at, f, value);
    }
    for (let t = 0; t < this.framesWord.length; t++) {
      this.setFrames(to, at, t, old.frames(state, from, t));
    }
  }
}

function within(count: number, mask: number): boolean {
  return mask === -1 || count <= mask + 1;
}
