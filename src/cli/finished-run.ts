import { breathe, readText, toJson } from '../input/index.ts';
import type { MatrixResult } from '../matrix/index.ts';
import {
  buildReport,
  csvSections,
  type GateResult,
  gateJunit,
  gateSarif,
  parseReferences,
  parseTorture,
  placeOfCell,
  type Report,
  reportHtml,
  reportJunit,
  reportMarkdown,
  reportSarif,
  reportText,
} from '../report/index.ts';
import type { Context, OptionSpec } from './command.ts';
import { answersTo, forReport, shippedQuestions, verdictCache } from './commands/verify/answers.ts';
import { kernelsOf } from './commands/verify/kernel-of.ts';
import { formatOption, sarifWriter, textOptions } from './format.ts';
import { type Gate, gateOf, gateOptions, gateResult } from './gate.ts';
import { exit } from './io.ts';
import { outOption, writeResult } from './output.ts';
import { userPath } from './paths.ts';
import { progressOn } from './progress.ts';
import { checkTables, writeTables } from './tables.ts';

/** Options of commands that write the report of a matrix. */
export const exportOptions = {
  ...formatOption('md', 'html', 'mail', 'json', 'csv', 'term', 'junit', 'sarif'),
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
  torture: {
    type: 'string',
    value: 'FILE',
    description: 'Add what "kmatrix torture --format json" wrote.',
  },
  refs: {
    type: 'string',
    value: 'FILE',
    description:
      'Add what "kmatrix refs SYMBOL --format json" wrote: the references left in a source tree.',
  },
} as const satisfies Record<string, OptionSpec>;

/** What a command line asks for besides the report; read before anything runs, so that a mistake comes out at once. */
export function finishOf(context: Context): Gate | undefined {
  checkTables(context);
  evidenceOf(context);
  return gateOf(context, context.args.has('verify'));
}

/** Write the report of a run as the options say; the exit code is that of the gate, if there is one. */
export async function finishRun(
  context: Context,
  result: MatrixResult,
  gate: Gate | undefined,
): Promise<number> {
  const evidence = evidenceOf(context);
  const verdicts = context.args.has('verify')
    ? forReport(
        await answersTo(shippedQuestions(), kernelsOf(), context, {
          cache: verdictCache(context),
        }),
      )
    : [];
  return writeReport(context, buildReport(result, verdicts, evidence), gate);
}

/** What other commands found, from the files that are named. */
function evidenceOf({ args, io }: Context): Partial<Pick<Report, 'torture' | 'references'>> {
  const read = (option: string): { text: string; file: string } | undefined => {
    const file = args.text(option);
    return file === undefined ? undefined : { file, text: readText(userPath(file, io), option) };
  };
  const [torture, refs] = [read('torture'), read('refs')];
  return {
    ...(torture && { torture: parseTorture(torture.text, torture.file) }),
    ...(refs && { references: parseReferences(refs.text, refs.file) }),
  };
}

/** Write a report as the options say; the exit code is that of the gate, if there is one. */
export async function writeReport(
  context: Context,
  report: Report,
  gate: Gate | undefined,
): Promise<number> {
  const format = context.args.text('format') ?? 'md';
  const result = gate && gateResult(gate, report, context);
  const gated = gate && result && gateIn(format, gate, result, report, context);
  const { io, args, signal } = context;
  const progress = progressOn(io, args.has('quiet'));
  progress.say('writing the report');
  try {
    await breathe();
    signal.throwIfAborted();
    const text = gated ?? (format === 'csv' ? undefined : reportIn(format, report, context));
    // Whoever interrupts before there is anything gets nothing, and not half of it.
    await breathe();
    signal.throwIfAborted();
    progress.end();
    if (text === undefined) writeTables(context, report);
    else writeResult(context, text);
  } finally {
    progress.end();
  }
  return result && result.regressions.length > 0 ? exit.no : exit.done;
}

/** Where a CI is to show what got worse, it shows this and not all there is. */
function gateIn(
  format: string,
  { rules }: Gate,
  result: GateResult,
  report: Report,
  context: Context,
): string | undefined {
  if (format === 'junit') return gateJunit(result, rules);
  if (format !== 'sarif') return undefined;
  const cells = new Map(report.cells.map((cell) => [cell.id, cell]));
  return gateSarif(result, (id) => placeOfCell(report, cells.get(id)), sarifWriter(context));
}

function reportIn(format: string, report: Report, context: Context): string {
  const all = context.args.has('all');
  switch (format) {
    case 'json':
      return toJson(report);
    case 'html':
      return reportHtml(report);
    case 'junit':
      return reportJunit(report);
    case 'sarif':
      return reportSarif(report, sarifWriter(context));
    case 'md':
      return reportMarkdown(report, { all });
    default:
      return reportText(report, textOptions(context), { all });
  }
}
