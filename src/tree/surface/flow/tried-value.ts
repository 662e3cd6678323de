import type { SyntaxNode } from '../../c/parser.ts';

/** What is known of a value: its sign or that it is an error as a pointer, and whether it came of the call that fails. */
export interface Known {
  readonly is: 'zero' | 'other' | 'negative' | 'error';
  readonly text: string;
  readonly tried: boolean;
}

/** What is known of what stands in variables and behind pointers, by how they are written. */
export type State = ReadonlyMap<string, Known>;

/** Hints and warnings stand for what they are given (include/linux/compiler.h, include/asm-generic/bug.h). */
const TRANSPARENT = /^(?:(?:un)?likely|WARN_ON(?:_ONCE)?)$/;

/** What a constant is; undefined for what is none. */
export function constantOf(written: string, tried = false): Known | undefined {
  const text = written.replace(/\s+/g, '').replace(/^\((.*)\)$/, '$1');
  const of = (is: Known['is']): Known => ({ is, text, tried });
  if (/^(?:0[uUlL]*|NULL|false)$/.test(text)) return of('zero');
  if (/^-(?:E[A-Z0-9]+|\d+)$/.test(text)) return of('negative');
  if (/^ERR_(?:PTR|CAST)\(/.test(text)) return of('error');
  if (/^(?:true|[1-9]\w*|[A-Z][A-Z0-9_]*|\(\w+\*\)-\w+)$/.test(text)) return of('other');
  return undefined;
}

/** What an expression comes to where calls of one function fail; undefined for what is not known. */
export function outcomeOf(
  node: SyntaxNode | null | undefined,
  call: string,
  failed: Known,
  state: State,
): Known | undefined {
  if (!node) return undefined;
  const inner = (one: SyntaxNode | null | undefined): Known | undefined =>
    outcomeOf(one, call, failed, state);
  const child = (name: string): SyntaxNode | null => node.childForFieldName(name);
  switch (node.type) {
    case 'parenthesized_expression':
      return node.namedChildCount === 1 ? inner(node.namedChildren[0]) : undefined;
    case 'cast_expression':
      return inner(child('value')) ?? constantOf(node.text);
    case 'assignment_expression':
      return child('operator')?.text === '=' ? inner(child('right')) : undefined;
    case 'conditional_expression': {
      const asked = inner(child('condition'));
      const [then, otherwise] = [inner(child('consequence')), inner(child('alternative'))];
      if (!asked) return then && then.text === otherwise?.text ? then : undefined;
      const chosen = asked.is === 'zero' ? otherwise : then;
      return chosen && { ...chosen, tried: chosen.tried || asked.tried };
    }
    case 'comma_expression':
      return inner(child('right'));
    case 'unary_expression': {
      const constant = constantOf(node.text);
      if (constant) return constant;
      const argument = inner(child('argument'));
      if (child('operator')?.text !== '!' || !argument) return undefined;
      return truth(argument.is === 'zero', argument.tried);
    }
    case 'call_expression': {
      const name = child('function')?.text ?? '';
      if (name === call) return failed;
      const [argument, second] = child('arguments')?.namedChildren ?? [];
      if (second !== undefined) return undefined;
      const given = inner(argument);
      if (TRANSPARENT.test(name)) return given;
      if (!given) return constantOf(node.text);
      return ofError(name, given) ?? constantOf(node.text);
    }
    case 'binary_expression':
      return compared(child('operator')?.text ?? '', inner(child('left')), inner(child('right')));
    default:
      return state.get(written(node)) ?? constantOf(node.text);
  }
}

/**
 * What may be known instead where the call did not fail: of nothing something, of an error an object, of a negative number
 * one that is not. What only tells of the failure is not known then.
 */
export function succeeding(failed: Known, state: State): { call: Known; state: State }[] {
  const kinds: readonly Known['is'][] = failed.is === 'negative' ? ['zero', 'other'] : ['other'];
  return kinds.map((is) => {
    const call: Known = { is, text: is === 'zero' ? '0' : '?', tried: true };
    const known = [...state].flatMap(([name, one]): [string, Known][] => {
      if (!one.tried) return [[name, one]];
      return one.is === failed.is && one.text === failed.text ? [[name, call]] : [];
    });
    return { call, state: new Map(known) };
  });
}

/** How something is written, without white space. */
export function written(node: SyntaxNode): string {
  return node.text.replace(/\s+/g, '');
}

/** Errors as pointers (include/linux/err.h). */
function ofError(name: string, { is, tried, text }: Known): Known | undefined {
  if (name === 'IS_ERR') return is === 'negative' ? undefined : truth(is === 'error', tried);
  if (name === 'IS_ERR_OR_NULL') return truth(is === 'error' || is === 'zero', tried);
  if (name !== 'PTR_ERR' || is !== 'error') return undefined;
  return { is: 'negative', text: /\((.*)\)/.exec(text)?.[1] ?? '', tried };
}

function truth(holds: boolean, tried: boolean): Known {
  return { is: holds ? 'other' : 'zero', text: holds ? '1' : '0', tried };
}

function compared(
  operator: string,
  left: Known | undefined,
  right: Known | undefined,
): Known | undefined {
  const tried = (left?.tried ?? false) || (right?.tried ?? false);
  if (operator === '&&' && (left?.is === 'zero' || right?.is === 'zero')) {
    return truth(false, tried);
  }
  const order = orderOf(left, right);
  switch (operator) {
    case '==':
      return order === undefined ? undefined : truth(order === 0, tried);
    case '!=':
      return order === undefined ? undefined : truth(order !== 0, tried);
    case '<':
    case '>=':
      return isOrdered(order) ? truth(order < 0 === (operator === '<'), tried) : undefined;
    case '>':
    case '<=':
      return isOrdered(order) ? truth(order > 0 === (operator === '>'), tried) : undefined;
    default:
      return undefined;
  }
}

function isOrdered(order: number | undefined): order is number {
  return order !== undefined && !Number.isNaN(order);
}

/** Below, equal or above; not a number for what is only known to be another. */
function orderOf(left: Known | undefined, right: Known | undefined): number | undefined {
  if (left && right) {
    if (left.text === right.text || (left.is === 'zero' && right.is === 'zero')) return 0;
    if (left.is === 'negative' && right.is === 'zero') return -1;
    if (left.is === 'zero' && right.is === 'negative') return 1;
    // An error is below whatever else has a name (include/uapi/asm-generic/errno-base.h).
    if (left.is === 'negative' && right.is === 'other') return -1;
    if (left.is === 'other' && right.is === 'negative') return 1;
    return Number.NaN;
  }
  // None of what was asked for.
  if (left?.tried && left.text === '0') return -1;
  if (right?.tried && right.text === '0') return 1;
  return undefined;
}
