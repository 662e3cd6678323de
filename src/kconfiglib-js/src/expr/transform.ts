import { Memo } from './memo.ts';
import { E, type Expr, type ExprStore, isComparison, MOD, NO, YES } from './store.ts';

/** The message `conf` prints on standard output when a bool is compared with m. */
export type OnBoolIsM = (symbol: number, forced: 'y' | 'n') => void;

/**
 * Rewrites that put expressions into the form `conf` works with: comparisons of a bool with a constant become the bool
 * or its negation, negations move inwards. Results are remembered; a message is repeated for every use, as `conf` does.
 */
export class Transformer {
  readonly #store: ExprStore;
  readonly #isBool: (symbol: number) => boolean;
  readonly #onBoolIsM: OnBoolIsM;
  readonly #memo = new Memo();
  readonly #rewritten = new Memo();
  #messages = 0;

  constructor(store: ExprStore, isBool: (symbol: number) => boolean, onBoolIsM: OnBoolIsM) {
    this.#store = store;
    this.#isBool = isBool;
    this.#onBoolIsM = onBoolIsM;
  }

  /** `m` written in a condition means `m && MODULES`. */
  rewriteM(e: Expr, modules: number): Expr {
    if (e === 0) return 0;
    const known = this.#rewritten.get(e);
    if (known !== 0) return known;
    const s = this.#store;
    const kind = s.kind[e] as number;
    let result = e;
    if (kind === E.NOT) result = s.not(this.rewriteM(s.left[e] as number, modules));
    else if (kind === E.OR || kind === E.AND) {
      const left = this.rewriteM(s.left[e] as number, modules);
      result = s.make(kind, left, this.rewriteM(s.right[e] as number, modules));
    } else if (kind === E.SYMBOL && s.left[e] === MOD) {
      result = s.and(e, s.symbol(modules));
    }
    return this.#rewritten.set(e, result);
  }

  transform(e: Expr): Expr {
    if (e === 0) return 0;
    const known = this.#memo.get(e);
    if (known !== 0) return known;
    const before = this.#messages;
    const result = this.#transform(e);
    // An expression that printed something is done again next time, so that it prints again.
    return before === this.#messages ? this.#memo.set(e, result) : result;
  }

  #transform(e: Expr): Expr {
    const s = this.#store;
    const kind = s.kind[e] as number;
    if (isComparison(kind)) return this.#comparison(e, kind);
    if (kind === E.OR || kind === E.AND) {
      // The right operand first: messages come in the order of `conf`, whose compiler takes arguments from the right.
      const right = this.transform(s.right[e] as number);
      return s.make(kind, this.transform(s.left[e] as number), right);
    }
    return kind === E.NOT ? this.#not(this.transform(s.left[e] as number)) : e;
  }

  /** `e` is `operand` negated, with `operand` already in form. */
  #not(operand: Expr): Expr {
    const s = this.#store;
    const left = s.left[operand] as number;
    const right = s.right[operand] as number;
    switch (s.kind[operand]) {
      case E.NOT:
        return left;
      case E.EQUAL:
        return s.make(E.UNEQUAL, left, right);
      case E.UNEQUAL:
        return s.make(E.EQUAL, left, right);
      case E.LESS:
        return s.make(E.GREATER_EQUAL, left, right);
      case E.LESS_EQUAL:
        return s.make(E.GREATER, left, right);
      case E.GREATER:
        return s.make(E.LESS_EQUAL, left, right);
      case E.GREATER_EQUAL:
        return s.make(E.LESS, left, right);
      case E.OR:
        return this.transform(s.make(E.AND, s.not(left), s.not(right)));
      case E.AND:
        return this.transform(s.make(E.OR, s.not(left), s.not(right)));
      case E.SYMBOL:
        return left <= YES ? s.symbol(2 - left) : s.not(operand);
      default:
        return s.not(operand);
    }
  }

  /** A comparison of a bool with y, m or n. `A != y` is `!A` here; `conf` up to 7.0 gets that one wrong. */
  #comparison(e: Expr, kind: number): Expr {
    const s = this.#store;
    const left = s.left[e] as number;
    const right = s.right[e] as number;
    if ((kind !== E.EQUAL && kind !== E.UNEQUAL) || right > YES || !this.#isBool(left)) return e;
    if (right === MOD) {
      const forced = kind === E.EQUAL ? NO : YES;
      this.#messages++;
      this.#onBoolIsM(left, forced === NO ? 'n' : 'y');
      return s.symbol(forced);
    }
    const positive = (kind === E.EQUAL) === (right === YES);
    return positive ? s.symbol(left) : s.not(s.symbol(left));
  }
}

/**
 * The condition "e `kind` constant" pushed down to the symbols: with UNEQUAL and n, `A && B` becomes
 * `!(A = n || B = n)`. `kind` is EQUAL or UNEQUAL, `constant` y or n.
 */
export function compareWith(
  s: ExprStore,
  e: Expr,
  kind: typeof E.EQUAL | typeof E.UNEQUAL,
  constant: number,
): Expr {
  if (e === 0) return kind === E.UNEQUAL ? s.not(s.symbol(constant)) : s.symbol(constant);
  const type = s.kind[e] as number;
  if (type === E.AND || type === E.OR) {
    const left = compareWith(s, s.left[e] as number, E.EQUAL, constant);
    const right = compareWith(s, s.right[e] as number, E.EQUAL, constant);
    const dual = type === E.AND ? E.OR : E.AND;
    const joined = s.make(constant === NO ? dual : type, left, right);
    return kind === E.UNEQUAL ? s.not(joined) : joined;
  }
  if (type === E.NOT) {
    return compareWith(s, s.left[e] as number, kind === E.EQUAL ? E.UNEQUAL : E.EQUAL, constant);
  }
  if (isComparison(type)) return (kind === E.EQUAL) === (constant === YES) ? e : s.not(e);
  return s.make(kind, s.left[e] as number, constant);
}
