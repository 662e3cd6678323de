import { UNNAMED } from './parsable.ts';
import type { SyntaxNode } from './parser.ts';

/** What `__attribute__` says of a layout. */
export interface Attributes {
  readonly packed: boolean;
  /** Expressions of `aligned(…)`; '' where it has none and the largest alignment is meant. */
  readonly aligned: readonly string[];
  /** `mode(…)`, `__vector_size__(…)`: a type of another size than its words say. */
  readonly strange: string | undefined;
  /** The members are shuffled by the build. */
  readonly randomized: boolean;
}

/** What may not be written, and what may change by itself; of an array its elements are. */
export interface Qualifiers {
  readonly const?: boolean;
  readonly volatile?: boolean;
}

/** A type as declarations write it. */
export type CType = Qualifiers & Unqualified;

type Unqualified =
  | { readonly is: 'base'; readonly name: string }
  | { readonly is: 'typedef'; readonly name: string }
  /** `struct x`, `union x`, `enum x`. */
  | { readonly is: 'tag'; readonly key: string }
  | { readonly is: 'record'; readonly record: RecordType }
  | { readonly is: 'enum'; readonly values: readonly string[]; readonly attributes: Attributes }
  | { readonly is: 'pointer'; readonly to: CType }
  | { readonly is: 'array'; readonly of: CType; readonly count: string | undefined }
  | { readonly is: 'function'; readonly gives: CType; readonly takes?: Takes | undefined }
  | { readonly is: 'unknown'; readonly text: string };

/** How many arguments a function takes. */
export interface Takes {
  readonly count: number;
  /** More may follow. */
  readonly variadic: boolean;
  /** Those it has a type for; undefined where that was not read. */
  readonly types: readonly (CType | undefined)[];
}

/** A struct or union with its members. */
export interface RecordType {
  readonly keyword: 'struct' | 'union';
  readonly members: readonly Member[];
  readonly attributes: Attributes;
  /** Parts the grammar could not read. */
  readonly errors: readonly string[];
}

/** A member of a struct or union as it is declared. */
export interface Member {
  /** Undefined for a struct or union whose members are those of the outer one, and for a bit field that pads. */
  readonly name: string | undefined;
  readonly type: CType;
  /** Width of a bit field, an expression. */
  readonly bits: string | undefined;
  readonly attributes: Attributes;
}

const NONE: Attributes = { packed: false, aligned: [], strange: undefined, randomized: false };

/** The struct or union at the head of a syntax tree; undefined if there is none. */
export function recordOf(root: SyntaxNode): RecordType | undefined {
  const node = root.descendantsOfType(['struct_specifier', 'union_specifier'])[0];
  return node?.childForFieldName('body') ? record(node) : undefined;
}

function record(node: SyntaxNode): RecordType {
  const body = node.childForFieldName('body') as SyntaxNode;
  const errors: string[] = [];
  const members: Member[] = [];
  for (const child of body.namedChildren) {
    if (!child) continue;
    if (child.hasError) errors.push(child.text.slice(0, 200));
    else if (child.type === 'field_declaration') members.push(...membersOf(child));
  }
  const keyword = node.type === 'struct_specifier' ? 'struct' : 'union';
  return { keyword, members, attributes: attributesOf(node), errors };
}

function membersOf(node: SyntaxNode): Member[] {
  const type = baseType(node);
  const attributes = attributesOf(node);
  const declarators = node.childrenForFieldName('declarator').filter((one) => one !== null);
  const widths = node.namedChildren.filter((one) => one?.type === 'bitfield_clause');
  if (declarators.length === 0) return [{ name: undefined, type, bits: undefined, attributes }];
  return declarators.map((one) => {
    const width = widths.find(
      (clause) =>
        clause !== null &&
        clause.startIndex >= one.endIndex &&
        !declarators.some(
          (other) => other.startIndex > one.startIndex && other.startIndex < clause.startIndex,
        ),
    );
    const { name, type: own, attributes: more } = declarator(one, type);
    return {
      name: name === UNNAMED ? undefined : name,
      type: own,
      bits: width?.namedChildren[0]?.text,
      attributes: joined(attributes, more),
    };
  });
}

/** A type that is of other qualifiers, too. */
export function qualified(type: CType, more: Qualifiers): CType {
  const isNew = (more.const && !type.const) || (more.volatile && !type.volatile);
  // There is no function that is const.
  if (!isNew || type.is === 'function') return type;
  if (type.is === 'array') return { ...type, of: qualified(type.of, more) };
  return {
    ...type,
    ...((type.const || more.const) && { const: true }),
    ...((type.volatile || more.volatile) && { volatile: true }),
  };
}

/** A type as its values have it. */
export function unqualified(type: CType): CType {
  if (!type.const && !type.volatile) return type;
  const { const: _const, volatile: _volatile, ...bare } = type;
  return bare;
}

/** Which qualifiers are among the words of a declaration. */
export function qualifiersIn(words: Iterable<string>): Qualifiers {
  const all = [...words];
  const has = (word: string): boolean =>
    all.some((one) => one === word || one === `__${word}` || one === `__${word}__`);
  return {
    ...(has('const') && { const: true }),
    ...(has('volatile') && { volatile: true }),
  };
}

function qualifiersOf(node: SyntaxNode): Qualifiers {
  return qualifiersIn(
    node.namedChildren.flatMap((one) => (one?.type === 'type_qualifier' ? [one.text] : [])),
  );
}

/** The type before the declarators. */
export function baseType(node: SyntaxNode): CType {
  return qualified(bareType(node), qualifiersOf(node));
}

