/** Whether a row is shown under a filter, by its text in lower case. */
export type Predicate = (text: string) => boolean;

/**
 * The meaning of a filter line: every word must occur, `!word` must not; without regard to case.
 * Words rather than one pattern, because rows are looked for by several columns at once (`v7 smp=n`).
 */
export function filterPredicate(filter: string): Predicate {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && word !== '!');
  if (words.length === 0) return () => true;
  return (text) =>
    words.every((word) =>
      word.startsWith('!') ? !text.includes(word.slice(1)) : text.includes(word),
    );
}

/** Whether what fits a filter is all among what fits another: it is that one with more behind it, and nothing is left out. */
export function narrows(filter: string, before: string): boolean {
  return before.trim() !== '' && filter.startsWith(before) && !filter.includes('!');
}

/** A row as far as filtering is concerned. */
export interface Filterable {
  readonly heading?: boolean;
  /** In lower case. */
  readonly search: string;
}

/** The rows a filter leaves, with the headings that still have rows below them. */
export function filterRows<T extends Filterable>(rows: readonly T[], filter: string): readonly T[] {
  if (filter.trim() === '') return rows;
  const matches = filterPredicate(filter);
  const out: T[] = [];
  let heading: T | null = null;
  for (const row of rows) {
    if (row.heading) {
      heading = row;
    } else if (matches(row.search)) {
      if (heading) out.push(heading);
      heading = null;
      out.push(row);
    }
  }
  return out;
}
