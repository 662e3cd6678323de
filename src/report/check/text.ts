import { inert } from '../../input/index.ts';
import type { ApiCell, CheckedFile } from '../../tree/index.ts';
import { count, listed } from '../words.ts';
import {
  brokenCells,
  type CheckReport,
  checkedIds,
  findingsOf,
  findingText,
  isWorthARow,
} from './model.ts';

/** How an API stands in a configuration, in a word: in parentheses where the file does not use it there. */
export function cellWord({ state, breaks, changed, places }: ApiCell): string {
  const word = {
    real: 'real',
    stub: 'stub',
    absent: 'absent',
    misfit: 'misfit',
    unlinked: 'not built',
    unexported: 'not exported',
  }[state];
  const marked = `${word}${changed ? '~' : ''}${breaks ? ' ✗' : ''}`;
  return places.length === 0 ? `(${marked})` : marked;
}

/** A check for a terminal: `all` shows also what is real in every configuration. */
export function checkText(report: CheckReport, all = false): string {
  return [...report.files.map((file) => fileText(file, report, all)), rejectedText(report)].join(
    '\n',
  );
}

function fileText(file: CheckedFile, report: CheckReport, all: boolean): string {
  const ids = checkedIds(report);
  const rows = file.apis.filter((api) => all || isWorthARow(api));
  const lines = [`${inert(file.file)}: ${headline(file, ids.length)}`, ''];
  ids.forEach((id, i) => {
    lines.push(`  ${i + 1}  ${inert(id)}`);
  });
  const words = rows.map((api) => [api.name, api.kind, ...api.cells.map(cellWord)]);
  if (rows.length > 0) lines.push('', ...table(words, ids.length));
  const same = file.apis.length - rows.length;
  if (same > 0)
    lines.push(
      '',
      `  ${count(same, 'more API')} the same everywhere${all ? '' : '; --all shows them'}`,
    );
  const findings = findingsOf({ ...report, files: [file] }).filter(
    ({ level }) => level !== 'note' || all,
  );
  if (findings.length > 0) lines.push('');
  for (const one of findings) {
    const where =
      one.cells.length === ids.length
        ? 'everywhere'
        : `in ${one.cells.map((id) => ids.indexOf(id) + 1).join(', ')}`;
    lines.push(
      `${inert(one.file)}:${one.line}:${one.column}: ${one.level}: ${inert(findingText(one))} (${where})`,
    );
  }
  lines.push(...remarks(file));
  return `${lines.join('\n')}\n`;
}

/** What a check of a file comes to. */
export function headline(file: CheckedFile, cells: number): string {
  const broken = brokenCells(file);
  const all = file.unread.length > 0 ? 'all of them, as far as it could be read' : 'all of them';
  const verdict = broken === 0 ? `works in ${all}` : `breaks in ${broken}`;
  return `${count(file.apis.length, 'API')}, ${count(cells, 'configuration')}: ${verdict}`;
}

/** APIs, each with its kind and a word for each configuration, which are numbered. */
export function table(words: readonly (readonly string[])[], cells: number): string[] {
  const head = ['', '', ...Array.from({ length: cells }, (_, i) => String(i + 1))];
  const widths = head.map((_, i) =>
    Math.max(...[head, ...words].map((row) => (row[i] as string).length)),
  );
  return [head, ...words].map((row) =>
    `  ${row.map((word, i) => inert(word).padEnd(widths[i] as number)).join('  ')}`.trimEnd(),
  );
}

/** What was not understood, so that silence is not taken for a yes. */
export function remarks({ unread, notes }: CheckedFile): string[] {
  const lines: string[] = [];
  if (unread.length > 0) {
    const places = unread.slice(0, 5).map(({ line }) => `line ${line}`);
    lines.push(
      '',
      `not parsed: ${count(unread.length, 'part')} (${listed(places)}${unread.length > 5 ? ', …' : ''})`,
    );
  }
  const shown = notes.slice(0, 12);
  if (shown.length > 0) lines.push('', ...shown.map((note) => `note: ${inert(note)}`));
  if (notes.length > shown.length)
    lines.push(`note: ${notes.length - shown.length} more in --format json`);
  return lines;
}

function rejectedText({ cells }: CheckReport): string {
  const rejected = cells.filter((cell) => cell.rejected !== null);
  return rejected
    .map(({ id, rejected: why }) => `not checked: ${inert(id)}: ${inert(why ?? '')}\n`)
    .join('');
}
