import type { Unit } from '../preprocess/unit.ts';
import type { Place } from './observe.ts';

/** Where in the file that is checked tokens of the unit were written; of those that macros made, where the macro stands. */
export class Places {
  readonly #unit: Unit;
  readonly #written: ReadonlyMap<string, string>;
  readonly #columns = new Map<string, number>();

  constructor(unit: Unit) {
    this.#unit = unit;
    this.#written = new Map(
      unit.written.map(({ token }) => [`${token.line}:${token.column}`, token.text]),
    );
    for (const { token } of unit.written) {
      const key = `${token.line} ${token.text}`;
      if (!this.#columns.has(key)) this.#columns.set(key, token.column);
    }
  }

  /** Does a token stand in the file itself, not in what a macro stands for. */
  isWritten(at: number): boolean {
    const { token, macro, line } = this.#unit.tokens[at] as Unit['tokens'][number];
    if (macro === undefined) return true;
    if (token.line < line) return false;
    return this.#written.get(`${token.line}:${token.column}`) === token.text;
  }

  of(at: number): Place {
    const { token, macro, line } = this.#unit.tokens[at] as Unit['tokens'][number];
    if (this.isWritten(at)) return { line: token.line, column: token.column };
    return { line, column: this.#columns.get(`${line} ${macro}`) ?? 1 };
  }
}
