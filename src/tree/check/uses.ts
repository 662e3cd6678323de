import type { SyntaxNode } from '../c/parser.ts';
import type { CType } from '../c/types.ts';
import { evaluate } from '../condition/formula.ts';
import { parseCondition } from '../condition/parse-condition.ts';
import type { Values } from '../surface/view.ts';
import {
  declare,
  designated,
  initialized,
  type Scope,
  type TypesOfNames,
  typeOf,
} from './expression-type.ts';

/** A call by name. */
export interface Call {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  /** It stands where a condition that options decide is false: compiled, and then thrown away. */
  readonly dead: boolean;
}

/** `a->b`, `a.b`, `.b =`. */
export interface FieldUse {
  readonly field: string;
  readonly line: number;
  readonly column: number;
  /** The type it is a member of; undefined where that could not be told. */
  readonly of: CType | undefined;
}

/** What a file does with what it does not define itself. */
export interface Uses {
  readonly calls: readonly Call[];
  readonly fields: readonly FieldUse[];
  /** Offsets where names are used and thrown away with the branch they stand in. */
  readonly dead: (line: number, column: number) => boolean;
  /** Names declared within functions: parameters, variables, labels. */
  readonly locals: ReadonlySet<string>;
  /** What the grammar could not read, by line. */
  readonly unread: readonly { readonly line: number; readonly text: string }[];
}

/** Read a masked file. `fold` says what a condition is once its macros are replaced, where that is certain. */
export function usesOf(
  root: SyntaxNode,
  types: TypesOfNames,
  values: Values,
  fold: (condition: string) => boolean | undefined = () => undefined,
): Uses {
  const reader = new Reader(types, values, fold);
  reader.walk(root, new Map());
  return {
    calls: reader.calls,
    fields: reader.fields,
    locals: reader.locals,
    unread: reader.unread,
    dead: (line, column) => reader.dead.some((node) => within(node, line, column)),
  };
}

/**
 * What two readings of a file say, the second of which leaves out more: what it does not see is taken from the first. The
 * first alone where the second did not read more.
 */
export function better(first: Uses, second: Uses): Uses {
  if (second.unread.length >= first.unread.length) return first;
  return {
    calls: joined(first.calls, second.calls),
    fields: joined(first.fields, second.fields),
    locals: new Set([...first.locals, ...second.locals]),
    dead: second.dead,
    unread: second.unread,
  };
}

