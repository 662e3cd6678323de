import { type DetailLine, NO_DETAIL, type Row } from '../../state/row.ts';
import { lineText } from '../../text/line.ts';
import type { Theme } from '../../theme.ts';
import { detailLines } from '../../widgets/detail-lines.ts';
import type { ScreenModule } from '../module.ts';
import { type ScreenTable, searchText } from '../table.ts';
import type { DetailScreen } from './screen.ts';

/** All there is to say about one row, over the whole terminal. */
export const detailModule: ScreenModule<DetailScreen> = {
  kind: 'detail',
  crumb: ({ title }) => title,
  count: () => '',
  tableKey: (state, { lines }) => `${state.size.columns} ${idOf(lines)}`,
  table: (state, { lines }, { theme }) => detailTable(lines, state.size.columns, theme),
  header: false,
  details: false,
  bindings: [],
  omits: ['open', 'filter'],
  listing: (_state, { lines }) => ({
    columns: [{ title: 'about' }, { title: 'text' }],
    groups: [{ title: null, rows: paragraphsOf(lines) }],
    paragraphs: true,
  }),
  commands: {},
};

const ids = new WeakMap<readonly DetailLine[], number>();
let lastId = 0;

/** A number for paragraphs by identity: comparing their texts would cost as much as drawing them. */
function idOf(lines: readonly DetailLine[]): number {
  let id = ids.get(lines);
  if (id === undefined) ids.set(lines, (id = ++lastId));
  return id;
}

/** The lines are rows like any others, so that they scroll by the same keys. */
function detailTable(lines: readonly DetailLine[], width: number, { glyphs }: Theme): ScreenTable {
  const rows = detailLines(lines, width - 2, glyphs.ellipsis).map(
    (line, index): Row => ({
      key: String(index),
      span: true,
      cells: line,
      search: searchText(lineText(line)),
      detail: NO_DETAIL,
    }),
  );
  return { columns: [{ title: '' }], rows };
}

/** Paragraphs with their labels; one without continues that before it. */
function paragraphsOf(lines: readonly DetailLine[]): string[][] {
  const rows: string[][] = [];
  for (const { label, text } of lines) {
    const last = rows.at(-1);
    if (label === '' && last) last[1] += ` ${text}`;
    else rows.push([label, text]);
  }
  return rows;
}
