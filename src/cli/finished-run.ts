import { toJson } from '../input/index.ts';
import type { MatrixResult } from '../matrix/index.ts';
import {
  buildReport,
  csvSections,
  type Report,
  reportHtml,
  reportMarkdown,
  reportText,
} from '../report/index.ts';
import type { Context, OptionSpec } from './command.ts';
import { answersTo, forReport, shippedQuestions } from './commands/verify/answers.ts';
import { kernelsOf } from './commands/verify/kernel-of.ts';
import { formatOption, textOptions } from './format.ts';
import { closesGate, type Gate, gateOf, gateOptions } from './gate.ts';
import { exit } from './io.ts';
import { outOption, writeResult } from './output.ts';
import { checkTables, writeTables } from './tables.ts';

/** Options of commands that write the report of a matrix. */
export const exportOptions = {
  ...formatOption('md', 'html', 'mail', 'json', 'csv', 'term'),
  ...outOption,
  section: {
    type: 'string',
    value: 'TABLE',
    description: `With --format csv: only this table. Without it --out is a folder, for one file per table: ${csvSections.join(', ')}.`,
  },
  ...gateOptions,
  all: { type: 'boolean', description: 'Also list APIs that are the same in every kernel.' },
} as const satisfies Record<string, OptionSpec>;

/** Options of commands that end in the report of a matrix they ran. */
export const reportOptions = {
  ...exportOptions,
  verify: {
    type: 'boolean',
    description: 'Add what the model checker says: the answers of "kmatrix verify --all".',
  },
} as const satisfies Record<string, OptionSpec>;

/** What a command line asks for besides the report; read before anything runs, so that a mistake comes out at once. */
export function finishOf(context: Context): Gate | undefined {
  checkTables(context);
  return gateOf(context, context.args.has('verify'));
}

/** Write the report of a run as the options say; the exit code is that of the gate, if there is one. */
export async function finishRun(
  context: Context,
  result: MatrixResult,
  gate: Gate | undefined,
): Promise<number> {
  const verdicts = context.args.has('verify')
    ? forReport(await answersTo(shippedQuestions(), kernelsOf(), context))
    : [];
  return writeReport(context, buildReport(result, verdicts), gate);
}

/** Write a report as the options say; the exit code is that of the gate, if there is one. */
export function writeReport(context: Context, report: Report, gate: Gate | undefined): number {
  const format = context.args.text('format') ?? 'md';
  if (format === 'csv') writeTables(context, report);
  else writeResult(context, reportIn(format, report, context));
  return gate && closesGate(gate, report, context) ? exit.no : exit.done;
}

function reportIn(format: string, report: Report, context: Context): string {
  const all = context.args.has('all');
  if (format === 'json') return toJson(report);
  if (format === 'html') return reportHtml(report);
  return format === 'md'
    ? reportMarkdown(report, { all })
    : reportText(report, textOptions(context), { all });
}
