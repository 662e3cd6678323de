import { inert } from '../../input/index.ts';
import type { CheckedFile } from '../../tree/index.ts';
import { findingText } from '../check/model.ts';
import { remarks, table } from '../check/text.ts';
import { count } from '../words.ts';
import {
  apiChanges,
  type CheckChanges,
  type ComparedFinding,
  comparedFindings,
  type FileChange,
  isChanged,
} from './model.ts';
import { changesHeadline, otherTexts, pairWord, whyNotCompared } from './words.ts';

/** What changes for source files, for a terminal: `all` shows also what stays. */
export function checkChangesText(changes: CheckChanges, all = false): string {
  const rejected = changes.cells.flatMap((cell) => {
    const why = whyNotCompared(cell);
    return why === undefined ? [] : [`not compared: ${inert(cell.id)}: ${inert(why)}\n`];
  });
  return [...changes.files.map((file) => fileText(file, changes, all)), rejected.join('')].join(
    '\n',
  );
}

function fileText(file: FileChange, changes: CheckChanges, all: boolean): string {
  const { cells } = changes;
  const apis = apiChanges(file, cells);
  const rows = apis.filter((api) => all || isChanged(api, cells));
  const lines = [`${inert(file.file)}: ${changesHeadline(file, changes)}`, ''];
  cells.forEach(({ id }, i) => {
    lines.push(`  ${i + 1}  ${inert(id)}`);
  });
  if (rows.length > 0) {
    const words = rows.map(({ name, kind, cells: pairs }) => [
      name,
      kind,
      ...pairs.map((pair, i) => pairWord(pair, cells[i]!)),
    ]);
    lines.push('', ...table(words, cells.length));
  }
  const same = apis.length - rows.length;
  if (same > 0)
    lines.push('', `  ${count(same, 'API')} as before${all ? '' : '; --all shows them'}`);
  const others = rows.flatMap((api) => otherTexts(api, cells));
  if (others.length > 0) lines.push('');
  for (const { text, cells: at } of others)
    lines.push(`${inert(text)} (${where(at, cells.length)})`);
  const findings = comparedFindings({ ...changes, files: [file] }).filter(
    ({ level, baseline }) => all || (level === 'error' && baseline !== 'unchanged'),
  );
  if (findings.length > 0) lines.push('');
  for (const one of findings) lines.push(findingLine(one, changes));
  lines.push(...remarks((file.after ?? file.before) as CheckedFile));
  return `${lines.join('\n')}\n`;
}

function findingLine(one: ComparedFinding, { cells }: CheckChanges): string {
  const word = { new: '', updated: '', unchanged: 'as before: ', absent: 'no longer: ' }[
    one.baseline
  ];
  const at = one.cells.map((id) => cells.findIndex((cell) => cell.id === id) + 1);
  const place = `${inert(one.file)}:${one.line}:${one.column}`;
  return `${place}: ${word}${one.level}: ${inert(findingText(one))} (${where(at, cells.length)})`;
}

function where(numbers: readonly number[], all: number): string {
  return numbers.length === all ? 'everywhere' : `in ${numbers.join(', ')}`;
}
