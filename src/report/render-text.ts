import { inert } from '../input/index.ts';
import type { Block, Table } from './document.ts';
import { columnWidths, fitTable } from './fit-table.ts';
import { type Style, wordsOf } from './words-of-line.ts';
import { pad, widthOf, wrapHard } from './wrap.ts';

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
        const lines = wrapHard(wordsOf(item.text, plain), width).split('\n');
        const rule = { 1: '=', 2: '-', 3: '' }[item.level];
        const under = rule.repeat(Math.max(...lines.map(widthOf)));
        return [...lines.map(bold), ...(under === '' ? [] : [under])].join('\n');
      }
      case 'paragraph':
        return wrapHard(wordsOf(item.text, plain), width);
      case 'list':
        return item.items
          .map((line, i) => {
            const mark = item.ordered ? `${String(i + 1).padStart(3)}. ` : '  - ';
            return wrapHard(wordsOf(line, plain), width, mark, ' '.repeat(mark.length));
          })
          .join('\n');
      case 'table':
        return fitTable(item, plain, width, Math.floor(width * 0.45))
          .map((part) => (part.kind === 'table' ? tableText(part, width, bold) : block(part)))
          .join('\n\n');
    }
  };
  return `${blocks.map(block).join('\n\n')}\n`;
}

/** A table whose columns are as wide as they must be, or narrower, with lines broken, where that is more than there is. */
function tableText(table: Table, width: number, bold: (text: string) => string): string {
  const widths = narrowed(
    columnWidths(table, plain),
    width - GAP.length * (table.columns.length - 1),
  );
  const row = (cells: readonly (readonly string[])[], set = (text: string) => text): string => {
    const columns = cells.map((words, i) => cellLines(words, widths[i] ?? 0));
    const height = Math.max(1, ...columns.map((lines) => lines.length));
    return Array.from({ length: height }, (_, at) =>
      set(
        columns
          .map((lines, i) =>
            pad(lines[at] ?? '', widths[i] ?? 0, table.columns[i]?.align ?? 'left'),
          )
          .join(GAP)
          .trimEnd(),
      ),
    ).join('\n');
  };
  return [
    row(
      table.columns.map((column) => wordsOf([column.title], plain)),
      bold,
    ),
    widths.map((own) => '-'.repeat(own)).join(GAP),
    ...table.rows.map((cells) => row(table.columns.map((_, i) => wordsOf(cells[i] ?? [], plain)))),
  ].join('\n');
}

const GAP = '  ';

/** The widths, with the widest made narrower until all have room. */
function narrowed(widths: readonly number[], room: number): number[] {
  const own = [...widths];
  for (let over = own.reduce((sum, width) => sum + width, 0) - room; over > 0; over--) {
    const widest = own.indexOf(Math.max(...own));
    own[widest] = Math.max(1, (own[widest] ?? 1) - 1);
  }
  return own;
}

/** A cell's lines; those behind the first are moved in, so that they are not taken for rows. */
function cellLines(words: readonly string[], width: number): string[] {
  const whole = words.join(' ');
  if (widthOf(whole) <= width) return [whole];
  const rest = width > 8 ? '  ' : '';
  return wrapHard(words, width, '', rest).split('\n');
}
