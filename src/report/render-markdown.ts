import { inert } from '../input/index.ts';
import type { Block, Table } from './document.ts';
import { columnWidths, fitTable } from './fit-table.ts';
import { lineText, type Style, wordsOf } from './words-of-line.ts';
import { pad, wrap } from './wrap.ts';

/** Widest line that is aimed at: GitHub shows it whole, and so does a terminal of 100 columns. */
const WIDTH = 100;

/** Brackets that make a link, an image, a footnote or a definition; others stand for themselves. */
const LINK = /\]\s*[([:]/;

/**
 * Markdown as GitHub reads it and as it reads without being rendered.
 *
 * Only what would become markup is escaped: an underscore inside a word never does, so kernel names
 * stay legible.
 */
const markdown: Style = {
  text: (text) =>
    inert(text)
      .replace(LINK.test(text) ? /[\\`*[\]|]|<(?=[a-z/!?])/gi : /[\\`*|]|<(?=[a-z/!?])/gi, '\\$&')
      .replace(/&(?=#?\w+;)/g, '&amp;')
      .replace(/~(?=~)|(?<=~)~/g, '\\~')
      .replace(/(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9])/g, (run) => '\\_'.repeat(run.length)),
  code: codeSpan,
  strong: (text) => `**${markdown.text(text)}**`,
  rules: { between: 3, around: 4 },
};

/** The same inside a table, where GitHub takes a pipe for a cell's end even in a code span. */
const inTable: Style = {
  ...markdown,
  code: (text) => codeSpan(text).replaceAll('|', '\\|'),
};

/** Render blocks as GitHub-flavoured Markdown. */
export function renderMarkdown(blocks: readonly Block[]): string {
  return `${blocks.map(block).join('\n\n')}\n`;
}

function block(item: Block): string {
  switch (item.kind) {
    case 'heading':
      return `${'#'.repeat(item.level)} ${lineText(item.text, markdown)}`;
    case 'paragraph':
      return guardStart(wrap(wordsOf(item.text, markdown), WIDTH));
    case 'list':
      return item.items
        .map((line, i) => {
          const mark = item.ordered ? `${i + 1}. ` : '- ';
          return wrap(guarded(wordsOf(line, markdown)), WIDTH, mark, ' '.repeat(mark.length));
        })
        .join('\n');
    case 'table':
      return fitTable(item, inTable, WIDTH)
        .map((part) => (part.kind === 'table' ? tableText(part) : block(part)))
        .join('\n\n');
  }
}

function tableText(table: Table): string {
  const widths = columnWidths(table, inTable);
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => pad(cell, widths[i] ?? 0, table.columns[i]?.align ?? 'left')).join(' | ')} |`;
  const rule = table.columns.map((column, i) => {
    const dashes = '-'.repeat(widths[i] ?? 3);
    return column.align === 'right' ? `${dashes.slice(1)}:` : dashes;
  });
  return [
    row(table.columns.map((column) => inTable.text(column.title))),
    `| ${rule.join(' | ')} |`,
    ...table.rows.map((cells) =>
      row(table.columns.map((_, i) => lineText(cells[i] ?? [], inTable))),
    ),
  ].join('\n');
}

/** A code span whose fence is longer than any run of backticks inside it. */
function codeSpan(text: string): string {
  const safe = inert(text);
  if (safe.trim() === '') return '';
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const gap = safe.startsWith('`') || safe.endsWith('`') ? ' ' : '';
  return fence + gap + safe + gap + fence;
}

/** Keep a paragraph from starting as a heading, a list item, a quotation or a rule. */
function guardStart(text: string): string {
  return text.replace(/^(\s*)([-+#=>[]|\d+(?=[.)]))/, (_, blank: string, mark: string) =>
    /^\d/.test(mark) ? `${blank}${mark}\\` : `${blank}\\${mark}`,
  );
}

function guarded(words: readonly string[]): string[] {
  return words.map((word, i) => (i === 0 ? guardStart(word) : word));
}
