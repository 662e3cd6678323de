import { existsSync } from 'node:fs';
import { didYouMean, inputError, readText } from '../input/index.ts';
import { editions } from '../kernel/index.ts';
import { parseReport, type Side, sideOfCell } from '../report/index.ts';
import { type CellName, parseCellId } from './cell-id.ts';
import { cellSides } from './cells.ts';
import type { Context } from './command.ts';
import { optionSetSide } from './option-set.ts';
import { userPath } from './paths.ts';

/** The two sides of a diff. */
export interface Sides {
  readonly left: Side;
  readonly right: Side;
}

/** An argument of `diff`: a side read from a file, or a cell still to be run. */
type Named = { readonly side: Side } | { readonly cell: CellName };

/**
 * The sides a command line names. `undefined` if Kconfig rejects one of them, after saying why: then
 * there is nothing to compare.
 */
export async function sidesOf(context: Context): Promise<Sides | undefined> {
  const [first = '', second = ''] = context.args.positionals;
  const left = named(first, context);
  const right = named(second, context);
  const cells = [left, right].flatMap((one) => ('cell' in one ? [one.cell] : []));
  // Both cells run as one matrix: they share the progress line and, where they are one kernel, the work.
  const ran = cells.length > 0 ? await cellSides(context, cells) : [];
  if (!ran) return undefined;
  const sideOf = (one: Named): Side | undefined => ('side' in one ? one.side : ran.shift());
  const sides = { left: sideOf(left), right: sideOf(right) };
  if (!sides.left || !sides.right) throw new Error('a cell was run and has no side');
  return { left: sides.left, right: sides.right };
}

function named(text: string, context: Context): Named {
  const hash = text.indexOf('#');
  if (hash > 0) return { side: reportSide(text.slice(0, hash), text.slice(hash + 1), context) };
  const path = userPath(text, context.io);
  if (existsSync(path)) return { side: fileSide(text, path) };
  const cell = parseCellId(text);
  if (editions.some(({ name }) => name === cell.edition)) return { cell };
  throw unknownThing(text, cell);
}

function reportSide(file: string, id: string, { io }: Context): Side {
  const path = userPath(file, io);
  return sideOfCell(parseReport(readText(path, 'report'), file), id, file);
}

function fileSide(text: string, path: string): Side {
  if (!path.endsWith('.json')) return optionSetSide(path, text);
  const [first] = parseReport(readText(path, 'report'), text).cells;
  throw inputError(
    'usage',
    `${text} is a report: name one of its cells`,
    undefined,
    first && `e.g. ${text}#${first.id}`,
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
