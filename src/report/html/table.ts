import { type Attributes, type Child, el, type Html } from './html.ts';

/** A column; neighbours with the same group share a heading above theirs. */
export interface HtmlColumn {
  readonly title: Child;
  readonly group?: string;
  readonly numeric?: boolean;
}

/** A cell with what it is sorted by, where that is not its text. */
export interface HtmlCell {
  readonly content: Child;
  readonly attributes?: Attributes;
}

/** A row; its first cell names it. */
export interface HtmlRow {
  readonly id?: string;
  readonly cells: readonly (HtmlCell | string | number | Html)[];
}

/** A table that scrolls by itself, keeps its first column in sight and can be sorted and searched. */
export interface HtmlTable {
  readonly caption: string;
  readonly columns: readonly HtmlColumn[];
  readonly rows: readonly HtmlRow[];
  /** `plain` tables are read in their order: they are neither sorted nor searched. */
  readonly kind?: 'data' | 'plain' | 'grid';
}

/** Write a table. */
export function htmlTable({ caption, columns, rows, kind = 'data' }: HtmlTable): Html {
  return el(
    'div',
    { class: 'table' },
    el(
      'div',
      { class: 'scroll', role: 'group', tabindex: 0, 'aria-label': `Table: ${caption}` },
      el(
        'table',
        { class: kind === 'grid' ? 'data grid' : kind },
        el('caption', {}, caption),
        el('thead', {}, headRows(columns)),
        el(
          'tbody',
          {},
          rows.map((row) => bodyRow(row, columns)),
        ),
      ),
    ),
  );
}

function headRows(columns: readonly HtmlColumn[]): Html[] {
  const grouped = columns.some(({ group }) => group !== undefined);
  const heads = columns.map(({ title, numeric, group }) =>
    grouped && group === undefined
      ? undefined
      : el('th', { scope: 'col', class: numeric && 'n' }, title),
  );
  if (!grouped) return [el('tr', {}, heads)];
  const above: Html[] = [];
  for (let i = 0; i < columns.length; ) {
    const { group, title } = columns[i]!;
    let end = i + 1;
    while (group !== undefined && columns[end]?.group === group) end++;
    above.push(
      group === undefined
        ? el('th', { scope: 'col', rowspan: 2 }, title)
        : el('th', { scope: 'colgroup', colspan: end - i, class: 'group' }, group),
    );
    i = end;
  }
  return [el('tr', {}, above), el('tr', {}, heads)];
}

function bodyRow({ id, cells }: HtmlRow, columns: readonly HtmlColumn[]): Html {
  return el(
    'tr',
    { id },
    cells.map((cell, i) => {
      const { content, attributes = {} } =
        typeof cell === 'object' && 'content' in cell ? cell : { content: cell };
      return i === 0
        ? el('th', { scope: 'row', ...attributes }, content)
        : el('td', { class: columns[i]?.numeric && 'n', ...attributes }, content);
    }),
  );
}
