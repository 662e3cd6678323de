/** What rows are sorted by: text in code-unit order, numbers by size, `null` always last. */
export type SortValue = string | number | null;

/** The items by `value`, equal ones in the order they came; `null` last in either direction. */
export function sortBy<T>(
  items: readonly T[],
  value: (item: T) => SortValue,
  descending: boolean,
): T[] {
  const keyed = items.map((item) => ({ item, value: value(item) }));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null)
      return Number(a.value === null) - Number(b.value === null);
    const order = a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
    return descending ? -order : order;
  });
  return keyed.map(({ item }) => item);
}