function bareType(node: SyntaxNode): CType {
  const type = node.childForFieldName('type');
  if (!type) return { is: 'unknown', text: node.text };
  switch (type.type) {
    case 'struct_specifier':
    case 'union_specifier': {
      if (type.childForFieldName('body')) return { is: 'record', record: record(type) };
      const name = type.childForFieldName('name')?.text ?? '';
      return { is: 'tag', key: `${type.type.slice(0, -'_specifier'.length)} ${name}` };
    }
    case 'enum_specifier': {
      const body = type.childForFieldName('body');
      if (!body) return { is: 'tag', key: `enum ${type.childForFieldName('name')?.text ?? ''}` };
      return { is: 'enum', values: [], attributes: attributesOf(type) };
    }
    case 'type_identifier':
    case 'primitive_type':
    case 'sized_type_specifier':
      return named(type.text);
    default:
      return { is: 'unknown', text: type.text };
  }
}

/** Names the grammar takes for those of the language may be typedefs of the kernel. */
function named(text: string): CType {
  const name = text.replace(/\s+/g, ' ').trim();
  const words = name.split(' ').filter((word) => !/^(?:const|volatile)$/.test(word));
  const own = words.filter(
    (word) =>
      !/^(?:unsigned|signed|long|short|int|char|float|double|void|_Bool|__int128)$/.test(word),
  );
  return own.length === 1 && words.length === 1
    ? { is: 'typedef', name: own[0] as string }
    : { is: 'base', name: words.join(' ') };
}

/** Declarators within declarators; what is deeper is not told. */
export const DECLARATORS = 100;

/** A declarator around its base type: name, and the type it makes of it. */
export function declarator(
  node: SyntaxNode,
  base: CType,
  depth = 0,
): { name: string | undefined; type: CType; attributes: Attributes } {
  if (depth > DECLARATORS) {
    return {
      name: undefined,
      type: { is: 'unknown', text: 'nested too deeply' },
      attributes: NONE,
    };
  }
  const step = (to: SyntaxNode | undefined, type: CType): ReturnType<typeof declarator> =>
    to ? declarator(to, type, depth + 1) : { name: undefined, type, attributes: NONE };
  const inner =
    node.childForFieldName('declarator') ??
    node.namedChildren.find((one) => one !== null && /declarator$|identifier$/.test(one.type)) ??
    undefined;
  switch (node.type) {
    case 'pointer_declarator':
    case 'abstract_pointer_declarator':
      return step(inner, qualified({ is: 'pointer', to: base }, qualifiersOf(node)));
    case 'array_declarator':
    case 'abstract_array_declarator':
      return step(inner, { is: 'array', of: base, count: node.childForFieldName('size')?.text });
    case 'function_declarator':
    case 'abstract_function_declarator':
      return step(inner, { is: 'function', gives: base, takes: takesOf(node) });
    case 'parenthesized_declarator':
    case 'abstract_parenthesized_declarator':
    case 'init_declarator':
      return step(inner, base);
    case 'attributed_declarator': {
      const one = step(inner, base);
      return { ...one, attributes: joined(one.attributes, attributesOf(node)) };
    }
    default:
      return { name: node.text, type: base, attributes: NONE };
  }
}

/** What stands between the parentheses of a declarator; undefined if nothing does: then anything may be given. */
function takesOf(node: SyntaxNode): Takes | undefined {
  const list = node.childForFieldName('parameters');
  const all = list?.namedChildren.filter((one) => one?.type !== 'comment') ?? [];
  if (!list || list.hasError || all.length === 0) return undefined;
  const variadic = all.at(-1)?.type === 'variadic_parameter';
  const named = all.filter((one) => one?.type === 'parameter_declaration');
  if (named.length + Number(variadic) !== all.length) return undefined;
  const none = all.length === 1 && named[0]?.text === 'void';
  if (none) return { count: 0, variadic, types: [] };
  const types = named.map((one) => {
    const own = one?.childForFieldName('declarator');
    const base = one ? baseType(one) : undefined;
    return own && base ? declarator(own, base).type : base;
  });
  return { count: named.length, variadic, types };
}

function attributesOf(node: SyntaxNode): Attributes {
  const own = node.namedChildren.filter((one) => one?.type === 'attribute_specifier');
  return own.length === 0 ? NONE : attributesIn(own.map((one) => one?.text ?? '').join(' '));
}

/** What a text of attributes says. */
export function attributesIn(text: string): Attributes {
  const aligned: string[] = [];
  for (const found of text.matchAll(/\b(?:__aligned__|aligned)\b\s*(\()?/g)) {
    if (found[1] === undefined) aligned.push('');
    else {
      const from = found.index + found[0].length;
      let depth = 1;
      let at = from;
      for (; at < text.length && depth > 0; at++) {
        if (text[at] === '(') depth++;
        else if (text[at] === ')') depth--;
      }
      aligned.push(text.slice(from, at - 1).trim());
    }
  }
  const strange = /\b_*(?:mode|vector_size|scalar_storage_order|ms_struct)_*\s*\([^)]*\)/.exec(
    text,
  )?.[0];
  return {
    packed: /\b(?:__packed__|packed)\b/.test(text),
    aligned,
    strange,
    randomized: /\b_*randomize_layout_*\b/.test(text),
  };
}

function joined(a: Attributes, b: Attributes): Attributes {
  return {
    packed: a.packed || b.packed,
    aligned: [...a.aligned, ...b.aligned],
    strange: a.strange ?? b.strange,
    randomized: a.randomized || b.randomized,
  };
}
