import type { Token } from './tokens.ts';

/** What may stand before a macro's call in a declaration that the macro makes. */
const BEFORE = /^(?:static|extern|const|inline|__inline|volatile|noinline|__\w+)$/;

/** Is a name written as those of macros are: in capitals, or beginning with two underscores. */
export function isShouted(name: string): boolean {
  return /^(?:_*[A-Z][A-Z0-9_]*|__\w+)$/.test(name);
}

/** Follows the tokens of a file to where its declarations begin. */
export class FileScope {
  #braces = 0;
  #parens = 0;
  /** All since the last declaration are words that may stand before one, or calls. */
  #begins = true;
  /** What a variable begins with is being told. */
  #isValue = false;

  /** May a name that comes next be that of a macro which makes a declaration, or the name of one. */
  mayBegin(name: string): boolean {
    return (
      this.#braces === 0 &&
      this.#parens === 0 &&
      !this.#isValue &&
      (this.#begins || isShouted(name))
    );
  }

  /** Go on behind a token. */
  take({ text, kind }: Token): void {
    if (text === '{') this.#braces++;
    else if (text === '}') this.#braces = Math.max(0, this.#braces - 1);
    if (this.#braces > 0) return;
    if (text === '(') this.#parens++;
    else if (text === ')') this.#parens = Math.max(0, this.#parens - 1);
    if (this.#parens > 0) return;
    if (text === '=') this.#isValue = true;
    else if (text === ';') this.#isValue = false;
    if (text === ';' || text === '}' || text === ')') this.#begins = true;
    else if (kind !== 'name' || !BEFORE.test(text)) this.#begins = false;
  }
}
