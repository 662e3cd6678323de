/**
 * Expressions.
 *
 * An expression is a small integer into three parallel columns (kind, left, right). Equal expressions are the same
 * integer (hash-consing), so equality is `===` and what is computed for one can be remembered for all. 0 is "no
 * expression", which counts as y. `left`/`right` hold expressions for OR, AND and NOT, and symbol ids otherwise.
 */
export type Expr = number;

/** Expression kinds, in the order that decides where parentheses are printed. */
export const E = {
  NONE: 0,
  OR: 1,
  AND: 2,
  NOT: 3,
  EQUAL: 4,
  UNEQUAL: 5,
  LESS: 6,
  LESS_EQUAL: 7,
  GREATER: 8,
  GREATER_EQUAL: 9,
  SYMBOL: 10,
} as const;

export type ExprKind = (typeof E)[keyof typeof E];

/** Symbol ids of the constants, the same in every tree, and equal to their tristate values. */
export const NO = 0;
export const MOD = 1;
export const YES = 2;

/** The columns of a store, `count` rows long. */
export interface ExprColumns {
  kind: Uint8Array;
  left: Int32Array;
  right: Int32Array;
}

/** Expressions by number, equal ones once: 0 is none, and operands come before what is made of them. */
export class ExprStore {
  kind: Uint8Array;
  left: Int32Array;
  right: Int32Array;
  /** Number of expressions, the empty one included. */
  count = 1;
  #table: Int32Array;
  #mask: number;
  /** The expressions that are just a symbol, by its id: every second one asked for is. */
  #symbols: Int32Array;

  /**
   * An empty store, or one over columns that hold expressions already; those are hashed when the first is made. `room`, a
   * power of two, is for how many expressions there is room at first.
   */
  constructor(columns?: ExprColumns, room = 1 << 12) {
    this.kind = columns?.kind ?? new Uint8Array(room);
    this.left = columns?.left ?? new Int32Array(room);
    this.right = columns?.right ?? new Int32Array(room);
    this.count = columns?.kind.length ?? 1;
    this.#symbols = new Int32Array(columns ? 1 << 10 : room);
    this.#mask = columns ? 0 : room * 2 - 1;
    this.#table = new Int32Array(this.#mask + 1);
  }

  /** The expression with this shape: found, or made. */
  make(kind: ExprKind, left: number, right: number): Expr {
    if (this.#mask === 0) this.#rehash();
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + kind * 0x3d4d51cb, 0x85ebca77);
    hash ^= hash >>> 15;
    let slot = hash & this.#mask;
    const table = this.#table;
    for (let e = table[slot] as number; e !== 0; e = table[slot] as number) {
      if (this.left[e] === left && this.right[e] === right && this.kind[e] === kind) return e;
      slot = (slot + 1) & this.#mask;
    }
    const e = this.count++;
    if (e >= this.kind.length) this.#grow();
    this.kind[e] = kind;
    this.left[e] = left;
    this.right[e] = right;
    table[slot] = e;
    if (e * 2 > this.#mask) this.#rehash();
    return e;
  }

  /** A further expression with this shape, although there may be one already: for those nobody compares. */
  append(kind: ExprKind, left: number, right: number): Expr {
    const e = this.count++;
    if (e >= this.kind.length) this.#grow();
    this.kind[e] = kind;
    this.left[e] = left;
    this.right[e] = right;
    return e;
  }

  /** A store of its own with the expressions made so far, and room for more. */
  copy(room = 0): ExprStore {
    const { count } = this;
    const kind = new Uint8Array(count + room);
    kind.set(this.kind.subarray(0, count));
    const left = resizedInts(this.left, count + room);
    const right = resizedInts(this.right, count + room);
    const store = new ExprStore({ kind, left, right });
    store.count = count;
    return store;
  }

  symbol(id: number): Expr {
    // V8 makes all accesses slow where one was out of bounds.
    if (id >= this.#symbols.length) this.#symbols = resizedInts(this.#symbols, (id + 1) * 2);
    const known = this.#symbols[id] as number;
    if (known !== 0) return known;
    const e = this.make(E.SYMBOL, id, 0);
    this.#symbols[id] = e;
    return e;
  }

  not(e: Expr): Expr {
    return this.make(E.NOT, e, 0);
  }

  /** `a && b`, where an absent operand is y. */
  and(a: Expr, b: Expr): Expr {
    if (a === 0) return b;
    return b === 0 ? a : this.make(E.AND, a, b);
  }

  /** `a || b`, where an absent operand is left out: this joins the conditions of several selects. */
  or(a: Expr, b: Expr): Expr {
    if (a === 0) return b;
    return b === 0 ? a : this.make(E.OR, a, b);
  }

  /** Does the expression, or its absence, mean y. */
  isYes(e: Expr): boolean {
    return e === 0 || (this.kind[e] === E.SYMBOL && this.left[e] === YES);
  }

  /** Is it the plain symbol `id`. */
  isSymbol(e: Expr, id: number): boolean {
    return this.kind[e] === E.SYMBOL && this.left[e] === id;
  }

  #grow(): void {
    const size = this.kind.length * 2;
    const kind = new Uint8Array(size);
    kind.set(this.kind);
    this.kind = kind;
    this.left = resizedInts(this.left, size);
    this.right = resizedInts(this.right, size);
  }

  #rehash(): void {
    do this.#mask = this.#mask * 4 + 3;
    while (this.#mask < this.count * 2);
    const table = new Int32Array(this.#mask + 1);
    for (let e = 1; e < this.count; e++) {
      const left = this.left[e] as number;
      let hash =
        Math.imul(left, 0x9e3779b1) ^
        Math.imul((this.right[e] as number) + (this.kind[e] as number) * 0x3d4d51cb, 0x85ebca77);
      hash ^= hash >>> 15;
      let slot = hash & this.#mask;
      while (table[slot] !== 0) slot = (slot + 1) & this.#mask;
      table[slot] = e;
    }
    this.#table = table;
  }
}

function resizedInts(column: Int32Array, rows: number): Int32Array {
  const resized = new Int32Array(rows);
  resized.set(column.length > rows ? column.subarray(0, rows) : column);
  return resized;
}

/** Kinds that compare two symbols. */
export function isComparison(kind: number): boolean {
  return kind >= E.EQUAL && kind <= E.GREATER_EQUAL;
}
