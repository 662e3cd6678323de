import type { Declared, Segment } from '../c/declared.ts';
import { parsable } from '../c/parsable.ts';
import type { SyntaxNode, SyntaxParser } from '../c/parser.ts';
import { type FunctionShape, fits, functionOf, type Shape, shapeText } from '../c/prototype.ts';
import type { Prototypes } from '../c/prototypes.ts';
import type { CType } from '../c/types.ts';
import {
  declare,
  designated,
  initialized,
  memberAt,
  type Scope,
  type TypesOfNames,
  typeOf,
} from './expression-type.ts';
import type { Facts } from './facts.ts';

/** A function that is handed over: put into a member, or given to a function that takes a pointer to one. */
export interface Callback {
  /** What it is handed to: `struct platform_driver.remove`, or the function that is called. */
  readonly name: string;
  readonly kind: 'field' | 'function';
  /** Which argument of the function, from 1. */
  readonly argument: number | undefined;
  /** The function that is handed over. */
  readonly given: string;
  readonly line: number;
  /** The type that is wanted there: `void(struct platform_device *)`. */
  readonly wanted: string;
  /** The type of the function. */
  readonly has: string;
  readonly fits: boolean;
}

/** How deep the syntax is followed. */
const DEPTH = 300;

/**
 * The functions a file hands over, in a configuration, each with the type that is wanted of it there. Macros are replaced:
 * what a call comes to counts. Only what is certain is told: casts are taken for meant, and where a type could not be read
 * there is nothing to say.
 */
export function callbacksOf(
  declared: Declared,
  main: string,
  facts: Facts,
  types: TypesOfNames,
  prototypes: Prototypes,
  parser: SyntaxParser,
): Callback[] {
  const reader = new Callbacks(declared, facts, types, prototypes);
  for (const segment of declared.segments) {
    if (declared.tokens[segment.from]?.file !== main || !handsOver(declared, segment)) continue;
    const text = readable(parsable(declared, segment.from, segment.to));
    parser.with(text, (root) => reader.read(segment, text, root));
  }
  return reader.found;
}

/**
 * Without attributes, some of which the grammar does not know where they stand, and in lines: what it makes of errors in
 * a line of a hundred thousand bytes is the end of its memory.
 */
function readable(text: string): string {
  return text
    .replace(/__attribute__ \(\( (?:(?!__attribute__)[^{};])* \)\)/g, ' ')
    .replace(/ ([,;{}]) /g, ' $1\n');
}

/** Does a declaration mention a function without calling it. */
function handsOver(declared: Declared, { from, to }: Segment): boolean {
  for (let at = from; at < to; at++) {
    const { kind, text } = declared.tokens[at]?.token ?? {};
    if (kind !== 'name' || text === undefined || !declared.functions.has(text)) continue;
    // A member may have the name of a function.
    if (declared.text(at + 1) !== '(' && !/^(?:\.|->)$/.test(declared.text(at - 1))) return true;
  }
  return false;
}

class Callbacks {
  readonly found: Callback[] = [];
  readonly #declared: Declared;
  readonly #facts: Facts;
  readonly #types: TypesOfNames;
  readonly #prototypes: Prototypes;

  constructor(declared: Declared, facts: Facts, types: TypesOfNames, prototypes: Prototypes) {
    this.#declared = declared;
    this.#facts = facts;
    this.#types = types;
    this.#prototypes = prototypes;
  }

  read(segment: Segment, text: string, root: SyntaxNode): void {
    const lines = new LinesOfNames(this.#declared, segment, text);
    this.#walk(root, new Map(), lines, 0);
  }

  #walk(node: SyntaxNode, scope: Scope, lines: LinesOfNames, depth: number): void {
    if (depth > DEPTH) return;
    const inner = /^(?:function_definition|compound_statement|for_statement)$/.test(node.type)
      ? new Map(scope)
      : scope;
    switch (node.type) {
      case 'function_definition':
        for (const one of node
          .childForFieldName('declarator')
          ?.descendantsOfType('parameter_declaration') ?? []) {
          if (one) declare(one, inner);
        }
        break;
      case 'declaration':
        declare(node, inner);
        break;
      case 'initializer_list':
        this.#list(node, inner, lines);
        break;
      case 'assignment_expression':
        this.#assignment(node, inner, lines);
        break;
      case 'call_expression':
        this.#call(node, inner, lines);
        break;
    }
    for (const child of node.namedChildren) if (child) this.#walk(child, inner, lines, depth + 1);
  }

