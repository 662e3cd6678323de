import type { Block, Inline, Line, Table } from '../document.ts';
import type { Context } from './context.ts';
import { el, type Html, join } from './html.ts';
import { section } from './section.ts';
import { htmlTable } from './table.ts';

/** A line of a document. */
export function lineHtml(line: Line): Html {
  return join(line.map(inlineHtml));
}

function inlineHtml(piece: Inline): string | Html {
  if (typeof piece === 'string') return piece;
  return 'code' in piece ? el('code', {}, piece.code) : el('strong', {}, piece.strong);
}

/** The text of a line without its marks. */
export function plainText(line: Line): string {
  return line
    .map((piece) =>
      typeof piece === 'string' ? piece : 'code' in piece ? piece.code : piece.strong,
    )
    .join('');
}

/** Blocks of a document that every face shares, cut into sections at its headings of the second level. */
export function sectionsHtml(context: Context, blocks: readonly Block[]): Section[] {
  const sections: { title: string; blocks: Block[] }[] = [];
  for (const block of blocks) {
    if (block.kind === 'heading' && block.level === 2) {
      sections.push({ title: plainText(block.text), blocks: [] });
    } else sections.at(-1)?.blocks.push(block);
  }
  return sections.map(({ title, blocks: own }) => ({
    title,
    html: section(context, title, blocksHtml(own, title)),
  }));
}

/** A section with the title a table of contents gives it. */
export interface Section {
  readonly title: string;
  readonly html: Html;
}

/** Blocks below a heading, which is what a table is called after that has none of its own. */
export function blocksHtml(blocks: readonly Block[], title: string): Html {
  let under = title;
  let tables = 0;
  return join(
    blocks.map((block) => {
      if (block.kind === 'heading') {
        under = plainText(block.text);
        tables = 0;
      }
      if (block.kind !== 'table') return blockHtml(block);
      tables++;
      return tableHtml(block, tables === 1 ? under : `${under} (${tables})`);
    }),
  );
}

function blockHtml(block: Exclude<Block, Table>): Html {
  switch (block.kind) {
    case 'heading':
      return el(`h${Math.max(2, block.level)}`, {}, lineHtml(block.text));
    case 'paragraph':
      return el('p', {}, lineHtml(block.text));
    case 'list':
      return el(
        block.ordered ? 'ol' : 'ul',
        {},
        block.items.map((item) => el('li', {}, lineHtml(item))),
      );
  }
}

function tableHtml({ columns, rows }: Table, caption: string): Html {
  return htmlTable({
    caption,
    columns: columns.map(({ title, align }) => ({ title, numeric: align === 'right' })),
    rows: rows.map((cells) => ({ cells: columns.map((_, i) => lineHtml(cells[i] ?? [])) })),
  });
}
