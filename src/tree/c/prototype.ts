import type { SyntaxNode } from './parser.ts';
import { DECLARATORS } from './types.ts';

/** A type as far as it matters for whether one pointer to a function fits another: qualifiers and parameters included. */
export type Shape = Plain & {
  /** `const` and `volatile` of the type itself. */
  readonly qualifiers?: string;
  /** The typedef it was written as. */
  readonly alias?: string;
};

type Plain =
  | { readonly is: 'base'; readonly name: string }
  /** `struct x`, or a typedef that names one without a name. */
  | { readonly is: 'named'; readonly name: string }
  | { readonly is: 'enum'; readonly name: string }
  | { readonly is: 'pointer'; readonly to: Shape }
  | { readonly is: 'array'; readonly of: Shape }
  | FunctionShape
  | { readonly is: 'unknown' };

/** A function by what it gives and takes. */
export interface FunctionShape {
  readonly is: 'function';
  readonly gives: Shape;
  readonly takes: readonly Shape[];
  readonly variadic: boolean;
  /** Written with nothing between its parentheses: it fits whatever is passed. */
  readonly open: boolean;
}

/** The type a typedef names; undefined if there is no such, or if it could not be read. */
export type Typedefs = (name: string) => Shape | undefined;

const UNKNOWN: Shape = { is: 'unknown' };
const WORD = /^(?:unsigned|signed|long|short|int|char|float|double|void|_Bool|__int128)$/;

/** The type a declaration, parameter or member gives one of its declarators; without one, the type before them. */
export function shapeOf(
  node: SyntaxNode,
  declarator: SyntaxNode | null,
  typedefs: Typedefs,
): Shape {
  const base = qualified(baseShape(node, typedefs), node);
  return declarator ? wrapped(declarator, base, typedefs) : base;
}

function baseShape(node: SyntaxNode, typedefs: Typedefs): Shape {
  const type = node.childForFieldName('type');
  switch (type?.type) {
    case 'struct_specifier':
    case 'union_specifier': {
      const name = type.childForFieldName('name')?.text;
      const keyword = type.type.slice(0, -'_specifier'.length);
      return name === undefined ? UNKNOWN : { is: 'named', name: `${keyword} ${name}` };
    }
    case 'enum_specifier':
      return { is: 'enum', name: `enum ${type.childForFieldName('name')?.text ?? ''}`.trim() };
    case 'type_identifier':
    case 'primitive_type':
    case 'sized_type_specifier':
      return wordsShape(type.text, typedefs);
    default:
      return UNKNOWN;
  }
}

/** Names the grammar takes for those of the language may be typedefs of the kernel. */
function wordsShape(text: string, typedefs: Typedefs): Shape {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (words.every((word) => WORD.test(word))) return { is: 'base', name: baseName(words) };
  const [name] = words;
  if (words.length > 1 || name === undefined) return UNKNOWN;
  if (name === 'bool') return { is: 'base', name: '_Bool', alias: name };
  const known = typedefs(name);
  if (!known) return UNKNOWN;
  return { ...known, alias: name };
}

/** One name for each of the ways C has to write a number type. */
function baseName(words: readonly string[]): string {
  const count = (word: string): number => words.filter((one) => one === word).length;
  const unsigned = count('unsigned') > 0 ? 'unsigned ' : '';
  if (count('char') > 0) return count('signed') > 0 ? 'signed char' : `${unsigned}char`;
  if (count('short') > 0) return `${unsigned}short`;
  if (count('double') > 0) return count('long') > 0 ? 'long double' : 'double';
  const long = 'long '.repeat(count('long')).trim();
  if (long !== '') return unsigned + long;
  const other = words.find((word) => /^(?:void|_Bool|float|__int128)$/.test(word));
  return unsigned + (other ?? 'int');
}

/** With the qualifiers that stand among the children of a node. */
function qualified(shape: Shape, node: SyntaxNode): Shape {
  const own = node.namedChildren
    .filter((one) => one?.type === 'type_qualifier' && /^(?:const|volatile)$/.test(one.text))
    .map((one) => (one as SyntaxNode).text);
  if (own.length === 0) return shape;
  const all = [...new Set([...(shape.qualifiers?.split(' ') ?? []), ...own])].sort();
  return { ...shape, qualifiers: all.join(' ') };
}

