import { type AccessKind, READ } from '../model/index.ts';

/**
 * Which words threads touch, and under which locks, learned while states are explored.
 *
 * A step is *local* when every word it touches is used by its thread alone, is never written, or is only touched by holders of one
 * lock that keeps writers apart. A local step commutes with every step other threads can take until the lock is dropped, so it needs
 * no interleaving of its own. What is local is a guess until the exploration has ended: a word that breaks it is marked *racy* and the
 * exploration starts again. When one ends without such a word the guess was right: on the shortest schedule to a first touch that
 * breaks it all local steps before could be moved together as the reduced exploration does, so that one would have come by it.
 */
export class WatchedWords {
  /** Words whose accesses are interleaved. */
  readonly racy: Uint8Array;
  /** Words found to be racy since {@link restart}. */
  fresh = 0;
  readonly #first: Int8Array;
  readonly #many: Uint8Array;
  readonly #written: Uint8Array;
  readonly #guards: Uint8Array;

  constructor(words: number) {
    this.racy = new Uint8Array(words);
    this.#first = new Int8Array(words);
    this.#many = new Uint8Array(words);
    this.#written = new Uint8Array(words);
    this.#guards = new Uint8Array(words).fill(0xff);
  }

  /** Forgets who touched what; racy words stay so. */
  restart(): void {
    this.fresh = 0;
    this.#first.fill(0);
    this.#many.fill(0);
    this.#written.fill(0);
    this.#guards.fill(0xff);
  }

  /** Marks every word racy: each access is interleaved. */
  distrust(): void {
    this.racy.fill(1);
  }

  /**
   * Notes an access.
   *
   * @param shared locks the thread holds for reading or writing, one bit each
   * @param exclusive those it holds for writing
   */
  touch(address: number, kind: AccessKind, tid: number, shared: number, exclusive: number): void {
    const first = this.#first[address] as number;
    if (first === 0) this.#first[address] = tid + 1;
    else if (first !== tid + 1) this.#many[address] = 1;
    if (kind !== READ) this.#written[address] = 1;
    const guards = (this.#guards[address] as number) & (kind === READ ? shared : exclusive);
    this.#guards[address] = guards;
    if (guards !== 0 || this.racy[address] === 1) return;
    if (this.#many[address] === 1 && this.#written[address] === 1) {
      this.racy[address] = 1;
      this.fresh++;
    }
  }
}
