import { existsSync } from 'node:fs';
import { didYouMean, inputError, readText } from '../input/index.ts';
import { editions } from '../kernel/index.ts';
import { parseReport, type Selection, type Side, sideOfCell } from '../report/index.ts';
import { type CellName, parseCellId } from './cell-id.ts';
import type { Io } from './io.ts';
import { userPath } from './paths.ts';

/** An argument of `diff` that is one configuration. */
export type One =
  | { readonly kind: 'side'; readonly side: Side }
  | { readonly kind: 'cell'; readonly cell: CellName }
  | { readonly kind: 'config'; readonly name: string; readonly path: string };

/** An argument of `diff` that is many: a report or a part of it, a matrix still to be run, an edition. */
export type Many =
  | { readonly kind: 'report'; readonly selection: Selection }
  | { readonly kind: 'matrix'; readonly file: string }
  | { readonly kind: 'edition'; readonly name: string };

/** What an argument of `diff` names. */
export function argumentOf(text: string, io: Io): One | Many {
  const hash = text.indexOf('#');
  if (hash > 0) return ofReport(text.slice(0, hash), text.slice(hash + 1), io);
  const path = userPath(text, io);
  if (existsSync(path)) return ofFile(text, path);
  const cell = parseCellId(text);
  if (!editions.some(({ name }) => name === cell.edition)) throw unknownThing(text, cell);
  return text === cell.edition ? { kind: 'edition', name: text } : { kind: 'cell', cell };
}

/** `report.json#v7.0:SMP=y` is a cell; `report.json#v7.0` all cells of an edition, unless a cell is called so. */
function ofReport(file: string, part: string, io: Io): One | Many {
  const report = parseReport(readText(userPath(file, io), 'report'), file);
  const isCell = report.cells.some(({ id }) => id === part);
  const isEdition = report.cells.some(({ edition }) => edition === part);
  if (isEdition && !isCell)
    return { kind: 'report', selection: { report, source: file, edition: part } };
  return { kind: 'side', side: sideOfCell(report, part, file) };
}

function ofFile(text: string, path: string): One | Many {
  if (/\.ya?ml$/.test(text)) return { kind: 'matrix', file: text };
  if (!text.endsWith('.json')) return { kind: 'config', name: text, path };
  const report = parseReport(readText(path, 'report'), text);
  return { kind: 'report', selection: { report, source: text } };
}

/** Whether an argument is many configurations. */
export function isMany(one: One | Many): one is Many {
  return one.kind === 'report' || one.kind === 'matrix' || one.kind === 'edition';
}

/** One configuration cannot be compared with many. */
export function unequal(left: One | Many, right: One | Many): Error {
  const many = isMany(left) ? left : right;
  if (many.kind !== 'report')
    return inputError(
      'usage',
      'one side is many configurations, the other is one',
      undefined,
      'compare an edition with an edition, a matrix or report with one of these',
    );
  const { report, source } = (many as Extract<Many, { kind: 'report' }>).selection;
  const [first] = report.cells;
  return inputError(
    'usage',
    `${source} is a report: name one of its cells`,
    undefined,
    first && `e.g. ${source}#${first.id}`,
  );
}

function unknownThing(text: string, { edition }: CellName): Error {
  const names = editions.map(({ name }) => name);
  const isPath = /[/\\]/.test(text) || text.startsWith('.');
  return isPath
    ? inputError('not-found', `.config file or report not found: ${text}`)
    : inputError(
        'unknown-edition',
        `"${text}" is neither a file nor a cell: no edition is called "${edition}"`,
        undefined,
        didYouMean(edition, names) ?? `editions: ${names.join(', ')}`,
      );
}