function wrapped(node: SyntaxNode, shape: Shape, typedefs: Typedefs, depth = 0): Shape {
  if (depth > DECLARATORS) return UNKNOWN;
  const inner =
    node.childForFieldName('declarator') ??
    node.namedChildren.find((one) => one !== null && /declarator$/.test(one.type)) ??
    null;
  const go = (next: Shape): Shape => (inner ? wrapped(inner, next, typedefs, depth + 1) : next);
  switch (node.type) {
    case 'pointer_declarator':
    case 'abstract_pointer_declarator':
      return go(qualified({ is: 'pointer', to: shape }, node));
    case 'array_declarator':
    case 'abstract_array_declarator':
      return go({ is: 'array', of: shape });
    case 'function_declarator':
    case 'abstract_function_declarator':
      // No function gives a function: the grammar took the name in `void (f)(int)` for a parameter.
      if (shape.is === 'function') return go(UNKNOWN);
      return go({ is: 'function', gives: shape, ...parametersOf(node, typedefs) });
    default:
      return go(shape);
  }
}

function parametersOf(
  node: SyntaxNode,
  typedefs: Typedefs,
): Pick<FunctionShape, 'takes' | 'variadic' | 'open'> {
  const list = node.childForFieldName('parameters');
  const all = (list?.namedChildren ?? []).filter((one) => one !== null);
  const takes = all
    .filter(({ type }) => type === 'parameter_declaration')
    .map((one) => decayed(shapeOf(one, one.childForFieldName('declarator'), typedefs)));
  const variadic = all.some(({ type }) => type === 'variadic_parameter');
  const [first] = takes;
  const empty = takes.length === 1 && first?.is === 'base' && first.name === 'void';
  return { takes: empty ? [] : takes, variadic, open: takes.length === 0 && !variadic };
}

/** A parameter is never an array or a function, but a pointer to one; and its own qualifiers do not count. */
function decayed(shape: Shape): Shape {
  if (shape.is === 'array') return { is: 'pointer', to: shape.of };
  if (shape.is === 'function') return { is: 'pointer', to: shape };
  const { qualifiers: _, ...bare } = shape;
  return bare as Shape;
}

/** The function a type is, or points to. */
export function functionOf(shape: Shape | undefined): FunctionShape | undefined {
  const target = shape?.is === 'pointer' ? shape.to : shape;
  return target?.is === 'function' ? target : undefined;
}

/**
 * May a compiler take one type for the other (C11 6.2.7). What is not known fits; so does an enum where a number is
 * wanted, since which number type it has the compiler chooses.
 */
export function fits(a: Shape, b: Shape): boolean {
  if (a.is === 'unknown' || b.is === 'unknown') return true;
  if (a.is === 'enum' || b.is === 'enum') {
    return [a, b].every(({ is }) => is === 'enum' || is === 'base');
  }
  if (a.is === 'pointer' && b.is === 'pointer') {
    return (a.to.qualifiers ?? '') === (b.to.qualifiers ?? '') && fits(a.to, b.to);
  }
  if (a.is === 'array' && b.is === 'array') return fits(a.of, b.of);
  if (a.is === 'function' && b.is === 'function') {
    if (!fits(a.gives, b.gives)) return false;
    if (a.open || b.open) return true;
    const same = a.takes.length === b.takes.length && a.variadic === b.variadic;
    return same && a.takes.every((one, at) => fits(one, b.takes[at] as Shape));
  }
  const [left, right] = [a, b] as ({ is: string; name?: string } & Shape)[];
  return left?.is === right?.is && left?.name === right?.name;
}

/** A type in the words of C, by its typedefs where it was written with them: `irqreturn_t(int, void *)`. */
export function shapeText(shape: Shape): string {
  const text = plainText(shape);
  return shape.qualifiers === undefined ? text : `${shape.qualifiers} ${text}`;
}

function plainText(shape: Shape): string {
  if (shape.alias !== undefined && functionOf(shape) === undefined) return shape.alias;
  switch (shape.is) {
    case 'pointer': {
      if (shape.to.is === 'function') {
        const { gives } = shape.to;
        return `${shapeText(gives)}(*)${takesText(shape.to)}`;
      }
      const to = shapeText(shape.to);
      return to.endsWith('*') ? `${to}*` : `${to} *`;
    }
    case 'array':
      return `${shapeText(shape.of)}[]`;
    case 'function':
      return `${shapeText(shape.gives)}${takesText(shape)}`;
    case 'unknown':
      return '?';
    default:
      return shape.name;
  }
}

function takesText({ takes, variadic, open }: FunctionShape): string {
  const parts = [...takes.map(shapeText), ...(variadic ? ['...'] : [])];
  return `(${parts.length === 0 && !open ? 'void' : parts.join(', ')})`;
}
