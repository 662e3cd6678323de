import { inputError, toJson } from '../../input/index.ts';
import {
  buildReport,
  reportMarkdown,
  reportText,
  verificationMarkdown,
  verificationText,
} from '../../report/index.ts';
import type { Command, Context } from '../command.ts';
import { formatOption, textOptions } from '../format.ts';
import { exit } from '../io.ts';
import { loadMatrix, runLoaded, runOptions } from '../matrix-options.ts';
import { outOption, writeResult } from '../output.ts';
import { answersTo, shippedQuestions } from './verify/answers.ts';
import { kernelsOf } from './verify/kernel-of.ts';

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
    verify: {
      type: 'boolean',
      description: 'Add what the model checker says: the answers of "kmatrix verify --all".',
    },
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
    if (context.args.has('verify') && context.args.text('format') === 'json') {
      throw inputError(
        'usage',
        '--verify adds to a report for people; it has no place in JSON',
        undefined,
        '"kmatrix verify --all --format json" gives the verdicts',
      );
    }
    const matrix = loadMatrix(context.args.positionals[0], context);
    const report = buildReport(await runLoaded(context, matrix));
    writeResult(context, await reportIn(context.args.text('format') ?? 'md', report, context));
    return exit.done;
  },
};

async function reportIn(
  format: string,
  report: ReturnType<typeof buildReport>,
  context: Context,
): Promise<string> {
  const all = context.args.has('all');
  if (format === 'json') return toJson(report);
  const verdicts = context.args.has('verify')
    ? await answersTo(shippedQuestions(), kernelsOf())
    : [];
  const text = textOptions(context);
  const parts =
    format === 'term'
      ? [reportText(report, text, { all }), verificationText(verdicts, text)]
      : [reportMarkdown(report, { all }), verificationMarkdown(verdicts)];
  return verdicts.length > 0 ? parts.join('\n') : (parts[0] as string);
}
