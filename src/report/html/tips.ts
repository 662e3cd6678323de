import { el, type Html } from './html.ts';

/**
 * What is said of a cell on hover, on focus and to a screen reader. Most cells share what is said of
 * them, so each text stands once on the page and cells refer to it.
 */
export class Tips {
  readonly #ids = new Map<string, string>();

  /** Id of a text of several lines, for `aria-describedby`. */
  of(lines: readonly string[]): string {
    const key = JSON.stringify(lines);
    const id = this.#ids.get(key) ?? `tip-${this.#ids.size + 1}`;
    this.#ids.set(key, id);
    return id;
  }

  /** All texts; hidden, which what refers to them may still read. */
  pool(): Html {
    const texts = [...this.#ids].map(([key, id]) =>
      el(
        'div',
        { id },
        (JSON.parse(key) as string[]).map((line) => el('p', {}, line)),
      ),
    );
    return el('div', { hidden: true }, texts);
  }
}
