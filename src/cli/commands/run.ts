import { toJson } from '../../input/index.ts';
import { buildReport, type Report, reportMarkdown, reportText } from '../../report/index.ts';
import type { Command, Context } from '../command.ts';
import { formatOption, textOptions } from '../format.ts';
import { closesGate, gateOf, gateOptions } from '../gate.ts';
import { exit } from '../io.ts';
import { loadMatrix, runLoaded, runOptions } from '../matrix-options.ts';
import { outOption, writeResult } from '../output.ts';
import { answersTo, forReport, shippedQuestions } from './verify/answers.ts';
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
    'With --baseline, what is worse than in an earlier report is listed on standard error, and the exit ' +
      'code is 1 if anything is.',
  ],
  arity: [0, 1],
  options: {
    ...formatOption('md', 'json', 'term'),
    ...outOption,
    ...runOptions,
    ...gateOptions,
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
    [
      'kmatrix run --baseline report.json --fail-on surface,fallback,perf:5% --out new.md',
      'A gate for a CI: exit code 1 and the list of what got worse.',
    ],
  ],
  run: async (context) => {
    const gate = gateOf(context);
    const matrix = loadMatrix(context.args.positionals[0], context);
    const result = await runLoaded(context, matrix);
    const verdicts = context.args.has('verify')
      ? forReport(await answersTo(shippedQuestions(), kernelsOf()))
      : [];
    const report = buildReport(result, verdicts);
    writeResult(context, reportIn(context.args.text('format') ?? 'md', report, context));
    return gate && closesGate(gate, report, context) ? exit.no : exit.done;
  },
};

function reportIn(format: string, report: Report, context: Context): string {
  const all = context.args.has('all');
  if (format === 'json') return toJson(report);
  return format === 'term'
    ? reportText(report, textOptions(context), { all })
    : reportMarkdown(report, { all });
}
