import { inputError, toJson } from '../../input/index.ts';
import { type Measurement, namesList, operationsTable } from '../../kernel/index.ts';
import {
  measurementCsv,
  measurementMarkdown,
  measurementText,
  refusalText,
  sensitivityData,
} from '../../report/index.ts';
import { cellMeasurement } from '../cells.ts';
import type { Command, Context } from '../command.ts';
import { formatOption, textOptions } from '../format.ts';
import { publishedFigures, throughputSensitivity, throughputText } from '../headlines.ts';
import { exit } from '../io.ts';
import { runOptions } from '../matrix-options.ts';
import { DEFAULT_EDITION, optionSetOptions } from '../option-source.ts';
import { outOption, writeResult } from '../output.ts';
import { nameOrPath } from '../paths.ts';
import { parseSetting, type Setting } from '../setting.ts';

/** What to do when no workload is named. */
const hint = 'kmatrix simulate --help shows how';

/** `kmatrix simulate`: one workload on one kernel. */
export const simulateCommand: Command = {
  name: 'simulate',
  usage: 'WORKLOAD',
  description: [
    'Resolves one option set, instantiates the simulated kernel and runs a workload on it: a ' +
      'shipped one by name, or a YAML file by its path. Times are modelled, not measured.',
    'Options start from the base of the default matrix, with SMP=y. CPU counts, runs and seed are ' +
      "that matrix's where not given.",
    'A workload under which the modelled kernel crashes or never gets on is a result, too: the oops or ' +
      'the hung tasks are printed in place of figures, and the exit code is 1. So is an operation ' +
      'that is refused with EINVAL where the workload does not expect it. Where the kernel does not have the ' +
      'operation at all (ENOSYS, ENOTTY, an unknown ioctl), the workload is no input for it: exit code 2.',
  ],
  arity: [0, 1],
  options: {
    ...formatOption('term', 'md', 'json', 'csv'),
    ...outOption,
    edition: { ...optionSetOptions.edition, description: 'Edition of the kernel. Default: v7.0.' },
    set: optionSetOptions.set,
    'list-operations': {
      type: 'boolean',
      description: 'List what a workload can do, with parameters and defaults, and run nothing.',
    },
    sensitivity: {
      type: 'boolean',
      description:
        'Also say what the throughput at the largest CPU count hangs on: each cost of the profile 30% less and more, drawn ' +
        'as often as chance demands. Some hundred simulations; term and json only, but for --published.',
    },
    published: {
      type: 'boolean',
      description:
        'Run no workload of yours, but all published figures the model has a counterpart for, beside which it is ' +
        'printed, and what per-VMA locks in all builds cost a kernel for one CPU. With --sensitivity what each hangs on, ' +
        'too: a quarter of an hour on two CPUs; simulations that were done are kept, so that it goes on where it was stopped.',
    },
    ...runOptions,
  },
  examples: [
    ['kmatrix simulate page_fault1', 'Page faults on v7.0.'],
    ['kmatrix simulate page_fault1 --set SMP=n --format json', 'The same on one CPU, as JSON.'],
    ['kmatrix simulate --list-operations', 'What a workload of your own can be made of.'],
  ],
  run: async (context) => {
    const { args, io } = context;
    const [given] = args.positionals;
    const format = args.text('format') ?? 'term';
    if (args.has('published')) {
      if (given !== undefined) throw inputError('usage', '--published takes no workload');
      writeResult(context, await publishedFigures(context));
      return exit.done;
    }
    if (args.has('sensitivity') && !['term', 'json'].includes(format)) {
      throw inputError('usage', `--sensitivity of a workload has no --format ${format}`);
    }
    if (args.has('list-operations')) {
      writeResult(context, `${operationsTable()}\n${namesList()}`);
      return exit.done;
    }
    if (given === undefined) {
      throw inputError('usage', 'simulate needs a workload: a name or a file', undefined, hint);
    }
    const settings = settingsOf(context);
    const cell = { edition: args.text('edition') ?? DEFAULT_EDITION, settings };
    checkCpus(context, settings);
    const workload = nameOrPath(given, io);
    const measurement = await cellMeasurement(context, cell, workload);
    if (!measurement) return exit.no;
    refuseUnsupported(measurement, cell.edition);
    if (args.has('sensitivity') && measurement.outcome.kind === 'completed') {
      const { cpus, found } = await throughputSensitivity(context, measurement, workload);
      const result =
        format === 'json'
          ? toJson({ ...measurement, sensitivity: { cpus, ...sensitivityData(found) } })
          : `${measurementIn(format, measurement, context)}\n${throughputText(cpus, found)}\n`;
      writeResult(context, result);
      return exit.done;
    }
    writeResult(context, measurementIn(format, measurement, context));
    return measurement.outcome.kind === 'completed' ? exit.done : exit.no;
  },
};

function measurementIn(format: string, measurement: Measurement, context: Context): string {
  if (format === 'json') return toJson(measurement);
  if (format === 'md') return measurementMarkdown(measurement);
  if (format === 'csv') return measurementCsv(measurement);
  return measurementText(measurement, textOptions(context));
}

/** A workload that can never run on this kernel is the wrong input for it. */
function refuseUnsupported({ outcome }: Measurement, edition: string): void {
  if (outcome.kind !== 'unsupported') return;
  const { file, line, column } = outcome;
  throw inputError(
    'unsupported-operation',
    `${refusalText(outcome)} (${edition})`,
    { file, line, column },
    `"error: ${outcome.error}" among its parameters says that the workload expects it`,
  );
}

/** The last value for each option, with SMP unless it is switched off: most kernels have it. */
function settingsOf({ args }: Context): Setting[] {
  const asked = args.all('set').map((text) => parseSetting(text, '--set'));
  const values = new Map([['SMP', 'y'], ...asked.map(({ name, value }) => [name, value] as const)]);
  return [...values].map(([name, value]) => ({ name, value }));
}

function checkCpus({ args }: Context, settings: readonly Setting[]): void {
  const several = args.integers('cpus', 1)?.find((cpus) => cpus > 1);
  const smp = settings.find(({ name }) => name === 'SMP')?.value;
  if (several === undefined || smp !== 'n') return;
  throw inputError('usage', `--cpus ${several}: a kernel with SMP=n has one CPU`);
}