/** Those of the second, and those at other places. */
function joined<T extends { readonly line: number; readonly column: number }>(
  first: readonly T[],
  second: readonly T[],
): T[] {
  const placeOf = ({ line, column }: T): string => `${line}:${column}`;
  const there = new Set(second.map(placeOf));
  const more = first.filter((one) => !there.has(placeOf(one)));
  return [...second, ...more].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Where a piece of syntax stands: the syntax itself is gone when this is asked. */
type Range = Pick<SyntaxNode, 'startPosition' | 'endPosition'>;

function within(
  { startPosition: a, endPosition: b }: Range,
  line: number,
  column: number,
): boolean {
  const [row, at] = [line - 1, column - 1];
  const after = row > a.row || (row === a.row && at >= a.column);
  return after && (row < b.row || (row === b.row && at < b.column));
}

/** Is somewhere in a statement a label, to which others may jump. */
function isLabel(node: SyntaxNode): boolean {
  return node.descendantsOfType(['labeled_statement', 'case_statement']).length > 0;
}

/** Deeper syntax is a joke or an attack; it is listed and not followed. */
const DEPTH = 500;

class Reader {
  readonly calls: Call[] = [];
  readonly fields: FieldUse[] = [];
  readonly locals = new Set<string>();
  readonly unread: { line: number; text: string }[] = [];
  readonly dead: Range[] = [];
  readonly #types: TypesOfNames;
  readonly #values: Values;
  readonly #fold: (condition: string) => boolean | undefined;
  readonly #conditions = new Map<string, boolean | undefined>();

  constructor(
    types: TypesOfNames,
    values: Values,
    fold: (condition: string) => boolean | undefined,
  ) {
    this.#types = types;
    this.#values = values;
    this.#fold = fold;
  }

  walk(node: SyntaxNode, scope: Scope, depth = 0): void {
    if (depth > DEPTH) {
      this.unread.push({ line: node.startPosition.row + 1, text: 'nested too deeply' });
      return;
    }
    const inner = /^(?:function_definition|compound_statement|for_statement)$/.test(node.type)
      ? new Map(scope)
      : scope;
    if (node.isError || node.isMissing) {
      this.unread.push({ line: node.startPosition.row + 1, text: node.text.slice(0, 80) });
    }
    switch (node.type) {
      case 'function_definition': {
        const own = node.childForFieldName('declarator');
        for (const parameter of own?.descendantsOfType('parameter_declaration') ?? []) {
          if (parameter) this.#declare(parameter, inner);
        }
        break;
      }
      case 'declaration':
        this.#declare(node, inner);
        break;
      case 'labeled_statement':
        this.locals.add(node.childForFieldName('label')?.text ?? '');
        break;
      case 'if_statement':
      case 'conditional_expression':
      case 'binary_expression':
        this.#decide(node);
        break;
      case 'call_expression':
        this.#call(node);
        break;
      case 'field_expression':
        this.#field(node, inner);
        break;
      case 'initializer_list':
        this.#designators(node);
        break;
    }
    for (const child of node.children) if (child) this.walk(child, inner, depth + 1);
  }

  #declare(node: SyntaxNode, scope: Scope): void {
    const file = node.parent?.type === 'translation_unit';
    for (const name of declare(node, scope)) if (!file) this.locals.add(name);
  }

  #decide(node: SyntaxNode): void {
    const binary = node.type === 'binary_expression';
    const sign = binary ? node.childForFieldName('operator')?.text : undefined;
    if (binary && sign !== '&&' && sign !== '||') return;
    const condition = node.childForFieldName(binary ? 'left' : 'condition');
    const value = condition ? this.#valueOf(condition.text) : undefined;
    if (value === undefined) return;
    const part = binary
      ? value === (sign === '||')
        ? 'right'
        : ''
      : value
        ? 'alternative'
        : 'consequence';
    const gone = part === '' ? null : node.childForFieldName(part);
    if (gone) this.#throwAway(gone, gone);
    if (node.type !== 'if_statement' || !value) return;
    const taken = node.childForFieldName('consequence');
    const last = taken?.type === 'compound_statement' ? taken.namedChildren.at(-1) : taken;
    if (last && /^(?:goto|return)_statement$/.test(last.type)) this.#throwAwayBehind(node);
  }

  /** Nobody comes to what stands between a statement that leaves and the next label. */
  #throwAwayBehind(node: SyntaxNode): void {
    const first = node.nextNamedSibling;
    let last = first;
    if (!first || isLabel(first)) return;
    for (let at = first.nextNamedSibling; at && !isLabel(at); at = at.nextNamedSibling) last = at;
    this.#throwAway(first, last as SyntaxNode);
  }

  #throwAway({ startPosition }: SyntaxNode, { endPosition }: SyntaxNode): void {
    this.dead.push({ startPosition, endPosition });
  }

  /** What a condition is in this configuration, where that is certain. */
  #valueOf(text: string): boolean | undefined {
    if (!this.#conditions.has(text)) {
      const options = text.includes('CONFIG_')
        ? evaluate(parseCondition(text), (name) => this.#values(name))
        : undefined;
      this.#conditions.set(text, options ?? this.#fold(text));
    }
    return this.#conditions.get(text);
  }

  #call(node: SyntaxNode): void {
    const called = node.childForFieldName('function');
    if (called?.type !== 'identifier') return;
    const { row, column } = called.startPosition;
    this.calls.push({
      name: called.text,
      line: row + 1,
      column: column + 1,
      dead: this.dead.some((gone) => within(gone, row + 1, column + 1)),
    });
  }

  #field(node: SyntaxNode, scope: Scope): void {
    const argument = node.childForFieldName('argument');
    const field = node.childForFieldName('field');
    if (!argument || !field) return;
    const type = typeOf(argument, scope, this.#types);
    // `.` behind a pointer is the way to a member, as list_for_each_entry() takes one, not the pointer's.
    const way = type?.is === 'pointer' && node.childForFieldName('operator')?.text === '.';
    const { row, column } = field.startPosition;
    this.fields.push({
      field: field.text,
      line: row + 1,
      column: column + 1,
      of: way ? undefined : type,
    });
  }

  /** `.open = f` of an initializer: a member of the type that is initialized. */
  #designators(node: SyntaxNode): void {
    const of = initialized(node, this.#types);
    for (const pair of node.namedChildren) {
      if (pair?.type !== 'initializer_pair') continue;
      let type = of;
      for (const one of pair.childrenForFieldName('designator')) {
        const name = one?.type === 'field_designator' ? one.namedChildren[0] : undefined;
        if (name) {
          const { row, column } = name.startPosition;
          this.fields.push({ field: name.text, line: row + 1, column: column + 1, of: type });
        }
        type = one ? designated(one, type, this.#types) : undefined;
      }
    }
  }
}
