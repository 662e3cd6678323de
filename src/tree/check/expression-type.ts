import type { SyntaxNode } from '../c/parser.ts';
import { baseType, type CType, declarator } from '../c/types.ts';

/** What types of names and members are, outside of functions. */
export interface TypesOfNames {
  /** Type of a variable or of what a function gives. */
  readonly variable: (name: string) => CType | undefined;
  readonly result: (name: string) => CType | undefined;
  /** The type of a member. */
  readonly member: (of: CType, field: string) => CType | undefined;
  /**
   * Names of the members of a struct in their order, undefined for one without; undefined where positions tell nothing. Only
   * where macros are replaced: one may stand for several members.
   */
  readonly fields?: (of: CType) => readonly (string | undefined)[] | undefined;
}

/** Types of the names that are declared around a place. */
export type Scope = Map<string, CType>;

/** How deep initializers and expressions are followed. */
const DEPTH = 200;

/** The type of an expression, as far as declarations tell. */
export function typeOf(
  node: SyntaxNode,
  scope: Scope,
  types: TypesOfNames,
  depth = 0,
): CType | undefined {
  if (depth > DEPTH) return undefined;
  const inner = (one: SyntaxNode | null | undefined): CType | undefined =>
    one ? typeOf(one, scope, types, depth + 1) : undefined;
  switch (node.type) {
    case 'identifier':
      return scope.get(node.text) ?? types.variable(node.text);
    case 'parenthesized_expression':
      return inner(node.namedChildren[0]);
    case 'field_expression': {
      const of = inner(node.childForFieldName('argument'));
      return of && types.member(of, node.childForFieldName('field')?.text ?? '');
    }
    case 'call_expression':
      return types.result(node.childForFieldName('function')?.text ?? '');
    case 'subscript_expression':
    case 'pointer_expression': {
      const of = inner(node.childForFieldName('argument'));
      if (of && node.childForFieldName('operator')?.text === '&') return { is: 'pointer', to: of };
      return of?.is === 'pointer' ? of.to : of?.is === 'array' ? of.of : undefined;
    }
    case 'cast_expression': {
      const type = node.childForFieldName('type');
      const own = type?.childForFieldName('declarator');
      return type ? (own ? declarator(own, baseType(type)).type : baseType(type)) : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * The type that braces initialize: of what is declared, the type in parentheses before them, or a member or an element of
 * what the braces around them initialize, if that is told by designators.
 */
export function initialized(list: SyntaxNode, types: TypesOfNames, depth = 0): CType | undefined {
  const outer = list.parent;
  if (!outer || depth > DEPTH) return undefined;
  switch (outer.type) {
    case 'init_declarator': {
      const name = outer.childForFieldName('declarator');
      return outer.parent && name ? declarator(name, baseType(outer.parent)).type : undefined;
    }
    case 'compound_literal_expression': {
      const type = outer.childForFieldName('type');
      const own = type?.childForFieldName('declarator');
      return type ? (own ? declarator(own, baseType(type)).type : baseType(type)) : undefined;
    }
    case 'initializer_list': {
      const around = initialized(outer, types, depth + 1);
      if (around?.is === 'array') return around.of;
      const field = around && memberAt(outer, list, around, types);
      return field === undefined ? undefined : types.member(around as CType, field);
    }
    case 'initializer_pair': {
      let type = outer.parent ? initialized(outer.parent, types, depth + 1) : undefined;
      for (const one of outer.childrenForFieldName('designator')) {
        type = one ? designated(one, type, types) : undefined;
      }
      return type;
    }
    default:
      return undefined;
  }
}

/**
 * The member that a part of an initializer without a designator is for: the one behind that of the part before. Undefined
 * where braces around a part are left out, since it then may be for several.
 */
export function memberAt(
  list: SyntaxNode,
  part: SyntaxNode,
  of: CType,
  types: TypesOfNames,
): string | undefined {
  const fields = types.fields?.(of);
  if (!fields || list.hasError) return undefined;
  let at = 0;
  for (const one of list.namedChildren) {
    if (!one || one.type === 'comment') continue;
    if (one.type === 'initializer_pair') {
      const [first, ...more] = one.childrenForFieldName('designator');
      if (first?.type !== 'field_designator' || more.length > 0) return undefined;
      at = fields.indexOf(first.namedChildren[0]?.text) + 1;
      if (at === 0) return undefined;
      continue;
    }
    const field = fields[at++];
    if (field === undefined) return undefined;
    if (one.equals(part)) return field;
    const type = types.member(of, field);
    const single = type && (type.is === 'base' || type.is === 'pointer');
    if (!single && !/^(?:initializer_list|string_literal|concatenated_string)$/.test(one.type)) {
      return undefined;
    }
  }
  return undefined;
}

/** What a designator names of a type: a member, or an element. */
export function designated(
  designator: SyntaxNode,
  of: CType | undefined,
  types: TypesOfNames,
): CType | undefined {
  if (designator.type === 'field_designator') {
    const name = designator.namedChildren[0]?.text;
    return of && name !== undefined ? types.member(of, name) : undefined;
  }
  return of?.is === 'array' ? of.of : undefined;
}

/** Add what a declaration or a parameter declares. */
export function declare(node: SyntaxNode, scope: Scope): string[] {
  const base = baseType(node);
  const names: string[] = [];
  for (const one of node.childrenForFieldName('declarator')) {
    if (!one) continue;
    const { name, type } = declarator(one, base);
    if (name === undefined) continue;
    names.push(name);
    scope.set(name, type);
  }
  return names;
}