  #list(node: SyntaxNode, scope: Scope, lines: LinesOfNames): void {
    if (!node.namedChildren.some((one) => one && this.#givenIn(lastOf(one), scope).length > 0)) {
      return;
    }
    const of = initialized(node, this.#types);
    if (!of) return;
    for (const pair of node.namedChildren) {
      if (!pair || pair.type === 'comment') continue;
      if (pair.type !== 'initializer_pair') {
        const at = this.#givenIn(pair, scope).length > 0 && memberAt(node, pair, of, this.#types);
        if (at) this.#field(this.#wayOf(node, of), at, pair, scope, lines);
        continue;
      }
      const way = pair.childrenForFieldName('designator');
      let outer: CType | undefined = of;
      for (const one of way.slice(0, -1)) {
        outer = one && outer ? designated(one, outer, this.#types) : undefined;
      }
      const last = way.at(-1);
      const field = last?.type === 'field_designator' ? last.namedChildren[0]?.text : undefined;
      if (!outer || field === undefined) continue;
      const names = way.slice(0, -1).map((one) => one?.namedChildren[0]?.text ?? '');
      const from = this.#wayOf(node, of);
      const to = outer === of ? from : this.#wayFrom(outer, from, names.join('.'));
      this.#field(to, field, lastOf(pair), scope, lines);
    }
  }

  /** The type with a name that braces initialize, or else the way from the one around to it. */
  #wayOf(list: SyntaxNode, of: CType, depth = 0): Way {
    const key = this.#facts.keyOf(of);
    const pair = list.parent?.type === 'initializer_pair' ? list.parent : undefined;
    const around = (pair ?? list).parent;
    if (key !== undefined || around?.type !== 'initializer_list' || depth > DEPTH) {
      return { key, way: '' };
    }
    const outer = initialized(around, this.#types);
    if (!outer) return NO_WAY;
    const names = pair
      ? pair.childrenForFieldName('designator').map((one) => one?.namedChildren[0]?.text)
      : [memberAt(around, list, outer, this.#types)];
    if (names.some((name) => name === undefined)) return NO_WAY;
    return joined(this.#wayOf(around, outer, depth + 1), names.join('.'));
  }

  #wayFrom(to: CType, from: Way, names: string): Way {
    const key = this.#facts.keyOf(to);
    return key === undefined ? joined(from, names) : { key, way: '' };
  }

  #assignment(node: SyntaxNode, scope: Scope, lines: LinesOfNames): void {
    const left = node.childForFieldName('left');
    if (!left || node.childForFieldName('operator')?.text !== '=') return;
    const right = node.childForFieldName('right');
    if (this.#givenIn(right, scope).length === 0) return;
    if (left.type === 'identifier') this.#variable(left.text, right, scope, lines);
    if (left.type !== 'field_expression') return;
    const argument = left.childForFieldName('argument');
    const field = left.childForFieldName('field')?.text;
    if (argument && field !== undefined) {
      this.#field(this.#wayTo(argument, scope), field, right, scope, lines);
    }
  }

  /** The type with a name an expression has, or else the way from the one it is a member of: `o->inner` of `struct o`. */
  #wayTo(node: SyntaxNode, scope: Scope, depth = 0): Way {
    const of = typeOf(node, scope, this.#types);
    const key = of && this.#facts.keyOf(of);
    if (key !== undefined || node.type !== 'field_expression' || depth > DEPTH) {
      return { key, way: '' };
    }
    const argument = node.childForFieldName('argument');
    const field = node.childForFieldName('field')?.text;
    if (!argument || field === undefined) return NO_WAY;
    return joined(this.#wayTo(argument, scope, depth + 1), field);
  }

  /** A pointer to a function that a header declares. */
  #variable(name: string, value: SyntaxNode | null, scope: Scope, lines: LinesOfNames): void {
    if (scope.has(name) || this.#facts.owns(name)) return;
    const wanted = functionOf(this.#prototypes.variable(name));
    if (wanted) this.#add({ name, kind: 'function' }, wanted, value, scope, lines);
  }

  #field(
    { key, way }: Way,
    field: string,
    value: SyntaxNode | null,
    scope: Scope,
    lines: LinesOfNames,
  ): void {
    if (key === undefined || this.#facts.owns(key)) return;
    const member = way === '' ? field : `${way}.${field}`;
    const wanted = functionOf(this.#prototypes.member(key, member));
    if (wanted) this.#add({ name: `${key}.${member}`, kind: 'field' }, wanted, value, scope, lines);
  }

  #call(node: SyntaxNode, scope: Scope, lines: LinesOfNames): void {
    const called = node.childForFieldName('function');
    if (called?.type !== 'identifier' || scope.has(called.text)) return;
    const name = called.text;
    const values = (node.childForFieldName('arguments')?.namedChildren ?? []).filter(
      (one) => one?.type !== 'comment',
    );
    const all = values.map((one) => this.#givenIn(one, scope));
    if (all.every((given) => given.length === 0) || this.#facts.owns(name)) return;
    const type = this.#prototypes.function(name);
    if (type?.is !== 'function') return;
    for (const [at, value] of values.entries()) {
      const wanted = functionOf(type.takes[at]);
      if (!wanted) continue;
      this.#add({ name, kind: 'function', argument: at + 1 }, wanted, value, scope, lines);
    }
  }

  #add(
    to: { name: string; kind: 'field' | 'function'; argument?: number },
    wanted: FunctionShape,
    value: SyntaxNode | null,
    scope: Scope,
    lines: LinesOfNames,
  ): void {
    for (const node of this.#givenIn(value, scope)) {
      const type = this.#prototypes.function(node.text);
      if (type?.is !== 'function') continue;
      this.found.push({
        ...to,
        argument: to.argument,
        given: node.text,
        line: lines.of(node),
        wanted: shapeText(wanted as Shape),
        has: shapeText(type),
        fits: fits(wanted, type),
      });
    }
  }

  /** The names of functions an expression may come to: `f`, `&f`, `(f)`, `c ? f : NULL`. */
  #givenIn(node: SyntaxNode | null, scope: Scope): SyntaxNode[] {
    switch (node?.type) {
      case 'identifier':
        return this.#declared.functions.has(node.text) && !scope.has(node.text) ? [node] : [];
      case 'parenthesized_expression':
        return this.#givenIn(node.namedChildren[0] ?? null, scope);
      case 'pointer_expression':
        return this.#givenIn(node.childForFieldName('argument'), scope);
      case 'conditional_expression':
        return ['consequence', 'alternative'].flatMap((part) =>
          this.#givenIn(node.childForFieldName(part), scope),
        );
      default:
        return [];
    }
  }
}

/** A type with a name, and the members on the way from it to one without. */
interface Way {
  readonly key: string | undefined;
  readonly way: string;
}

const NO_WAY: Way = { key: undefined, way: '' };

function joined({ key, way }: Way, names: string): Way {
  return { key, way: way === '' ? names : `${way}.${names}` };
}

/** The value of an initializer with designators; of another the initializer. */
function lastOf(node: SyntaxNode): SyntaxNode | null {
  return node.type === 'initializer_pair' ? node.childForFieldName('value') : node;
}

/** Tells in which line of its file a name stands: a text made of tokens has them in their order. */
class LinesOfNames {
  readonly #declared: Declared;
  readonly #segment: Segment;
  readonly #text: string;

  constructor(declared: Declared, segment: Segment, text: string) {
    this.#declared = declared;
    this.#segment = segment;
    this.#text = text;
  }

  of({ text: name, startIndex }: SyntaxNode): number {
    const before = this.#text.slice(0, startIndex);
    let left = before.match(new RegExp(`\\b${name}\\b`, 'g'))?.length ?? 0;
    const { from, to } = this.#segment;
    for (let at = from; at < to; at++) {
      if (this.#declared.text(at) === name && left-- === 0) {
        return this.#declared.tokens[at]?.line ?? 1;
      }
    }
    return this.#declared.tokens[from]?.line ?? 1;
  }
}
