import { E, type Expr, type ExprStore, isComparison } from './store.ts';

const OPERATORS: Record<number, string> = {
  [E.EQUAL]: '=',
  [E.UNEQUAL]: '!=',
  [E.LESS]: '<',
  [E.LESS_EQUAL]: '<=',
  [E.GREATER]: '>',
  [E.GREATER_EQUAL]: '>=',
};

/** How tightly a kind binds; a child that binds less than its parent gets parentheses. */
function binding(kind: number): number {
  if (kind === E.OR) return 1;
  if (kind === E.AND) return 2;
  if (isComparison(kind)) return 4;
  return kind === E.NOT ? 3 : 0;
}

/**
 * Print an expression as `conf` does. `symbolText` gives the text of a symbol, by which a caller adds values or quotes.
 * No expression prints as `y`.
 */
export function printExpr(s: ExprStore, e: Expr, symbolText: (id: number) => string): string {
  return print(s, e, symbolText, 0);
}

function print(s: ExprStore, e: Expr, text: (id: number) => string, outer: number): string {
  if (e === 0) return 'y';
  const kind = s.kind[e] as number;
  const left = s.left[e] as number;
  const right = s.right[e] as number;
  const own = binding(kind);
  let out: string;
  if (kind === E.SYMBOL) return text(left);
  if (kind === E.NOT) out = `!${print(s, left, text, own)}`;
  else if (kind === E.OR) out = `${print(s, left, text, own)} || ${print(s, right, text, own)}`;
  else if (kind === E.AND) out = `${print(s, left, text, own)} && ${print(s, right, text, own)}`;
  else out = `${text(left)}${OPERATORS[kind]}${text(right)}`;
  return outer > own ? `(${out})` : out;
}
