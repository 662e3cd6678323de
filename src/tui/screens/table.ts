import type { Row } from '../state/row.ts';
import type { Column } from '../widgets/table.ts';

/** What a list shows before it is filtered. */
export interface ScreenTable {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

/** Filter text of a row: everything that stands in it. */
export function searchText(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}
