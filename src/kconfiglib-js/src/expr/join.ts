import type { Simplifier } from './simplify.ts';
import { E, type Expr, MOD, NO, YES } from './store.ts';

/** What the simplifier must know about symbols. */
export interface SymbolTypes {
  isBool(symbol: number): boolean;
  isTristate(symbol: number): boolean;
  /** Quoted, or one of y, m and n. */
  isConstant(symbol: number): boolean;
}

/**
 * The symbol two simple operands both speak about, or -1. The second may be negated only as a plain `!A`; the first
 * also as the negation of a comparison.
 */
function commonSymbol(simplifier: Simplifier, types: SymbolTypes, a: Expr, b: Expr): number {
  const s = simplifier.store;
  const simple = (e: Expr): boolean => {
    const kind = s.kind[e];
    return kind === E.EQUAL || kind === E.UNEQUAL || kind === E.SYMBOL || kind === E.NOT;
  };
  if (!simple(a) || !simple(b)) return -1;
  let first = s.left[a] as number;
  if (s.kind[a] === E.NOT) {
    const inner = s.kind[first];
    if (inner !== E.EQUAL && inner !== E.UNEQUAL && inner !== E.SYMBOL) return -1;
    first = s.left[first] as number;
  }
  let second = s.left[b] as number;
  if (s.kind[b] === E.NOT) {
    if (s.kind[second] !== E.SYMBOL) return -1;
    second = s.left[second] as number;
  }
  if (first !== second) return -1;
  return types.isBool(first) || types.isTristate(first) ? first : -1;
}

/** Is one of the two `right == p` and the other `right == q`. */
function pair(x: number, y: number, p: number, q: number): boolean {
  return (x === p && y === q) || (x === q && y === p);
}

/** One expression for `a || b` where there is a shorter one, else 0. */
export function joinOr(simplifier: Simplifier, types: SymbolTypes, a: Expr, b: Expr): Expr {
  if (simplifier.equal(a, b)) return a;
  const symbol = commonSymbol(simplifier, types, a, b);
  if (symbol < 0) return 0;
  const s = simplifier.store;
  const [ka, kb] = [s.kind[a], s.kind[b]];
  if (types.isTristate(symbol) && ka === E.EQUAL && kb === E.EQUAL) {
    const [ra, rb] = [s.right[a] as number, s.right[b] as number];
    if (pair(ra, rb, YES, MOD)) return s.make(E.UNEQUAL, symbol, NO);
    if (pair(ra, rb, YES, NO)) return s.make(E.UNEQUAL, symbol, MOD);
    if (pair(ra, rb, MOD, NO)) return s.make(E.UNEQUAL, symbol, YES);
  }
  if (types.isBool(symbol)) {
    const negated = (e: Expr): boolean =>
      s.kind[e] === E.NOT && s.kind[s.left[e] as number] === E.SYMBOL;
    if ((negated(a) && kb === E.SYMBOL) || (negated(b) && ka === E.SYMBOL)) return s.symbol(YES);
  }
  return 0;
}

/** One expression for `a && b` where there is a shorter one, else 0. */
export function joinAnd(simplifier: Simplifier, types: SymbolTypes, a: Expr, b: Expr): Expr {
  if (simplifier.equal(a, b)) return a;
  const symbol = commonSymbol(simplifier, types, a, b);
  if (symbol < 0) return 0;
  const s = simplifier.store;
  const [ka, kb] = [s.kind[a], s.kind[b]];
  const [ra, rb] = [s.right[a] as number, s.right[b] as number];
  const plainWith = (kind: number, constant: number): boolean =>
    (ka === E.SYMBOL && kb === kind && rb === constant) ||
    (kb === E.SYMBOL && ka === kind && ra === constant);
  if (plainWith(E.EQUAL, YES)) return s.make(E.EQUAL, symbol, YES);
  if (plainWith(E.UNEQUAL, NO)) return s.symbol(symbol);
  if (plainWith(E.UNEQUAL, MOD)) return s.make(E.EQUAL, symbol, YES);
  if (!types.isTristate(symbol)) return 0;
  if ((ka === E.EQUAL && kb === E.UNEQUAL) || (ka === E.UNEQUAL && kb === E.EQUAL)) {
    const [wanted, barred] = ka === E.EQUAL ? [ra, rb] : [rb, ra];
    if (types.isConstant(wanted) && types.isConstant(barred)) {
      return wanted !== barred ? s.make(E.EQUAL, symbol, wanted) : s.symbol(NO);
    }
  }
  if (ka === E.UNEQUAL && kb === E.UNEQUAL) {
    if (pair(ra, rb, YES, NO)) return s.make(E.EQUAL, symbol, MOD);
    if (pair(ra, rb, YES, MOD)) return s.make(E.EQUAL, symbol, NO);
    if (pair(ra, rb, MOD, NO)) return s.make(E.EQUAL, symbol, YES);
  }
  return 0;
}
