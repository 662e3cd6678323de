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
  /** The text a filter looks at. */
  readonly search: string;
  /** Whether the two sides of a comparison differ here. */
  readonly differs?: boolean;
  /** What the detail pane shows; worked out only for the selected row. */
  readonly detail: () => readonly DetailLine[];
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
