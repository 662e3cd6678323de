import { el, type Html } from './html.ts';

/**
 * What is said of a cell on hover, on focus and to a screen reader. Cells share most of the lines that
 * are said of them, so each line stands once on the page and cells name theirs in order.
 */
export class Tips {
  readonly #ids = new Map<string, string>();

  /** Ids of the lines of a text, for `aria-describedby`. */
  of(lines: readonly string[]): string {
    return lines.map((line) => this.#idOf(line)).join(' ');
  }

  #idOf(line: string): string {
    const known = this.#ids.get(line);
    if (known !== undefined) return known;
    const id = `tip-${this.#ids.size + 1}`;
    this.#ids.set(line, id);
    return id;
  }

  /** All lines; hidden, which what refers to them may still read. */
  pool(): Html {
    return el(
      'div',
      { hidden: true },
      [...this.#ids].map(([line, id]) => el('p', { id }, line)),
    );
  }
}
