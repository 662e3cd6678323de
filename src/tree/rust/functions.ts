import type { SyntaxNode, SyntaxParser } from '../c/parser.ts';
import { and, type Formula } from '../condition/formula.ts';
import { parseCfg } from './cfg.ts';

/** A call in a function of Rust. */
export interface RustCall {
  /** What is called: `bindings`, `mmap_read_lock`; of a method its name alone. */
  readonly path: readonly string[];
  readonly isMethod: boolean;
  /** The last name of what it is called of, or of its first argument: `mm` for `self.mm.lock()`. */
  readonly object?: string;
  readonly line: number;
  /** What `cfg` asks around the call, the function included. */
  readonly condition: Formula;
}

/** A function or method of Rust with what it calls; calls in what a macro is given are not seen, for they are only words. */
export interface RustFunction {
  readonly name: string;
  /** The type whose `impl` it is in. */
  readonly type?: string;
  readonly calls: readonly RustCall[];
}

/** The functions of a text, in their order; those within others are part of these. */
export function rustFunctions(parser: SyntaxParser, text: string): RustFunction[] {
  return parser.with(text, (root) => {
    const found: RustFunction[] = [];
    collect(root, true, undefined, found);
    return found;
  });
}

function collect(
  node: SyntaxNode,
  condition: Formula,
  type: string | undefined,
  into: RustFunction[],
): void {
  for (const [child, own] of withConditions(node, condition)) {
    if (child.type === 'function_item') {
      const body = child.childForFieldName('body');
      const calls = body ? callsIn(body, own) : [];
      const name = child.childForFieldName('name')?.text ?? '';
      into.push({ name, ...(type !== undefined && { type }), calls });
    } else {
      const named = child.type === 'impl_item' || child.type === 'trait_item';
      collect(child, own, named ? typeName(child) : type, into);
    }
  }
}

/** `Guard` of `impl<'a, T> Drop for lock::Guard<'a, T>`. */
function typeName(item: SyntaxNode): string | undefined {
  const type = item.childForFieldName('type') ?? item.childForFieldName('name');
  const plain = type?.childForFieldName('type') ?? type;
  return (plain?.childForFieldName('name') ?? plain)?.text;
}

/** Parts of a node with the condition they stand under: an attribute is for what follows it. */
function* withConditions(
  node: SyntaxNode,
  condition: Formula,
): Generator<readonly [SyntaxNode, Formula]> {
  let own = condition;
  for (const child of node.namedChildren) {
    if (!child || child.type.endsWith('comment')) continue;
    if (child.type === 'attribute_item') {
      const cfg = /^#\[\s*cfg\s*\((.*)\)\s*\]$/s.exec(child.text)?.[1];
      if (cfg !== undefined) own = and(own, parseCfg(cfg));
      continue;
    }
    yield [child, own];
    own = condition;
  }
}

/** A long chain of methods is a deep tree: no call of itself for each step. */
function callsIn(body: SyntaxNode, condition: Formula): RustCall[] {
  const found: { call: RustCall; at: number }[] = [];
  const todo: (readonly [SyntaxNode, Formula])[] = [[body, condition]];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [node, own] = next;
    if (node.type === 'call_expression') {
      const call = callOf(node, own);
      if (call) found.push(call);
    }
    todo.push(...withConditions(node, own));
  }
  return found.sort((a, b) => a.at - b.at).map(({ call }) => call);
}

/** What a call is of, without the types it is told: `f` of `f::<u8>(x)`. */
function calledOf(call: SyntaxNode): SyntaxNode | null {
  const called = call.childForFieldName('function');
  return called?.type === 'generic_function' ? called.childForFieldName('function') : called;
}

function callOf(node: SyntaxNode, condition: Formula): { call: RustCall; at: number } | undefined {
  const called = calledOf(node);
  if (!called) return undefined;
  const isMethod = called.type === 'field_expression';
  const path = isMethod
    ? [called.childForFieldName('field')?.text ?? '']
    : called.text.replace(/\s|<.*>/gs, '').split('::');
  if (!isMethod && called.type !== 'identifier' && called.type !== 'scoped_identifier')
    return undefined;
  const object = lastName(
    isMethod
      ? called.childForFieldName('value')
      : (node.childForFieldName('arguments')?.namedChildren[0] ?? null),
  );
  const { startPosition, startIndex } = called.childForFieldName('field') ?? called;
  const call = {
    path,
    isMethod,
    ...(object !== undefined && { object }),
    line: startPosition.row + 1,
    condition,
  };
  return { call, at: startIndex };
}

/** In chains of calls longer than this no object is looked for. */
const FARTHEST = 50;

/** What a value is called, without what is done to get at it: `mm` of `&*self.mm`, `self.mm.as_raw()` and `mm?`. */
function lastName(value: SyntaxNode | null): string | undefined {
  let node: SyntaxNode | null | undefined = value;
  for (let step = 0; node && step < FARTHEST; step++) {
    switch (node.type) {
      case 'identifier':
      case 'self':
        return node.text;
      case 'field_expression':
        return node.childForFieldName('field')?.text;
      case 'reference_expression':
        node = node.childForFieldName('value');
        break;
      case 'unary_expression':
      case 'try_expression':
      case 'parenthesized_expression':
        node = node.namedChildren[0];
        break;
      case 'call_expression': {
        const called = calledOf(node);
        if (called?.type !== 'field_expression') return undefined;
        node = called.childForFieldName('value');
        break;
      }
      default:
        return undefined;
    }
  }
  return undefined;
}
