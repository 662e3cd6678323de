import { apply, applyUnary, literal, type Num, num } from '../preprocess/arithmetic.ts';
import { UNNAMED } from './parsable.ts';
import type { SyntaxNode, SyntaxParser } from './parser.ts';
import { baseType, type CType, declarator } from './types.ts';

/** What the value of an expression can rest on. */
export interface Meaning {
  readonly enumerator: (name: string) => bigint | undefined;
  /** Bytes. */
  readonly size: (type: CType) => number;
  readonly align: (type: CType) => number;
  readonly offset: (type: CType, member: string) => number;
}

/** An expression or a type whose size or value cannot be told, and why. */
export class Unsized extends Error {}

/** The value of an expression the compiler knows. Throws `Unsized` for others. */
export function constantOf(text: string, parser: SyntaxParser, meaning: Meaning): bigint {
  // BUILD_BUG_ON_ZERO has a bit field without a name.
  const known = withoutTypeof(text).replaceAll('__builtin_offsetof', 'offsetof');
  const readable = known.replace(/\b(int|unsigned)\s*:(?=\s*\()/g, `$1 ${UNNAMED} :`);
  return parser.with(`int x = (${readable});`, (root) => {
    const node = root.descendantsOfType('init_declarator')[0]?.childForFieldName('value');
    if (!node || root.hasError) throw new Unsized(`not a constant: ${text}`);
    return new Evaluator(meaning).value(node).value;
  });
}

/** Casts to the type of another expression go: the grammar takes them for calls, and kernel code casts to what fits. */
function withoutTypeof(text: string): string {
  const start = /\(\s*_*typeof(?:_unqual)?_*\s*(?=\()/.exec(text);
  if (!start) return text;
  let depth = 0;
  for (let at = start.index; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) {
      return text.slice(0, start.index) + withoutTypeof(text.slice(at + 1));
    }
  }
  return text;
}

class Evaluator {
  readonly #meaning: Meaning;

  constructor(meaning: Meaning) {
    this.#meaning = meaning;
  }

  value(node: SyntaxNode): Num {
    const found = this.#try(node);
    if (!found) throw new Unsized(`not a constant: ${node.text}`);
    return found;
  }

  #child(node: SyntaxNode, field: string): SyntaxNode {
    const child = node.childForFieldName(field);
    if (!child) throw new Unsized(`not a constant: ${node.text}`);
    return child;
  }

  #try(node: SyntaxNode): Num | undefined {
    switch (node.type) {
      case 'number_literal':
      case 'char_literal':
        return literal(node.text);
      case 'true':
      case 'false':
        return num(node.type === 'true' ? 1n : 0n);
      case 'identifier': {
        const value = this.#meaning.enumerator(node.text);
        return value === undefined ? undefined : num(value);
      }
      case 'parenthesized_expression':
        return node.namedChildren[0] ? this.value(node.namedChildren[0]) : undefined;
      case 'unary_expression':
        return applyUnary(
          this.#child(node, 'operator').text,
          this.value(this.#child(node, 'argument')),
        );
      case 'binary_expression':
        return this.#binary(node);
      case 'conditional_expression': {
        const holds = this.value(this.#child(node, 'condition')).value !== 0n;
        return this.value(this.#child(node, holds ? 'consequence' : 'alternative'));
      }
      case 'cast_expression': {
        const type = typeIn(this.#child(node, 'type'));
        return this.#cast(type, this.value(this.#child(node, 'value')));
      }
      case 'sizeof_expression':
      case 'alignof_expression': {
        const type = measured(node);
        const { size, align } = this.#meaning;
        return num(BigInt(node.type === 'sizeof_expression' ? size(type) : align(type)), true);
      }
      case 'offsetof_expression':
        return this.#offset(this.#child(node, 'type'), this.#child(node, 'member').text);
      case 'call_expression':
        return this.#call(node);
      default:
        return undefined;
    }
  }

  #binary(node: SyntaxNode): Num | undefined {
    const sign = this.#child(node, 'operator').text;
    const left = this.value(this.#child(node, 'left'));
    // The right side may be nonsense where the left has decided.
    if (sign === '&&' && left.value === 0n) return num(0n);
    if (sign === '||' && left.value !== 0n) return num(1n);
    return apply(left, sign, this.value(this.#child(node, 'right')));
  }

  #cast(type: CType, { value }: Num): Num {
    if (type.is === 'pointer') return num(value, true);
    const bits = this.#meaning.size(type) * 8;
    const unsigned = type.is === 'base' && /\bunsigned\b|_Bool/.test(type.name);
    return num(unsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value), unsigned);
  }

  #offset(type: SyntaxNode, member: string): Num {
    return num(BigInt(this.#meaning.offset(typeIn(type), member)), true);
  }

  #call(node: SyntaxNode): Num | undefined {
    const name = this.#child(node, 'function').text;
    const args = this.#child(node, 'arguments').namedChildren;
    const arg = (at: number): Num => {
      const one = args[at];
      if (!one) throw new Unsized(`not a constant: ${node.text}`);
      return this.value(one);
    };
    const zeros = (width: number): Num => {
      const { value } = arg(0);
      return num(BigInt(width - BigInt.asUintN(width, value).toString(2).length));
    };
    switch (name) {
      case '__builtin_constant_p':
        return num(args[0] && this.#isConstant(args[0]) ? 1n : 0n);
      case '__builtin_choose_expr':
        return arg(arg(0).value !== 0n ? 1 : 2);
      case '__builtin_expect':
        return arg(0);
      case '__builtin_clz':
        return zeros(32);
      case '__builtin_clzll':
        return zeros(64);
      default:
        return undefined;
    }
  }

  #isConstant(node: SyntaxNode): boolean {
    try {
      this.value(node);
      return true;
    } catch (error) {
      if (error instanceof Unsized) return false;
      throw error;
    }
  }
}

/** What `sizeof` measures: a type, or a name in parentheses that the grammar cannot know to be one. */
function measured(node: SyntaxNode): CType {
  const type = node.childForFieldName('type');
  if (type) return typeIn(type);
  const name = node.childForFieldName('value')?.namedChildren[0];
  if (name?.type !== 'identifier') throw new Unsized(`not a constant: ${node.text}`);
  return { is: 'typedef', name: name.text };
}

/** The type of a `type_descriptor`. */
function typeIn(node: SyntaxNode): CType {
  const inner = node.childForFieldName('declarator');
  return inner ? declarator(inner, baseType(node)).type : baseType(node);
}
