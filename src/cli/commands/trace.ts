import { readText } from '../../input/index.ts';
import { parseVerdicts, type VerificationGroup, verdictTraceText } from '../../report/index.ts';
import type { Command, Context } from '../command.ts';
import { fileServiceOf } from '../file-service.ts';
import { formatOption } from '../format.ts';
import { exit } from '../io.ts';
import { outOption, writeResult } from '../output.ts';
import { userPath } from '../paths.ts';
import { tuiOptions, tuiSettings, wantsTui } from '../tui-options.ts';

/** `kmatrix trace`: step through the schedules that show what the model checker found. */
export const traceCommand: Command = {
  name: 'trace',
  usage: 'FILE',
  description: [
    'Opens what "kmatrix verify --format json" wrote, answers to many questions or a whole report among it, and steps through ' +
      'the schedule that shows each violation: threads as columns, forward and back, with the locks and VMAs after each step. ' +
      'Without a terminal the schedules are printed.',
  ],
  arity: [1, 1],
  options: { ...formatOption('term'), ...outOption, ...tuiOptions },
  examples: [
    [
      'kmatrix verify --lookup unlocked-as-posted --format json --out v.json; kmatrix trace v.json',
      'Why the lookup as posted is not safe, step by step.',
    ],
    ['kmatrix trace reports/per-vma-lock.json', 'All verdicts of a report.'],
  ],
  run: async (context) => {
    const { args, io } = context;
    const [file = ''] = args.positionals;
    const groups = parseVerdicts(readText(userPath(file, io), 'verdict'), file);
    if (wantsTui(context)) return browse(context, groups);
    const verdicts = groups.flatMap((group) => group.verdicts);
    writeResult(context, verdicts.map(verdictTraceText).join('\n'));
    return exit.done;
  },
};

async function browse(context: Context, groups: readonly VerificationGroup[]): Promise<number> {
  const { openedVerdicts, runTui } = await import('../../tui/index.ts');
  return runTui({
    ...tuiSettings(context),
    signal: context.signal,
    title: 'kmatrix trace',
    load: async () => openedVerdicts(groups),
    services: { files: fileServiceOf(context.io) },
  });
}
