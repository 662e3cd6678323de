/** An element of XML. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

/** What XML 1.0 can hold at all. */
const CHARACTERS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

/** Reads a well-formed document that has elements, attributes in double quotes, text and numeric references; throws on any other. */
export function readXml(text: string): Element {
  if (!CHARACTERS.test(text)) throw new Error('a character that XML cannot hold');
  const head = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(text);
  if (!head) throw new Error('no XML declaration');
  const reader = new Reader(text, head[0].length);
  const root = reader.element();
  if (reader.rest() !== '\n') throw new Error(`after the end: ${reader.rest().slice(0, 40)}`);
  return root;
}

class Reader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  rest(): string {
    return this.#text.slice(this.#at);
  }

  element(): Element {
    const name = this.#take(/<([a-z-]+)/y);
    const attributes: Record<string, string> = {};
    for (
      let found = this.#maybe(/ ([a-z]+)="([^"<]*)"/y);
      found;
      found = this.#maybe(/ ([a-z]+)="([^"<]*)"/y)
    ) {
      const [, key = '', value = ''] = found;
      if (Object.hasOwn(attributes, key)) throw new Error(`${key} is there twice`);
      attributes[key] = decoded(value);
    }
    if (this.#maybe(/\/>/y)) return { name, attributes, children: [], text: '' };
    this.#take(/(>)/y);
    const children: Element[] = [];
    let text = '';
    while (!this.#text.startsWith('</', this.#at)) {
      if (this.#text[this.#at] === '<') children.push(this.element());
      else text += decoded(this.#take(/([^<]+)/y));
    }
    const end = this.#take(/<\/([a-z-]+)>/y);
    if (end !== name) throw new Error(`<${name}> ends with </${end}>`);
    return { name, attributes, children, text };
  }

  #maybe(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at += found[0].length;
    return found;
  }

  #take(pattern: RegExp): string {
    const found = this.#maybe(pattern);
    if (!found) throw new Error(`not well-formed: ${this.rest().slice(0, 40)}`);
    return found[1] ?? '';
  }
}

function decoded(text: string): string {
  if (/&(?!#\d+;)/.test(text)) throw new Error(`a bare ampersand: ${text}`);
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}
