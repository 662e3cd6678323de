/** Something only one side has in a file, and maybe the other in another. */
interface Named {
  readonly name: string;
  readonly file: string;
  readonly left: unknown;
  readonly right: unknown;
}

/**
 * Differences without those that are none: what is gone from one header and is the same in another. What a source file
 * has is its own, and may have a name by chance.
 */
export function withoutMoved<T extends Named>(
  list: readonly T[],
  text: (one: T, side: 'left' | 'right') => string,
): T[] {
  const lone = list.filter(
    ({ file, left, right }) => file.endsWith('.h') && (left === null) !== (right === null),
  );
  const gone = new Set<T>();
  for (const own of Map.groupBy(lone, ({ name }) => name).values()) {
    for (const l of own.filter(({ right }) => right === null)) {
      const same = own.find(
        (r) => r.left === null && !gone.has(r) && text(r, 'right') === text(l, 'left'),
      );
      if (same) gone.add(l).add(same);
    }
  }
  return gone.size === 0 ? [...list] : list.filter((one) => !gone.has(one));
}
