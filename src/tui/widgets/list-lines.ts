import { Box } from 'ink';
import type { ReactElement } from 'react';
import { rowAt } from '../state/cursor.ts';
import type { ListState } from '../state/model.ts';
import type { Rows } from '../state/row.ts';
import { windowOf } from '../state/window.ts';
import { fitLine, seg } from '../text/line.ts';
import { useTheme } from '../theme.ts';
import { blankLines, Lines } from './lines.tsx';
import { type Column, columnWidths, headerLine, rowLine } from './table.ts';

/** A list of rows in columns: the visible ones only, and empty lines up to its height. */
export function List({
  rows,
  all,
  columns,
  list,
  width,
  height,
  header,
  empty,
}: {
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
}): ReactElement {
  const { glyphs } = useTheme();
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
  return (
    <Box flexDirection="column" height={height + titles.length} flexShrink={0}>
      <Lines
        lines={[...titles, ...body, ...blankLines(height - body.length)]}
        selected={selectable ? titles.length + list.cursor - start : -1}
      />
    </Box>
  );
}
