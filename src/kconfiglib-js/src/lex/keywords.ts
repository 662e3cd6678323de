import { hashName, isName } from './name-hash.ts';
import { KEYWORDS, SUPERSET_KEYWORDS, T, type Token } from './tokens.ts';

const SLOTS = 256;

/** The keywords of a dialect, found by the hash of a word. */
export class Keywords {
  readonly #spelling: string[] = new Array<string>(SLOTS).fill('');
  readonly #token = new Uint8Array(SLOTS);

  constructor(transitional: boolean, superset: boolean) {
    for (const [word, token] of KEYWORDS) this.#add(word, token);
    if (transitional) this.#add('transitional', T.TRANSITIONAL);
    if (superset) for (const [word, token] of SUPERSET_KEYWORDS) this.#add(word, token);
  }

  /** The token of the word from `start` to `end`, whose hash is given; -1 if it is no keyword. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): Token | -1 {
    for (let slot = slotOf(hash); this.#token[slot] !== 0; slot = (slot + 1) % SLOTS) {
      const word = this.#spelling[slot] as string;
      if (isName(word, bytes, start, end)) return this.#token[slot] as Token;
    }
    return -1;
  }

  #add(word: string, token: Token): void {
    let slot = slotOf(hashName(word));
    while (this.#token[slot] !== 0) slot = (slot + 1) % SLOTS;
    this.#spelling[slot] = word;
    this.#token[slot] = token;
  }
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}
