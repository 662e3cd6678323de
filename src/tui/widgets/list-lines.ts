import { rowAt } from '../state/cursor.ts';
import type { ListState } from '../state/model.ts';
import type { Rows } from '../state/row.ts';
import { windowOf } from '../state/window.ts';
import { fitLine, type Line, seg } from '../text/line.ts';
import type { Glyphs } from '../theme.ts';
import { blankLines } from './blank-lines.ts';
import { type Column, columnWidths, headerLine, rowLine } from './table.ts';

/** A list as it is to be drawn. */
export interface ListView {
  readonly rows: Rows;
  /** Rows before filtering: columns keep their widths while a filter is typed. */
  readonly all: Rows;
  readonly columns: readonly Column[];
  readonly list: ListState;
  readonly width: number;
  readonly height: number;
  readonly header: boolean;
  /** What stands there when no row is left. */
  readonly empty: string;
}

/** Lines with one selected; -1 for none. */
export interface SelectedLines {
  readonly lines: readonly Line[];
  readonly selected: number;
}

/** A list of rows in columns: the visible ones only, and empty lines up to its height. */
export function listLines(view: ListView, glyphs: Glyphs): SelectedLines {
  const { rows, all, columns, list, width, height, header, empty } = view;
  const widths = columnWidths(columns, all, width - 2);
  const { start, end } = windowOf({ count: rows.length, height, ...list });
  const titles = header ? [headerLine(columns, widths, width, glyphs.ellipsis)] : [];
  const shown = Array.from({ length: end - start }, (_, index) => {
    const row = rows.at(start + index)!;
    const cursor = start + index === list.cursor && !row.heading ? glyphs.cursor : ' ';
    return rowLine(row, columns, widths, width, cursor, glyphs.ellipsis);
  });
  const body =
    rows.length > 0 ? shown : [fitLine([seg(`  ${empty}`, 'muted')], width, glyphs.ellipsis)];
  const selectable = rowAt(rows, list.cursor)?.heading !== true && list.cursor < rows.length;
  return {
    lines: [...titles, ...body, ...blankLines(height - body.length)],
    selected: selectable ? titles.length + list.cursor - start : -1,
  };
}
