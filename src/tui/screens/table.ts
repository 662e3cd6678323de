import type { Rows } from '../state/row.ts';
import type { Column } from '../widgets/table.ts';

/** What a list shows before it is filtered. */
export interface ScreenTable {
  readonly columns: readonly Column[];
  readonly rows: Rows;
  /** The rows a filter leaves; without it the filter looks through all of them. */
  readonly filtered?: (filter: string) => Rows;
}

/** Filter text of a row: everything that stands in it, in lower case once and not for every letter typed. */
export function searchText(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter(Boolean).join(' ').toLowerCase();
}
