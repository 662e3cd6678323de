import { toJson } from '../../input/index.ts';
import { buildReport, reportMarkdown, reportText } from '../../report/index.ts';
import type { Command, Context } from '../command.ts';
import { formatOption, textOptions } from '../format.ts';
import { exit } from '../io.ts';
import { loadMatrix, runLoaded, runOptions } from '../matrix-options.ts';
import { outOption, writeResult } from '../output.ts';

/** `kmatrix run`: resolve, simulate and report every cell of a matrix. */
export const runCommand: Command = {
  name: 'run',
  usage: '[MATRIX]',
  description: [
    'Expands a matrix file into cells, resolves each with Kconfig, instantiates the simulated ' +
      'kernel, runs the workloads and writes a report. Without MATRIX: the shipped ' +
      'matrices/per-vma-lock.yaml.',
    'Cells Kconfig rejects are reported with the reason; they do not change the exit code. Ctrl-C ' +
      'stops cleanly, and what is done stays in the cache for the next run.',
  ],
  arity: [0, 1],
  options: {
    ...formatOption('md', 'json', 'term'),
    ...outOption,
    ...runOptions,
    all: { type: 'boolean', description: 'Also list APIs that are the same in every kernel.' },
  },
  examples: [
    ['kmatrix run', 'The report of the default matrix as Markdown.'],
    [
      'kmatrix run matrices/per-vma-lock.yaml --format json --out report.json',
      'The whole report for programs, and for "kmatrix diff".',
    ],
    ['kmatrix run --tree ~/src/linux --cpus 1,2,4,8', 'With the Kconfig of a real source tree.'],
  ],
  run: async (context) => {
    const matrix = loadMatrix(context.args.positionals[0], context);
    const report = buildReport(await runLoaded(context, matrix));
    writeResult(context, reportIn(context.args.text('format') ?? 'md', report, context));
    return exit.done;
  },
};

function reportIn(
  format: string,
  report: ReturnType<typeof buildReport>,
  context: Context,
): string {
  const all = context.args.has('all');
  if (format === 'json') return toJson(report);
  if (format === 'term') return reportText(report, textOptions(context), { all });
  return reportMarkdown(report, { all });
}
