/**
 * A report's text before it has a format: blocks of inline pieces. The writers know nothing of
 * Markdown or terminals, so that escaping lives in exactly one place per format.
 */

/** A piece of a line: plain text, an identifier to be set as code, or something to stress. */
export type Inline = string | { readonly code: string } | { readonly strong: string };

/** A line of text. */
export type Line = readonly Inline[];

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Long prose: moved below the table as numbered notes if the table would be too wide with it. */
  readonly prose?: boolean;
}

/** A table; every row has one line per column. */
export interface Table {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Line[])[];
}

/** A list. */
export interface List {
  readonly kind: 'list';
  readonly ordered: boolean;
  readonly items: readonly Line[];
}

/** A heading. */
export interface Heading {
  readonly kind: 'heading';
  readonly level: 1 | 2 | 3;
  readonly text: Line;
}

/** A paragraph. */
export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: Line;
}

export type Block = Heading | Paragraph | List | Table;

/** A heading. */
export function heading(level: 1 | 2 | 3, ...text: Inline[]): Heading {
  return { kind: 'heading', level, text };
}

/** A paragraph. */
export function paragraph(...text: Inline[]): Paragraph {
  return { kind: 'paragraph', text };
}

/** A bulleted list. */
export function bullets(items: readonly Line[]): List {
  return { kind: 'list', ordered: false, items };
}

/** A numbered list. */
export function numbered(items: readonly Line[]): List {
  return { kind: 'list', ordered: true, items };
}

/** A table. */
export function table(columns: readonly Column[], rows: readonly (readonly Line[])[]): Table {
  return { kind: 'table', columns, rows };
}

/** An identifier. */
export function code(text: string): Inline {
  return { code: text };
}
