import { readText } from '../input/index.ts';
import { buildReport, configSides, type Selection, type Side } from '../report/index.ts';
import { cellSides } from './cells.ts';
import type { Context } from './command.ts';
import { argumentOf, isMany, type Many, type One, unequal } from './diff-arguments.ts';
import { editionReport } from './edition-cells.ts';
import { loadMatrix, runLoaded } from './matrix-options.ts';
import { optionSetSide } from './option-set.ts';
import { kconfigOf } from './option-source.ts';

/** What a diff compares: two configurations, or two sets of them. */
export type Sides =
  | {
      readonly kind: 'one';
      readonly left: Side;
      readonly right: Side;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'many'; readonly left: Selection; readonly right: Selection };

/**
 * The sides a command line names. `undefined` if Kconfig rejects one of them, after saying why: then
 * there is nothing to compare.
 */
export async function sidesOf(context: Context): Promise<Sides | undefined> {
  const [first = '', second = ''] = context.args.positionals;
  const left = argumentOf(first, context.io);
  const right = argumentOf(second, context.io);
  if (isMany(left) && isMany(right)) return selections(context, left, right);
  const [a, b] = [asOne(left), asOne(right)];
  if (!a || !b) throw unequal(left, right);
  return pairOf(context, a, b);
}

/** An edition beside a cell is a cell that asks for nothing. */
function asOne(one: One | Many): One | undefined {
  if (one.kind === 'edition') return { kind: 'cell', cell: { edition: one.name, settings: [] } };
  return isMany(one) ? undefined : one;
}

async function pairOf(context: Context, left: One, right: One): Promise<Sides | undefined> {
  const asked = ['tree', 'kconfig', 'edition'].some((name) => context.args.has(name));
  if (left.kind === 'config' && right.kind === 'config' && asked) {
    const file = ({ name, path }: typeof left) => ({ name, text: readText(path, '.config file') });
    return { kind: 'one', ...configSides(await kconfigOf(context), file(left), file(right)) };
  }
  const cells = [left, right].flatMap((one) => (one.kind === 'cell' ? [one.cell] : []));
  // Both cells run as one matrix: they share the progress line and, where they are one kernel, the work.
  const ran = cells.length > 0 ? await cellSides(context, cells) : [];
  if (!ran) return undefined;
  const sideOf = (one: One): Side | undefined => {
    if (one.kind === 'side') return one.side;
    return one.kind === 'config' ? optionSetSide(one.path, one.name) : ran.shift();
  };
  const sides = { left: sideOf(left), right: sideOf(right) };
  if (!sides.left || !sides.right) throw new Error('a cell was run and has no side');
  return { kind: 'one', left: sides.left, right: sides.right, notes: [] };
}

async function selections(context: Context, left: Many, right: Many): Promise<Sides> {
  const names = [left, right].flatMap((one) => (one.kind === 'edition' ? [one.name] : []));
  // Two editions run as one matrix, too.
  const ran = names.length > 0 ? await editionReport(context, names) : undefined;
  const selectionOf = async (one: Many): Promise<Selection> => {
    if (one.kind === 'report') return one.selection;
    if (one.kind === 'edition' && ran)
      return { report: ran, source: ran.matrixFile, edition: one.name };
    const file = one.kind === 'matrix' ? one.file : '';
    return {
      report: buildReport(await runLoaded(context, loadMatrix(file, context))),
      source: file,
    };
  };
  return { kind: 'many', left: await selectionOf(left), right: await selectionOf(right) };
}
