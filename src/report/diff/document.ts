import { type Block, bullets, code, heading, type Line, paragraph, table } from '../document.ts';
import { isEmptyDiff } from './diff.ts';
import type { Diff } from './model.ts';
import { movesOf } from './moves.ts';
import { type Row, type Sheet, sheetsOf } from './sheets.ts';

/** A diff as blocks of text, in the order of its layers. */
export function diffDocument(diff: Diff): Block[] {
  return [
    heading(1, 'kmatrix diff'),
    bullets([end('Left', diff.left), end('Right', diff.right)]),
    ...listOf(diff.notes.map((note) => [note])),
    ...(isEmptyDiff(diff) ? [paragraph('No difference.')] : layers(diff)),
  ];
}

function end(side: string, { id, source }: Diff['left']): Line {
  return [`${side}: `, code(id), ...(source === id ? [] : [' from ', code(source)])];
}

function layers(diff: Diff): Block[] {
  return [
    ...section('In short', listOf(movesOf(diff))),
    ...sheetsOf(diff).flatMap(([title, sheets]) =>
      section(
        title,
        sheets.flatMap((sheet) => sheetBlocks(sheet, sheet.rows)),
      ),
    ),
  ];
}

/** Blocks under a heading, if there are any. */
export function section(title: string, blocks: readonly Block[]): Block[] {
  return blocks.length > 0 ? [heading(2, title), ...blocks] : [];
}

/** A list, unless it would have no items. */
export function listOf(items: readonly Line[]): Block[] {
  return items.length > 0 ? [bullets(items)] : [];
}

/** Some rows of a sheet, unless there are none. */
export function sheetBlocks({ intro, columns }: Sheet, rows: readonly Row[]): Block[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => row.cells);
  return [
    ...(intro ? [intro] : []),
    columns ? table(columns, cells) : bullets(cells.map(([line = []]) => line)),
  ];
}
