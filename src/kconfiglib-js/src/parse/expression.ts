import { E, type Expr, type ExprKind } from '../expr/store.ts';
import { T } from '../lex/tokens.ts';
import type { Context } from './context.ts';

/** `||` binds least, then `&&`, then `!`; comparisons are between symbols only. */
export function parseExpr(c: Context): Expr {
  let left = parseAnd(c);
  while (c.peek() === T.OR) {
    c.shift();
    left = c.tree.store.make(E.OR, left, parseAnd(c));
  }
  return left;
}

/** `if expr`, or nothing. */
export function parseIf(c: Context): Expr {
  if (c.peek() !== T.IF) return 0;
  c.shift();
  return parseExpr(c);
}

/** A bare or quoted symbol: its id. */
export function parseSymbol(c: Context): number {
  return c.peek() === T.WORD_QUOTE ? c.constant(c.word(T.WORD_QUOTE)) : c.name();
}

function parseAnd(c: Context): Expr {
  let left = parseUnary(c);
  while (c.peek() === T.AND) {
    c.shift();
    left = c.tree.store.make(E.AND, left, parseUnary(c));
  }
  return left;
}

function parseUnary(c: Context): Expr {
  const token = c.peek();
  if (token === T.NOT) {
    c.shift();
    return c.tree.store.not(parseUnary(c));
  }
  if (token === T.OPEN_PAREN) {
    c.shift();
    const inner = parseExpr(c);
    c.expect(T.CLOSE_PAREN);
    return inner;
  }
  const left = parseSymbol(c);
  const comparison = c.peek();
  if (comparison < T.EQUAL || comparison > T.GREATER_EQUAL) return c.tree.store.symbol(left);
  c.shift();
  // Comparisons have the same order as tokens and as expressions.
  const kind = (comparison - T.EQUAL + E.EQUAL) as ExprKind;
  return c.tree.store.make(kind, left, parseSymbol(c));
}
