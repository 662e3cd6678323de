import { csvText } from '../csv/csv.ts';
import { type Block, bullets, type Column, heading, table } from '../document.ts';

/** A list as somebody looked at it: texts in columns, in groups where it has headings. Plain data. */
export interface Listing {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly align?: 'left' | 'right' }[];
  readonly groups: readonly ListingGroup[];
  /** Two columns that read better as paragraphs: what, and the text about it. */
  readonly paragraphs?: boolean;
}

/** Rows below one heading; `null` for none. */
export interface ListingGroup {
  readonly title: string | null;
  readonly rows: readonly (readonly string[])[];
}

/** A listing as a document. */
export function listingDocument({ title, columns, groups, paragraphs }: Listing): Block[] {
  const blocks: Block[] = [heading(1, title)];
  for (const group of groups) {
    if (group.title !== null) blocks.push(heading(2, group.title));
    if (group.rows.length === 0) continue;
    if (paragraphs) {
      blocks.push(
        bullets(
          group.rows.map(([label = '', text = '']) =>
            label === '' ? [text] : [{ strong: label }, `: ${text}`],
          ),
        ),
      );
    } else {
      const rows = group.rows.map((row) => row.map((text) => [text]));
      blocks.push(table(columns.map(columnOf), rows));
    }
  }
  return blocks;
}

/** A listing as values separated by commas; the heading of a group is a column of its own. */
export function listingCsv({ columns, groups }: Listing): string {
  const grouped = groups.some(({ title }) => title !== null);
  const titles = columns.map(({ title }, index) => title || `column ${index + 1}`);
  return csvText(
    grouped ? ['group', ...titles] : titles,
    groups.flatMap(({ title, rows }) => rows.map((row) => (grouped ? [title, ...row] : [...row]))),
  );
}

function columnOf({ title, align }: Listing['columns'][number]): Column {
  return { title, ...(align && { align }) };
}
