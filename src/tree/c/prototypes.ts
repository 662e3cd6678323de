import type { Declared, Segment, Tagged } from './declared.ts';
import { parsable } from './parsable.ts';
import type { SyntaxNode, SyntaxParser } from './parser.ts';
import { type Shape, shapeOf } from './prototype.ts';

/** Names the grammar takes for words of the language, and does not know where they are declared. */
const WORDS_OF_GRAMMAR =
  /^(?:s?size_t|ptrdiff_t|u?intptr_t|charptr_t|nullptr_t|max_align_t|(?:u?int|char)(?:8|16|32|64)_t)$/;

/** Stands for such a name there. */
const ANY_NAME = '__declared';

/** The types of functions, members and typedefs of a unit with their parameters, each read when it is first asked for. */
export class Prototypes {
  readonly #declared: Declared;
  readonly #parser: SyntaxParser;
  readonly #typedefs = new Map<string, Shape | undefined>();
  readonly #functions = new Map<string, Shape | undefined>();
  readonly #variables = new Map<string, Shape | undefined>();
  readonly #members = new Map<Tagged | Segment, ReadonlyMap<string, Shape>>();

  constructor(declared: Declared, parser: SyntaxParser) {
    this.#declared = declared;
    this.#parser = parser;
  }

  /** The type a typedef names. */
  readonly typedef = (name: string): Shape | undefined => {
    if (!this.#typedefs.has(name)) {
      // One that names itself is of no known type.
      this.#typedefs.set(name, undefined);
      this.#typedefs.set(name, this.#typedefOf(name));
    }
    return this.#typedefs.get(name);
  };

  /** The type of a function the unit declares; undefined if there is none, or the grammar cannot read it. */
  function(name: string): Shape | undefined {
    if (!this.#functions.has(name)) {
      const segment = this.#declared.functions.get(name);
      this.#functions.set(name, segment && this.of(segment));
    }
    return this.#functions.get(name);
  }

  /** The type of a variable the unit declares. */
  variable(name: string): Shape | undefined {
    if (!this.#variables.has(name)) {
      const segment = this.#declared.variables.get(name);
      this.#variables.set(name, segment && this.#variableOf(segment));
    }
    return this.#variables.get(name);
  }

  /**
   * The type of a member of `struct x`, or of a typedef of a struct without a name. Members of one without a name within it
   * are its own, or are named by the way: `inner.walk`.
   */
  member(key: string, way: string): Shape | undefined {
    const tagged = this.#declared.tags.get(key) ?? this.#declared.typedefs.get(key);
    if (!tagged || ('keyword' in tagged && tagged.keyword === 'enum')) return undefined;
    let members = this.#members.get(tagged);
    if (!members) {
      const to = 'close' in tagged ? tagged.close + 1 : tagged.to;
      members = this.#membersOf(parsable(this.#declared, tagged.from, to));
      this.#members.set(tagged, members);
    }
    return members.get(way);
  }

  #variableOf({ name, from, to }: Segment): Shape | undefined {
    let end = from;
    while (end < to - 1 && this.#declared.text(end) !== '=') end++;
    return this.#parser.with(`${bare(parsable(this.#declared, from, end))};`, (root) => {
      const node = root.namedChildren[0];
      if (node?.type !== 'declaration' || node.hasError) return undefined;
      const own = node
        .childrenForFieldName('declarator')
        .find((one) => one !== null && nameIn(one) === name);
      return own ? shapeOf(node, own, this.typedef) : undefined;
    });
  }

  /** The type one declaration of a function gives it. */
  of({ name, from, body, to }: Segment): Shape | undefined {
    const text = parsable(this.#declared, from, body?.[0] ?? to - 1);
    return this.#parser.with(`${bare(text)};`, (root) => {
      const node = root.namedChildren[0];
      const own = node?.childForFieldName('declarator');
      if (node?.type !== 'declaration' || !own || node.hasError) return undefined;
      return nameIn(own) === name ? shapeOf(node, own, this.typedef) : undefined;
    });
  }

  #typedefOf(name: string): Shape | undefined {
    const segment = this.#declared.typedefs.get(name);
    if (!segment) return undefined;
    const written = parsable(this.#declared, segment.from, segment.to);
    const isWord = WORDS_OF_GRAMMAR.test(name);
    const text = isWord ? written.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), ANY_NAME) : written;
    return this.#parser.with(/\{/.test(text) ? text : bare(text), (root) => {
      const node = root.namedChildren[0];
      if (node?.type !== 'type_definition') return undefined;
      for (const one of node.childrenForFieldName('declarator')) {
        if (!one || nameIn(one) !== (isWord ? ANY_NAME : name)) continue;
        const type = node.childForFieldName('type');
        const unnamed = type?.childForFieldName('body') && !type.childForFieldName('name');
        if (unnamed && one.type === 'type_identifier') {
          return { is: type?.type === 'enum_specifier' ? 'enum' : 'named', name };
        }
        return node.hasError && !unnamed ? undefined : shapeOf(node, one, this.typedef);
      }
      return undefined;
    });
  }

  #membersOf(text: string): ReadonlyMap<string, Shape> {
    return this.#parser.with(`${text} ;`, (root) => {
      const found = new Map<string, Shape>();
      const outer = root.descendantsOfType(['struct_specifier', 'union_specifier'])[0];
      const bodies = [{ body: outer?.childForFieldName('body'), way: '' }];
      for (let at = bodies.pop(); at; at = bodies.pop()) {
        for (const node of at.body?.namedChildren ?? []) {
          if (node?.type !== 'field_declaration' || node.hasError) continue;
          const declarators = node.childrenForFieldName('declarator');
          const type = node.childForFieldName('type');
          const body = type?.childForFieldName('name') ? null : type?.childForFieldName('body');
          if (declarators.length === 0) {
            bodies.push({ body: type?.childForFieldName('body'), way: at.way });
          }
          for (const one of declarators) {
            const name = one && nameIn(one);
            if (!name) continue;
            found.set(at.way + name, shapeOf(node, one, this.typedef));
            if (body) bodies.push({ body, way: `${at.way}${name}.` });
          }
        }
      }
      return found;
    });
  }
}

/** Without what says nothing of a type. */
function bare(text: string): string {
  return text
    .replace(/__attribute__ \(\( (?:(?!__attribute__)[^{};])* \)\)/g, ' ')
    .replace(/\b(?:static|extern|inline|__inline__|__inline|_Noreturn|asmlinkage)\b/g, ' ')
    .trim();
}

/** The name a declarator declares. */
function nameIn(node: SyntaxNode): string | undefined {
  for (let at: SyntaxNode | null = node; at; ) {
    if (/identifier$/.test(at.type)) return at.text;
    at =
      at.childForFieldName('declarator') ??
      at.namedChildren.find((one) => one !== null && /declarator$|identifier$/.test(one.type)) ??
      null;
  }
  return undefined;
}
