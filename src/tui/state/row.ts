import type { Line, Tone } from '../text/line.ts';

/** A labelled paragraph of a detail pane; an empty label continues the one above. */
export interface DetailLine {
  readonly label: string;
  readonly text: string;
  readonly tone?: Tone;
}

/** A row of any list. */
export interface Row {
  /** Stays the same while the list is filtered and sorted. */
  readonly key: string;
  /** How the row is called on a screen of its own; its key if not given. */
  readonly title?: string;
  /** Index of the layer of a comparison the row belongs to. */
  readonly layer?: number;
  /** One segment per column; a heading has one segment across all. */
  readonly cells: Line;
  /** Headings cannot be selected. */
  readonly heading?: boolean;
  /** The first segment takes the whole line, like a heading, but the row can be selected. */
  readonly span?: boolean;
  /** What a screen reader is given in place of the cells. */
  readonly spoken?: () => string;
  /** The text a filter looks at, in lower case. */
  readonly search: string;
  /** Where the row is that says the other half of the same, to be seen with it. */
  readonly other?: 'above' | 'below';
  /** Whether the two sides of a comparison differ here. */
  readonly differs?: boolean;
  /** What the detail pane shows; worked out only for the selected row. */
  readonly detail: () => readonly DetailLine[];
}

/**
 * Rows by index. An array is one; a list of 20,000 rows makes them as they are drawn. `at` is only asked
 * for indexes from 0 on.
 */
export interface Rows {
  readonly length: number;
  at(index: number): Row | undefined;
  /** Index of the row with a key, -1 if there is none; without it all rows are looked through. */
  indexOfKey?(key: string): number;
}

/** Index of the row with a key; -1 if there is none. */
export function indexOfKey(rows: Rows, key: string | null): number {
  if (key === null) return -1;
  if (rows.indexOfKey) return rows.indexOfKey(key);
  return findRow(rows, (row) => row.key === key);
}

/** Index of the first row that `matches`; -1 if none does. */
export function findRow(rows: Rows, matches: (row: Row) => boolean): number {
  for (let index = 0; index < rows.length; index++) if (matches(rows.at(index)!)) return index;
  return -1;
}

/** How many rows `match`. */
export function countRows(rows: Rows, matches: (row: Row) => boolean): number {
  let count = 0;
  for (let index = 0; index < rows.length; index++) if (matches(rows.at(index)!)) count++;
  return count;
}

/** Counts of rows, kept with their list: every frame asks, and they cost a walk over all rows. */
const itemCounts = new WeakMap<Rows, number>();

/** How many rows are no headings. Rows that are made as they are drawn have none. */
export function countItems(rows: Rows): number {
  if (!Array.isArray(rows)) return rows.length;
  let count = itemCounts.get(rows);
  if (count === undefined) {
    count = countRows(rows, (row) => row.heading !== true);
    itemCounts.set(rows, count);
  }
  return count;
}

/** What a row's detail is where there is none. */
export const NO_DETAIL = (): readonly DetailLine[] => [];

/** A heading. `text` may tell how many rows follow. */
export function headingRow(key: string, text: string): Row {
  return {
    key,
    heading: true,
    cells: [{ text, tone: 'strong' }],
    search: '',
    detail: NO_DETAIL,
  };
}
