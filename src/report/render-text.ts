import { inert } from '../input/index.ts';
import type { Block, Table } from './document.ts';
import { columnWidths, fitTable } from './fit-table.ts';
import { lineText, type Style, wordsOf } from './words-of-line.ts';
import { pad, wrap } from './wrap.ts';

/** How the terminal text is set. */
export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Whether headings and stressed words may use escape sequences. */
  readonly colour: boolean;
}

/** As a mail of plain text is set. */
export const MAIL: TextOptions = { width: 78, colour: false };

const plain: Style = {
  text: inert,
  code: inert,
  strong: inert,
  rules: { between: 2, around: 0 },
};

/** Render blocks for a terminal: no markup, no escape sequence but bold and underline where allowed. */
export function renderText(blocks: readonly Block[], options: TextOptions): string {
  const width = Math.max(40, options.width);
  const bold = (text: string): string => (options.colour ? `\x1b[1m${text}\x1b[22m` : text);
  const block = (item: Block): string => {
    switch (item.kind) {
      case 'heading': {
        const text = lineText(item.text, plain);
        const rule = { 1: '=', 2: '-', 3: '' }[item.level];
        return rule === '' ? bold(text) : `${bold(text)}\n${rule.repeat([...text].length)}`;
      }
      case 'paragraph':
        return wrap(wordsOf(item.text, plain), width);
      case 'list':
        return item.items
          .map((line, i) => {
            const mark = item.ordered ? `${String(i + 1).padStart(3)}. ` : '  - ';
            return wrap(wordsOf(line, plain), width, mark, ' '.repeat(mark.length));
          })
          .join('\n');
      case 'table':
        return fitTable(item, plain, width)
          .map((part) => (part.kind === 'table' ? tableText(part, bold) : block(part)))
          .join('\n\n');
    }
  };
  return `${blocks.map(block).join('\n\n')}\n`;
}

function tableText(table: Table, bold: (text: string) => string): string {
  const widths = columnWidths(table, plain);
  const row = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => pad(cell, widths[i] ?? 0, table.columns[i]?.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [
    bold(row(table.columns.map((column) => inert(column.title)))),
    row(widths.map((width) => '-'.repeat(width))),
    ...table.rows.map((cells) => row(table.columns.map((_, i) => lineText(cells[i] ?? [], plain)))),
  ].join('\n');
}
