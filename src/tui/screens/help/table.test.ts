import { expect, it } from 'vitest';
import { makeKeyTable } from '../../keys/key-table.ts';
import { columnWidths } from '../../widgets/table.ts';
import { MODULES } from '../registry.ts';
import { helpTable } from './table.ts';

const COLUMNS = 80;
/** The cursor in front of each row. */
const CURSOR = 2;

const table = makeKeyTable(MODULES);

it.each(table.scopes)('says in full what the keys of %s do on 80 columns', (scope) => {
  const { columns, rows } = helpTable(table, scope, false);
  const widths = columnWidths(columns, rows, COLUMNS - CURSOR);
  const cut = Array.from({ length: rows.length }, (_, at) => rows.at(at)!).filter(
    ({ heading, cells }) => !heading && (cells[1]?.text.length ?? 0) > widths[1]!,
  );
  expect(cut.map(({ cells }) => cells[1]?.text)).toEqual([]);
});
