import {
  type Block,
  bullets,
  code,
  heading,
  type Inline,
  type Line,
  paragraph,
} from '../document.ts';
import { count } from '../words.ts';
import { listOf, section, sheetBlocks } from './document.ts';
import { isEmptyMatrixDiff } from './matrix-diff.ts';
import type { CellChange, MatrixDiff, MatrixEnd, Where } from './matrix-model.ts';
import type { CountDiff, FallbackDiff } from './model.ts';
import { movesOf } from './moves.ts';
import { type Row, type Sheet, sheetsOf } from './sheets.ts';
import { named, WhereText } from './where.ts';

/** What differs between two sets of cells, as blocks of text: each layer cut up by where its differences are found. */
export function matrixDiffDocument(diff: MatrixDiff): Block[] {
  const where = new WhereText(diff.pairs);
  return [
    heading(1, 'kmatrix diff'),
    bullets([end('Left', diff.left), end('Right', diff.right)]),
    paragraph(`${count(diff.pairs.length, 'pair')} of cells that ask for the same compared.`),
    ...listOf(diff.notes.map((note) => [note])),
    ...(isEmptyMatrixDiff(diff) ? [paragraph('No difference.')] : layers(diff, where)),
  ];
}

function end(side: string, { name, edition, source, cells }: MatrixEnd): Line {
  const of = edition === null || edition === name ? [] : [' on ', code(edition)];
  return [`${side}: `, code(name), ...of, `, ${count(cells, 'cell')} from `, code(source)];
}

function layers(diff: MatrixDiff, where: WhereText): Block[] {
  return [
    ...section('In short', shortly(diff, where)),
    ...section('Cells', listOf(cellLines(diff, where))),
    ...sheetsOf(diff).flatMap(([title, sheets]) => section(title, cutUp(sheets, where))),
  ];
}

/** The moves of callers between the locks, with where they are found. */
function shortly({ fallbacks, counters }: MatrixDiff, where: WhereText): Block[] {
  const groups = new Map<
    string,
    { fallbacks: FallbackDiff[]; counters: CountDiff[]; where: Line }
  >();
  const groupOf = (one: Where) => {
    const text = where.of(one.where);
    const key = JSON.stringify(text);
    const group = groups.get(key) ?? { fallbacks: [], counters: [], where: text };
    groups.set(key, group);
    return group;
  };
  for (const one of fallbacks) groupOf(one).fallbacks.push(one);
  for (const one of counters) groupOf(one).counters.push(one);
  return [...groups.values()].flatMap((group) => {
    const lines = movesOf(group);
    return lines.length > 0 ? [heading(3, 'Where: ', ...group.where), bullets(lines)] : [];
  });
}

function cellLines({ cells, removed, added }: MatrixDiff, where: WhereText): Line[] {
  return [
    ...cells.map((change): Line => [...where.of(change.where), ': ', ...changeLine(change)]),
    ...(removed.length > 0 ? [['Only on the left: ', ...named(removed)]] : []),
    ...(added.length > 0 ? [['Only on the right: ', ...named(added)]] : []),
  ];
}

function changeLine({ left, right, refusals }: CellChange): Inline[] {
  const reasons = refusals.flatMap(({ symbol, wanted, reason }, i): Inline[] => [
    i > 0 ? '; ' : ', for ',
    code(`${symbol}=${wanted}`),
    ` does not take effect: ${reason}`,
  ]);
  return [`${left} -> ${right}`, ...reasons];
}

/** The rows of sheets by where they are found: a heading for each place, those with most cells first. */
function cutUp(sheets: readonly Sheet[], where: WhereText): Block[] {
  const places = new Map<string, { line: Line; cells: number }>();
  const cut = sheets.map((sheet) => ({
    sheet,
    rows: merged(sheet.rows).map((row) => {
      const line = where.of(row.where);
      const key = JSON.stringify(line);
      if (!places.has(key)) places.set(key, { line, cells: row.where.length });
      return { row, key };
    }),
  }));
  const order = [...places].sort(([, a], [, b]) => b.cells - a.cells);
  return order.flatMap(([key, { line }]) => [
    heading(3, 'Where: ', ...line),
    ...cut.flatMap(({ sheet, rows }) =>
      sheetBlocks(
        sheet,
        rows.filter((one) => one.key === key).map(({ row }) => row),
      ),
    ),
  ]);
}

/** Differences that look the same are one, in all places of either. */
function merged(rows: readonly Row[]): Row[] {
  const byCells = Map.groupBy(rows, ({ cells }) => JSON.stringify(cells));
  return [...byCells.values()].map((same) => ({
    cells: same[0]?.cells ?? [],
    where: [...new Set(same.flatMap((row) => row.where))],
  }));
}
