import type { Where } from './matrix-model.ts';

/** Differences that are found in several places, each kept once with all of them. */
export class Gatherer<T extends object> {
  readonly #found = new Map<string, { readonly item: T; readonly where: Set<string> }>();

  /** Note differences that were found in all of these places. */
  add(items: readonly T[], where: readonly string[]): void {
    for (const item of items) {
      const key = JSON.stringify(item);
      const known = this.#found.get(key);
      if (known) for (const one of where) known.where.add(one);
      else this.#found.set(key, { item, where: new Set(where) });
    }
  }

  /** Every difference once, in the order they were found, with its places in the order given. */
  list(order: readonly string[]): (T & Where)[] {
    const rank = new Map(order.map((key, at) => [key, at]));
    const rankOf = (key: string): number => rank.get(key) ?? order.length;
    return [...this.#found.values()].map(({ item, where }) => ({
      ...item,
      where: [...where].sort((a, b) => rankOf(a) - rankOf(b)),
    }));
  }
}
