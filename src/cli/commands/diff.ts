import { toJson } from '../../input/index.ts';
import {
  type Diff,
  diffHtml,
  diffMarkdown,
  diffSides,
  diffText,
  isEmptyDiff,
} from '../../report/index.ts';
import type { Command, Context } from '../command.ts';
import { sidesOf } from '../diff-sides.ts';
import { formatOption, textOptions } from '../format.ts';
import { exit } from '../io.ts';
import { runOptions } from '../matrix-options.ts';
import { outOption, writeResult } from '../output.ts';

/** `kmatrix diff`: what differs between two configurations. */
export const diffCommand: Command = {
  name: 'diff',
  usage: 'LEFT RIGHT',
  description: [
    'Compares two configurations: options with the first cause of each difference, API surface, ' +
      'structures, fallback paths, counts, and performance where it differs by more than its spread.',
    'LEFT and RIGHT are each a cell such as v7.0:SMP=n (an edition and options on top of the ' +
      "matrix's base), a cell of an exported report such as report.json#v7.0:64BIT=y,SMP=y, or a " +
      '.config file, which is compared as a bare option set.',
  ],
  arity: [2, 2],
  options: {
    ...formatOption('md', 'html', 'mail', 'json', 'term'),
    ...outOption,
    'exit-code': { type: 'boolean', description: 'Exit with 1 if there is any difference.' },
    matrix: {
      type: 'string',
      value: 'FILE',
      description:
        'Matrix that gives base, workloads, CPU counts, runs and seed for cells. Default: the shipped one.',
    },
    ...runOptions,
  },
  examples: [
    ['kmatrix diff v7.0:64BIT=y,SMP=y v7.0:64BIT=y,SMP=n', 'What SMP=n changes on 64-bit x86.'],
    ['kmatrix diff v7.0:SMP=n all-builds-v2:SMP=n', 'What the series changes for it.'],
    ['kmatrix diff before.json#v7.0:SMP=y after.json#v7.0:SMP=y', 'One cell in two reports.'],
    ['kmatrix diff --exit-code old/.config .config', 'Two option sets, as a gate.'],
  ],
  run: async (context) => {
    const sides = await sidesOf(context);
    if (!sides) return exit.no;
    const diff = diffSides(sides.left, sides.right);
    writeResult(context, diffIn(context, diff));
    return context.args.has('exit-code') && !isEmptyDiff(diff) ? exit.no : exit.done;
  },
};

function diffIn(context: Context, diff: Diff): string {
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
