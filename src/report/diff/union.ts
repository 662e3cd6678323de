/** An item of either list under its key. */
export interface Paired<T> {
  readonly key: string;
  readonly left: T | undefined;
  readonly right: T | undefined;
}

/** Pair two lists by key: the left list's order, then what only the right one has. */
export function union<T>(
  left: readonly T[],
  right: readonly T[],
  keyOf: (item: T) => string,
): Paired<T>[] {
  const a = new Map(left.map((item) => [keyOf(item), item]));
  const b = new Map(right.map((item) => [keyOf(item), item]));
  return [...new Set([...a.keys(), ...b.keys()])].map((key) => ({
    key,
    left: a.get(key),
    right: b.get(key),
  }));
}
