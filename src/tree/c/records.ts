import type { Declared, Tagged } from './declared.ts';
import { parsable } from './parsable.ts';
import type { SyntaxParser } from './parser.ts';
import {
  type Attributes,
  attributesIn,
  baseType,
  type CType,
  declarator,
  qualified,
  type RecordType,
  recordOf,
} from './types.ts';

/** How deep typedefs may name each other. */
const DEPTH = 40;

/** The types of a unit, each parsed when it is first asked for. */
export class Types {
  readonly declared: Declared;
  readonly #parser: SyntaxParser;
  readonly #records = new Map<Tagged, RecordType | undefined>();
  readonly #typedefs = new Map<string, { type: CType; attributes: Attributes } | undefined>();
  /** By name, what could not be read. */
  readonly unread = new Map<string, string>();

  constructor(declared: Declared, parser: SyntaxParser) {
    this.declared = declared;
    this.#parser = parser;
  }

  /** The members of `struct x` or `union x`; undefined where it is declared only, or not at all. */
  record(key: string): RecordType | undefined {
    const tagged = this.declared.tags.get(key);
    if (!tagged || tagged.keyword === 'enum') return undefined;
    if (!this.#records.has(tagged)) {
      const text = parsable(this.declared, tagged.from, this.#endOf(tagged));
      const found = this.#parser.with(`${text} ;`, recordOf);
      for (const error of found?.errors ?? []) this.unread.set(key, error);
      this.#records.set(tagged, found);
    }
    return this.#records.get(tagged);
  }

  /** The type a typedef names, and its attributes; undefined if there is no such. */
  typedef(name: string): { type: CType; attributes: Attributes } | undefined {
    if (!this.#typedefs.has(name)) this.#typedefs.set(name, this.#typedefOf(name));
    return this.#typedefs.get(name);
  }

  #typedefOf(name: string): { type: CType; attributes: Attributes } | undefined {
    const segment = this.declared.typedefs.get(name);
    if (!segment) return undefined;
    const text = parsable(this.declared, segment.from, segment.to);
    // The grammar has attributes of a typedef in one place only.
    const bare = text.replace(/__attribute__ \(\( (?:(?!__attribute__)[^{};])* \)\)/g, '');
    const type = this.#parser.with(/\{/.test(text) ? text : bare, (root) => {
      const node = root.namedChildren[0];
      if (node?.hasError || node?.type !== 'type_definition') return undefined;
      const own = node
        .childrenForFieldName('declarator')
        .flatMap((one) => (one ? [declarator(one, baseType(node))] : []))
        .find((one) => one.name === name);
      return own?.type;
    });
    if (!type) {
      this.unread.set(name, text.slice(0, 200));
      return undefined;
    }
    const outer = text.slice(text.lastIndexOf('}') + 1);
    return { type, attributes: attributesIn(outer) };
  }

  /** A type of a text, as `sizeof` and casts have it. */
  parse(text: string): CType | undefined {
    return this.#parser.with(`int x = sizeof(${text});`, (root) => {
      const node = root.descendantsOfType('type_descriptor')[0];
      if (!node) return undefined;
      const inner = node.childForFieldName('declarator');
      return inner ? declarator(inner, baseType(node)).type : baseType(node);
    });
  }

  /** A type with its typedefs looked through. */
  plain(type: CType): CType {
    let now = type;
    for (let i = 0; i < DEPTH && now.is === 'typedef'; i++) {
      const next = this.typedef(now.name)?.type;
      if (!next) return now;
      now = qualified(next, now);
    }
    return now;
  }

  /** Attributes behind the brace belong to the type. */
  #endOf({ close }: Tagged): number {
    let end = close + 1;
    while (/^__attribute(?:__)?$/.test(this.declared.text(end))) {
      const to = this.declared.closing(end + 1);
      if (to < 0) break;
      end = to + 1;
    }
    return end;
  }
}
