import type { SyntaxNode } from '../c/parser.ts';
import { apply, applyUnary, literal, type Num, num } from '../preprocess/arithmetic.ts';

/**
 * The value a condition has whatever its variables hold: `x & 0`, `a && 0`, `1 || f()`. Undefined where it depends on
 * them. A compiler throws away what stands behind such a condition.
 */
export function folded(node: SyntaxNode | null): Num | undefined {
  if (!node) return undefined;
  switch (node.type) {
    case 'number_literal':
    case 'char_literal':
      return literal(node.text);
    case 'true':
    case 'false':
      return num(node.type === 'true' ? 1n : 0n);
    case 'parenthesized_expression':
      return folded(node.namedChildren[0] ?? null);
    case 'unary_expression': {
      const inner = folded(node.childForFieldName('argument'));
      return inner && applyUnary(node.childForFieldName('operator')?.text ?? '', inner);
    }
    case 'binary_expression':
      return binary(node);
    case 'call_expression': {
      const name = node.childForFieldName('function')?.text;
      const first = node.childForFieldName('arguments')?.namedChildren[0] ?? null;
      return name === '__builtin_expect' ? folded(first) : undefined;
    }
    default:
      return undefined;
  }
}

function binary(node: SyntaxNode): Num | undefined {
  const sign = node.childForFieldName('operator')?.text ?? '';
  const left = folded(node.childForFieldName('left'));
  const right = folded(node.childForFieldName('right'));
  const has = (value: bigint): boolean => left?.value === value || right?.value === value;
  if ((sign === '&&' || sign === '&' || sign === '*') && has(0n)) return num(0n);
  const sure = [left, right].some((one) => one !== undefined && one.value !== 0n);
  if (sign === '||' && sure) return num(1n);
  return left && right && apply(left, sign, right);
}
