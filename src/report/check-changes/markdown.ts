import { markdownCell as cell, markdownRow as row } from '../check/markdown.ts';
import { findingText } from '../check/model.ts';
import { apiChanges, type CheckChanges, comparedFindings, isChanged } from './model.ts';
import { changesHeadline, otherTexts, pairWord, whyNotCompared } from './words.ts';

/** What changes for source files as GitHub-flavoured Markdown: a table for each of them. */
export function checkChangesMarkdown(changes: CheckChanges, all = false): string {
  const { cells } = changes;
  const ids = cells.map(({ id }) => id);
  const lines: string[] = [];
  for (const file of changes.files) {
    lines.push(`## ${cell(file.file)}`, '', `${cell(changesHeadline(file, changes))}.`, '');
    const rows = apiChanges(file, cells).filter((api) => all || isChanged(api, cells));
    if (rows.length > 0) {
      lines.push(row(['API', 'kind', ...ids]), row(['---', '---', ...ids.map(() => '---')]));
      for (const { name, kind, cells: pairs } of rows) {
        const words = pairs.map((pair, i) => pairWord(pair, cells[i]!));
        lines.push(row([`\`${name}\``, kind, ...words]));
      }
      lines.push('');
    }
    const items = rows.flatMap((api) =>
      otherTexts(api, cells).map(
        ({ text, cells: at }) => `- ${cell(text)} (${at.map((n) => cell(ids[n - 1]!)).join('; ')})`,
      ),
    );
    for (const one of comparedFindings({ ...changes, files: [file] })) {
      if (one.level !== 'error' || one.baseline === 'unchanged') continue;
      const gone = one.baseline === 'absent' ? 'no longer: ' : '';
      const where = one.cells.map((id) => cell(id)).join('; ');
      items.push(`- ${gone}line ${one.line}: ${cell(findingText(one))} (${where})`);
    }
    if (items.length > 0) lines.push(...items, '');
    const { unread, notes } = file.after ?? file.before ?? { unread: [], notes: [] };
    if (unread.length > 0)
      lines.push(`Not parsed: lines ${unread.map(({ line }) => line).join(', ')}.`, '');
    for (const note of notes) lines.push(`- note: ${cell(note)}`);
    if (notes.length > 0) lines.push('');
  }
  for (const one of cells) {
    const why = whyNotCompared(one);
    if (why !== undefined) lines.push(`- not compared: ${cell(one.id)}: ${cell(why)}`);
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
