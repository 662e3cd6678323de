import { hashName } from './name-hash.ts';
import { NameTable } from './name-table.ts';
import { KEYWORDS, SUPERSET_KEYWORDS, T, type Token } from './tokens.ts';

/** The keywords of a dialect, found by the hash of a word. */
export class Keywords {
  readonly #words: NameTable;
  readonly #tokens: Token[] = [];

  constructor(transitional: boolean, superset: boolean) {
    const words: string[] = [];
    this.#words = new NameTable(words, 128);
    const add = (word: string, token: Token): void => {
      this.#tokens.push(token);
      this.#words.set(words.push(word) - 1, hashName(word));
    };
    for (const [word, token] of KEYWORDS) add(word, token);
    if (transitional) add('transitional', T.TRANSITIONAL);
    if (superset) for (const [word, token] of SUPERSET_KEYWORDS) add(word, token);
  }

  /** The token of the word from `start` to `end`, whose hash is given; -1 if it is no keyword. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): Token | -1 {
    const id = this.#words.findBytes(bytes, start, end, hash);
    return id < 0 ? -1 : (this.#tokens[id] as Token);
  }
}
