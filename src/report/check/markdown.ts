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
    lines.push(`## ${cell(file.file)}`, '', `${headline(file, ids.length)}.`, '');
    const rows = file.apis.filter((api) => all || isWorthARow(api));
    if (rows.length > 0) {
      lines.push(row(['API', 'kind', ...ids]), row(['---', '---', ...ids.map(() => '---')]));
      for (const api of rows)
        lines.push(row([`\`${cell(api.name)}\``, api.kind, ...api.cells.map(cellWord)]));
      lines.push('');
    }
    for (const one of findingsOf({ ...report, files: [file] })) {
      if (one.level === 'note') continue;
      lines.push(
        `- line ${one.line}: ${cell(findingText(one))} (${one.cells.map(cell).join('; ')})`,
      );
    }
    if (brokenCells(file) > 0) lines.push('');
    if (file.unread.length > 0)
      lines.push(`Not parsed: lines ${file.unread.map(({ line }) => line).join(', ')}.`, '');
    for (const note of file.notes) lines.push(`- note: ${cell(note)}`);
    if (file.notes.length > 0) lines.push('');
  }
  for (const { id, rejected } of report.cells) {
    if (rejected !== null) lines.push(`- not checked: ${cell(id)}: ${cell(rejected)}`);
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function row(words: readonly string[]): string {
  return `| ${words.map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  return inert(text).replaceAll('|', '\\|');
}
