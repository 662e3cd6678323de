import { inputError, toJson } from '../../input/index.ts';
import { parseShard, type Shard } from '../../matrix/index.ts';
import type { Command, Context } from '../command.ts';
import { finishOf, finishRun, reportOptions } from '../finished-run.ts';
import { exit } from '../io.ts';
import { loadMatrix, runLoaded, runOptions, runPart } from '../matrix-options.ts';
import { writeResult } from '../output.ts';

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
      'code is 1 if anything is. With --shard, a file for "kmatrix merge" is written in place of a report.',
  ],
  arity: [0, 1],
  options: {
    ...reportOptions,
    ...runOptions,
    shard: {
      type: 'string',
      value: 'i/n',
      description:
        'Run only the i-th of n parts, on one of n machines; "kmatrix merge" joins them.',
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
    ['kmatrix run mine.yaml --shard 2/4 --out part2.json', 'The second of four parts.'],
  ],
  run: async (context) => {
    const shard = shardOf(context);
    const gate = finishOf(context);
    const matrix = loadMatrix(context.args.positionals[0], context);
    if (!shard) return finishRun(context, await runLoaded(context, matrix), gate);
    writeResult(context, toJson(await runPart(context, matrix, shard)));
    return exit.done;
  },
};

/** What is said of a whole report has no place where a part of it is made. */
const WHOLE_ONLY = ['format', 'section', 'all', 'verify', 'torture', 'refs', 'baseline', 'fail-on'];

function shardOf({ args }: Context): Shard | undefined {
  const text = args.text('shard');
  if (text === undefined) return undefined;
  const shard = parseShard(text);
  const idle = WHOLE_ONLY.find((name) => args.has(name));
  if (idle === undefined) return shard;
  throw inputError(
    'usage',
    `--${idle} says something about a report, and --shard makes only a part of one`,
    undefined,
    `give it to kmatrix merge: kmatrix merge part*.json --${idle} …`,
  );
}
