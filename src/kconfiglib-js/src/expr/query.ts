import { E, type Expr, type ExprStore, isComparison, MOD, NO, YES } from './store.ts';

/** Does the symbol occur anywhere in the expression. */
export function containsSymbol(s: ExprStore, e: Expr, id: number): boolean {
  if (e === 0) return false;
  const kind = s.kind[e] as number;
  const left = s.left[e] as number;
  if (kind === E.SYMBOL) return left === id;
  if (kind === E.NOT) return containsSymbol(s, left, id);
  const right = s.right[e] as number;
  if (isComparison(kind)) return left === id || right === id;
  return containsSymbol(s, left, id) || containsSymbol(s, right, id);
}

/** Is the expression n whenever the symbol is: the symbol is one of its && operands. */
export function dependsOnSymbol(s: ExprStore, e: Expr, id: number): boolean {
  if (e === 0) return false;
  const left = s.left[e] as number;
  const right = s.right[e] as number;
  switch (s.kind[e]) {
    case E.AND:
      return dependsOnSymbol(s, left, id) || dependsOnSymbol(s, right, id);
    case E.SYMBOL:
      return left === id;
    case E.EQUAL:
      return left === id && (right === YES || right === MOD);
    case E.UNEQUAL:
      return left === id && right === NO;
    default:
      return false;
  }
}

/**
 * Does the expression ask somewhere for the symbol to be off, or not fully on (scripts/kconfig/expr.c of Linux 7.3,
 * expr_contains_symbol_negated).
 */
export function containsNegated(s: ExprStore, e: Expr, id: number): boolean {
  if (e === 0) return false;
  const left = s.left[e] as number;
  const right = s.right[e] as number;
  switch (s.kind[e]) {
    case E.AND:
    case E.OR:
      return containsNegated(s, left, id) || containsNegated(s, right, id);
    case E.NOT:
      return s.isSymbol(left, id);
    case E.EQUAL:
      return left === id && right === NO;
    case E.UNEQUAL:
      return left === id && (right === YES || right === MOD);
    default:
      return false;
  }
}

/** The symbols an expression mentions, each once, from left to right. */
export function symbolsOf(s: ExprStore, e: Expr, into: Set<number> = new Set()): Set<number> {
  if (e === 0) return into;
  const kind = s.kind[e] as number;
  const left = s.left[e] as number;
  if (kind === E.SYMBOL) into.add(left);
  else if (kind === E.NOT) symbolsOf(s, left, into);
  else if (isComparison(kind)) into.add(left).add(s.right[e] as number);
  else symbolsOf(s, s.right[e] as number, symbolsOf(s, left, into));
  return into;
}

/** The operands of a chain of && or ||, from left to right. */
export function operands(s: ExprStore, e: Expr, kind: number, into: Expr[] = []): Expr[] {
  if (s.kind[e] !== kind) {
    into.push(e);
    return into;
  }
  operands(s, s.left[e] as number, kind, into);
  return operands(s, s.right[e] as number, kind, into);
}
