import { inputError, toJson } from '../../input/index.ts';
import {
  type Diff,
  diffHtml,
  diffMarkdown,
  diffMatrices,
  diffSides,
  diffText,
  gateJunit,
  gateOfDiff,
  gateRules,
  gateSarif,
  isEmptyDiff,
  isEmptyMatrixDiff,
  type MatrixDiff,
  matricesOfDiff,
  matrixDiffCsv,
  matrixDiffHtml,
  matrixDiffMarkdown,
  matrixDiffText,
  placeOfCell,
  type SarifPlace,
} from '../../report/index.ts';
import type { Command, Context } from '../command.ts';
import { type Sides, sidesOf } from '../diff-sides.ts';
import { diffconfigOf } from '../diffconfig.ts';
import { formatOption, sarifWriter, textOptions } from '../format.ts';
import { DEFAULT_RULES, failOnOption } from '../gate.ts';
import { exit } from '../io.ts';
import { runOptions } from '../matrix-options.ts';
import { optionSetOptions } from '../option-source.ts';
import { outOption, writeResult } from '../output.ts';

/** `kmatrix diff`: what differs between two configurations, or two sets of them. */
export const diffCommand: Command = {
  name: 'diff',
  usage: 'LEFT RIGHT',
  description: [
    'Compares two configurations: options with the first cause of each difference, API surface, ' +
      'structures, fallback paths, counts, and performance where it differs by more than its spread.',
    'LEFT and RIGHT are each a cell such as v7.0:SMP=n (an edition and options on top of the ' +
      "matrix's base), a cell of an exported report such as report.json#v7.0:64BIT=y,SMP=y, or a " +
      '.config file. Two .config files are compared as bare option sets, or, with --tree, --kconfig or ' +
      '--edition, as that Kconfig understands them: then every difference has its first cause.',
    'Or both are many configurations: an edition such as v7.0, for which all cells of the matrix are run; an ' +
      'exported report, or its cells of one edition (report.json#v7.0); a matrix file (.yaml). Cells ' +
      'that ask for the same are compared, and every difference is told once, with the cells it is found in.',
    'With --format junit or sarif, what is worse on the right is written, by the rules of --fail-on.',
  ],
  arity: [2, 2],
  options: {
    ...formatOption('md', 'html', 'mail', 'json', 'csv', 'term', 'junit', 'sarif', 'diffconfig'),
    ...outOption,
    'exit-code': { type: 'boolean', description: 'Exit with 1 if there is any difference.' },
    ...failOnOption(),
    merge: {
      type: 'boolean',
      description: 'With --format diffconfig: lines of a .config, to merge, as its -m writes them.',
    },
    matrix: {
      type: 'string',
      value: 'FILE',
      description:
        'Matrix that gives base, workloads, CPU counts, runs and seed for cells, and cells for editions. Default: the shipped one.',
    },
    ...runOptions,
    kconfig: optionSetOptions.kconfig,
    env: optionSetOptions.env,
    edition: {
      type: 'string',
      value: 'NAME',
      description: 'Read two .config files with the option set that ships for this edition.',
    },
    arch: optionSetOptions.arch,
  },
  examples: [
    ['kmatrix diff v7.0:64BIT=y,SMP=y v7.0:64BIT=y,SMP=n', 'What SMP=n changes on 64-bit x86.'],
    ['kmatrix diff v7.0:SMP=n all-builds-v2:SMP=n', 'What the series changes for it.'],
    ['kmatrix diff v7.0 all-builds-v2', 'What it changes, and in which configurations.'],
    ['kmatrix diff before.json after.json', 'Two reports, cell by cell.'],
    ['kmatrix diff before.json#v7.0:SMP=y after.json#v7.0:SMP=y', 'One cell in two reports.'],
    ['kmatrix diff --exit-code old/.config .config', 'Two option sets, as a gate.'],
    [
      'kmatrix diff old/.config .config --tree ~/src/linux',
      'The same with the reason for each difference.',
    ],
    ['kmatrix diff old/.config .config --format diffconfig', "As the kernel's scripts/diffconfig."],
  ],
  run: async (context) => {
    const { args } = context;
    if (args.text('format') === 'diffconfig') return diffconfigOf(context);
    if (args.has('merge'))
      throw inputError('usage', '--merge goes with --format diffconfig', undefined, 'add it');
    // Read first, so that a mistake comes out before anything runs.
    const rules = gateRules(args.text('fail-on') ?? DEFAULT_RULES);
    const sides = await sidesOf(context);
    if (!sides) return exit.no;
    const diff = compared(sides);
    const many = diff.kind === 'diff' ? matricesOfDiff(diff) : diff;
    const result = gateOfDiff(many, rules);
    switch (args.text('format')) {
      case 'csv':
        writeResult(context, matrixDiffCsv(many));
        break;
      case 'junit':
        writeResult(context, gateJunit(result, rules));
        break;
      case 'sarif':
        writeResult(context, gateSarif(result, placesOf(sides, many), sarifWriter(context)));
        break;
      default:
        writeResult(context, diff.kind === 'diff' ? oneIn(context, diff) : manyIn(context, diff));
    }
    const closed = args.has('fail-on') && result.regressions.length > 0;
    const differs = diff.kind === 'diff' ? !isEmptyDiff(diff) : !isEmptyMatrixDiff(diff);
    return closed || (args.has('exit-code') && differs) ? exit.no : exit.done;
  },
};

function compared(sides: Sides): Diff | MatrixDiff {
  if (sides.kind === 'many') return diffMatrices(sides.left, sides.right);
  const diff = diffSides(sides.left, sides.right);
  return { ...diff, notes: [...diff.notes, ...sides.notes] };
}

function oneIn(context: Context, diff: Diff): string {
  switch (context.args.text('format')) {
    case 'json':
      return toJson(diff);
    case 'html':
      return diffHtml(diff);
    case 'mail':
    case 'term':
      return diffText(diff, textOptions(context));
    default:
      return diffMarkdown(diff);
  }
}

function manyIn(context: Context, diff: MatrixDiff): string {
  switch (context.args.text('format')) {
    case 'json':
      return toJson(diff);
    case 'html':
      return matrixDiffHtml(diff);
    case 'mail':
    case 'term':
      return matrixDiffText(diff, textOptions(context));
    default:
      return matrixDiffMarkdown(diff);
  }
}

/** Where what is worse stands: where the right side asks for the cell. */
function placesOf(sides: Sides, { pairs }: MatrixDiff): (key: string) => SarifPlace {
  if (sides.kind === 'one') return () => ({ file: sides.right.source });
  const { report } = sides.right;
  const cells = new Map(report.cells.map((cell) => [cell.id, cell]));
  const ids = new Map(pairs.map(({ key, right }) => [key, right]));
  return (key) => placeOfCell(report, cells.get(ids.get(key) ?? key));
}
