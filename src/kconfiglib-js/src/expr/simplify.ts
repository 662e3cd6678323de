import { joinAnd, joinOr, type SymbolTypes } from './join.ts';
import { Memo } from './memo.ts';
import { E, type Expr, type ExprStore, NO, YES } from './store.ts';

/**
 * Removal of repeated and redundant operands, to the same result as `conf`: its output shows in the texts of unmet
 * dependencies, decides the automatic submenus, and is what the search for dependency loops walks over.
 *
 * Operands are compared within one level of && or ||, each with each. Functions that rewrite two expressions at once
 * leave their results in `#a` and `#b`.
 */
export class Simplifier {
  readonly store: ExprStore;
  readonly #types: SymbolTypes;
  readonly #memo = new Memo();
  readonly #constants = new Memo();
  readonly #equal = new Map<number, boolean>();
  #a: Expr = 0;
  #b: Expr = 0;
  #changes = 0;

  constructor(store: ExprStore, types: SymbolTypes) {
    this.store = store;
    this.#types = types;
  }

  /** `A || B || A` is `A || B`; `A && B && A=y` is `A=y && B`. */
  eliminateDuplicates(e: Expr): Expr {
    if (e === 0) return 0;
    const known = this.#memo.get(e);
    if (known !== 0) return known;
    const s = this.store;
    const before = this.#changes;
    let result = e;
    do {
      this.#changes = 0;
      const kind = s.kind[result] as number;
      if (kind === E.OR || kind === E.AND) {
        const left = this.eliminateDuplicates(s.left[result] as number);
        const right = this.eliminateDuplicates(s.right[result] as number);
        this.#joinAll(kind, left, right);
        result = s.make(kind, this.#a, this.#b);
      }
      result = this.eliminateConstants(result);
    } while (this.#changes > 0);
    this.#changes = before;
    return this.#memo.set(e, result);
  }

  /** Remove from two expressions the operands they have in common. Returns what is left of both. */
  eliminateCommon(a: Expr, b: Expr): [Expr, Expr] {
    const s = this.store;
    if (a === 0 || b === 0) return [a, b];
    const kind = s.kind[a] as number;
    this.#a = a;
    this.#b = b;
    if (kind === E.OR || kind === E.AND) this.#strike(kind, a, b);
    const other = s.kind[this.#b] as number;
    if (s.kind[this.#a] !== other && (other === E.OR || other === E.AND))
      this.#strike(other, this.#a, this.#b);
    const [left, right] = [this.#a, this.#b];
    return [this.eliminateConstants(left), this.eliminateConstants(right)];
  }

  /** Equal up to the order of operands. */
  equal(a: Expr, b: Expr): boolean {
    if (a === b) return true;
    const s = this.store;
    if (a === 0 || b === 0) return s.isYes(a) && s.isYes(b);
    const kind = s.kind[a];
    if (kind !== s.kind[b]) return false;
    if (kind === E.NOT) return this.equal(s.left[a] as number, s.left[b] as number);
    if (kind !== E.AND && kind !== E.OR) return false;
    const key = a * 0x4000000 + b;
    const known = this.#equal.get(key);
    if (known !== undefined) return known;
    const [keepA, keepB, changes] = [this.#a, this.#b, this.#changes];
    const [left, right] = this.eliminateCommon(a, b);
    [this.#a, this.#b, this.#changes] = [keepA, keepB, changes];
    const result = s.kind[left] === E.SYMBOL && left === right;
    this.#equal.set(key, result);
    return result;
  }

  /** `x && n` is n, `x && y` is x, and so on. */
  eliminateConstants(e: Expr): Expr {
    if (e === 0) return 0;
    const s = this.store;
    const kind = s.kind[e] as number;
    if (kind !== E.AND && kind !== E.OR) return e;
    const known = this.#constants.get(e);
    if (known !== 0) return known;
    const left = this.eliminateConstants(s.left[e] as number);
    const right = this.eliminateConstants(s.right[e] as number);
    const [absorbing, neutral] = kind === E.AND ? [NO, YES] : [YES, NO];
    let result = e;
    if (s.isSymbol(left, absorbing)) result = left;
    else if (s.isSymbol(left, neutral)) result = right;
    else if (s.isSymbol(right, absorbing)) result = right;
    else if (s.isSymbol(right, neutral)) result = left;
    return this.#constants.set(e, result);
  }

  #joinAll(kind: typeof E.OR | typeof E.AND, a: Expr, b: Expr): void {
    const s = this.store;
    if (s.kind[a] === kind) {
      this.#joinAll(kind, s.left[a] as number, b);
      const left = this.#a;
      this.#joinAll(kind, s.right[a] as number, this.#b);
      this.#a = s.make(kind, left, this.#a);
      return;
    }
    if (s.kind[b] === kind) {
      this.#joinAll(kind, a, s.left[b] as number);
      const left = this.#b;
      this.#joinAll(kind, this.#a, s.right[b] as number);
      this.#b = s.make(kind, left, this.#b);
      return;
    }
    const joined =
      kind === E.OR ? joinOr(this, this.#types, a, b) : joinAnd(this, this.#types, a, b);
    if (joined !== 0) {
      this.#changes++;
      this.#a = s.symbol(kind === E.OR ? NO : YES);
      this.#b = joined;
    } else {
      this.#a = a;
      this.#b = b;
    }
  }

  #strike(kind: typeof E.OR | typeof E.AND, a: Expr, b: Expr): void {
    const s = this.store;
    if (s.kind[a] === kind) {
      this.#strike(kind, s.left[a] as number, b);
      const left = this.#a;
      this.#strike(kind, s.right[a] as number, this.#b);
      this.#a = s.make(kind, left, this.#a);
      return;
    }
    if (s.kind[b] === kind) {
      this.#strike(kind, a, s.left[b] as number);
      const left = this.#b;
      this.#strike(kind, this.#a, s.right[b] as number);
      this.#b = s.make(kind, left, this.#b);
      return;
    }
    const constant = a === b && (s.isSymbol(a, YES) || s.isSymbol(a, NO));
    if (!constant && this.equal(a, b)) {
      this.#changes++;
      this.#a = this.#b = s.symbol(kind === E.OR ? NO : YES);
    } else {
      this.#a = a;
      this.#b = b;
    }
  }
}
