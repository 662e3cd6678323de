import { BadSnapshot } from './container.ts';

/**
 * Checks that make columns safe to walk, whoever wrote them: every index is one of an existing row, and nothing leads
 * back to where it came from.
 */

function fail(what: string): never {
  throw new BadSnapshot(what);
}

/** All numbers are at least `low` and below `high`. */
export function within(column: Int32Array | Uint8Array, low: number, high: number): void {
  for (let i = 0; i < column.length; i++) {
    const value = column[i] as number;
    if (value < low || value >= high) fail('index');
  }
}

/** Exactly this many rows. */
export function rows(column: { readonly length: number }, count: number): void {
  if (column.length !== count) fail('rows');
}

/** Starts of `count` groups over `total` rows: from 0 upwards to `total`. */
export function starts(column: Int32Array, count: number, total: number): void {
  if (column.length !== count + 1 || column[0] !== 0 || column[count] !== total) fail('starts');
  for (let i = 0; i < count; i++)
    if ((column[i] as number) > (column[i + 1] as number)) fail('starts');
}

/** Expressions: operands come before their expression, symbols are symbols. */
export function expressions(
  kind: Uint8Array,
  left: Int32Array,
  right: Int32Array,
  symbols: number,
): void {
  const count = kind.length;
  if (count === 0 || left.length !== count || right.length !== count) fail('expressions');
  for (let e = 0; e < count; e++) {
    const k = kind[e] as number;
    const l = left[e] as number;
    const r = right[e] as number;
    if (k > 10 || l < 0 || r < 0) fail('expression');
    if (k === 0) {
      if (e !== 0) fail('expression');
    } else if (k <= 3) {
      if (l >= e || r >= e) fail('expression');
    } else if (l >= symbols || r >= symbols) fail('expression');
  }
}
