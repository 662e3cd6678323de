import { E, type Expr } from '../expr/store.ts';
import { T } from '../lex/tokens.ts';
import type { Sym } from '../menu/model.ts';
import type { Context } from './context.ts';

const COMPARISONS = new Map<number, typeof E.EQUAL | typeof E.UNEQUAL | 6 | 7 | 8 | 9>([
  [T.EQUAL, E.EQUAL],
  [T.UNEQUAL, E.UNEQUAL],
  [T.LESS, E.LESS],
  [T.LESS_EQUAL, E.LESS_EQUAL],
  [T.GREATER, E.GREATER],
  [T.GREATER_EQUAL, E.GREATER_EQUAL],
]);

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

/** A bare or quoted symbol. */
export function parseSymbol(c: Context): Sym {
  const quoted = c.peek() === T.WORD_QUOTE;
  return c.symbol(c.word(quoted ? T.WORD_QUOTE : T.WORD), quoted);
}

/** A bare symbol, as definitions and selects want it. */
export function parseName(c: Context): Sym {
  return c.symbol(c.word(T.WORD), false);
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
  const comparison = COMPARISONS.get(c.peek());
  if (comparison === undefined) return c.tree.store.symbol(left.id);
  c.shift();
  return c.tree.store.make(comparison, left.id, parseSymbol(c).id);
}
