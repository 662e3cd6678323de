/** Whether a row is shown under a filter. */
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
  return (text) => {
    const searched = text.toLowerCase();
    return words.every((word) =>
      word.startsWith('!') ? !searched.includes(word.slice(1)) : searched.includes(word),
    );
  };
}

/** A row as far as filtering is concerned. */
export interface Filterable {
  readonly heading?: boolean;
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
