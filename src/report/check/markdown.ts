import { inert } from '../../input/index.ts';
import {
  brokenCells,
  type CheckReport,
  checkedIds,
  findingsOf,
  findingText,
  isWorthARow,
} from './model.ts';
import { cellWord, headline } from './text.ts';

/** A check as GitHub-flavoured Markdown: a compatibility table for each file. */
export function checkMarkdown(report: CheckReport, all = false): string {
  const ids = checkedIds(report);
  const lines: string[] = [];
  for (const file of report.files) {
    lines.push(`## ${markdownCell(file.file)}`, '', `${headline(file, ids.length)}.`, '');
    const rows = file.apis.filter((api) => all || isWorthARow(api));
    if (rows.length > 0) {
      lines.push(
        markdownRow(['API', 'kind', ...ids]),
        markdownRow(['---', '---', ...ids.map(() => '---')]),
      );
      for (const api of rows)
        lines.push(
          markdownRow([`\`${markdownCell(api.name)}\``, api.kind, ...api.cells.map(cellWord)]),
        );
      lines.push('');
    }
    for (const one of findingsOf({ ...report, files: [file] })) {
      if (one.level === 'note') continue;
      lines.push(
        `- line ${one.line}: ${markdownCell(findingText(one))} (${one.cells.map(markdownCell).join('; ')})`,
      );
    }
    if (brokenCells(file) > 0) lines.push('');
    if (file.unread.length > 0)
      lines.push(`Not parsed: lines ${file.unread.map(({ line }) => line).join(', ')}.`, '');
    for (const note of file.notes) lines.push(`- note: ${markdownCell(note)}`);
    if (file.notes.length > 0) lines.push('');
  }
  for (const { id, rejected } of report.cells) {
    if (rejected !== null)
      lines.push(`- not checked: ${markdownCell(id)}: ${markdownCell(rejected)}`);
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** A row of a table. */
export function markdownRow(words: readonly string[]): string {
  return `| ${words.map(markdownCell).join(' | ')} |`;
}

/** A text where a table may hold it. */
export function markdownCell(text: string): string {
  return inert(text).replaceAll('|', '\\|');
}
