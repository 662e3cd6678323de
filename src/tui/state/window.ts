/** A list as far as scrolling is concerned. */
export interface WindowInput {
  /** Rows in the list. */
  readonly count: number;
  /** Rows that fit on the screen. */
  readonly height: number;
  /** Selected row. */
  readonly cursor: number;
  /** First row shown before. */
  readonly offset: number;
  /** First of the rows above the selected one that belong to it, e.g. its heading. */
  readonly lead?: number;
  /** Last of the rows below it that do. */
  readonly tail?: number;
}

/** Rows to draw: `start` up to but not including `end`. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/**
 * The rows of a list to draw: as close to the former window as showing the selected row allows, never
 * with empty lines below while rows are hidden above. Lists are drawn through this only, so that a list
 * of 20,000 rows costs what its visible rows cost.
 */
export function windowOf({
  count,
  height,
  cursor,
  offset,
  lead = cursor,
  tail = cursor,
}: WindowInput): Window {
  const rows = Math.max(0, Math.min(height, count));
  if (rows === 0) return { start: 0, end: 0 };
  const selected = clamp(cursor, 0, count - 1);
  // The heading is shown too unless that would push the selected row out.
  const first = clamp(lead, Math.max(0, selected - rows + 1), selected);
  // And what is below, unless that would push out what is above.
  const last = clamp(tail, selected, first + rows - 1);
  const start = clamp(offset, last - rows + 1, first);
  const bounded = clamp(start, 0, count - rows);
  return { start: bounded, end: bounded + rows };
}

/** The nearest number to `value` from `low` to `high`. */
export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
