/** Headlines on the command line: what a throughput hangs on, and published figures beside the modelled ones. */
import { defaultCacheDir, inputError, toJson } from '../input/index.ts';
import {
  comparedKernel,
  improvement,
  loadProfile,
  type Measurement,
  NOT_MODELLED,
  PUBLISHED,
  type PublishedComparison,
  type PublishedFigure,
  publishedComparison,
  publishedTable,
  type Sensitivity,
  sensitivityTable,
} from '../kernel/index.ts';
import {
  folderCache,
  type Headline,
  type HeadlineOptions,
  headlineSensitivity,
  performancesOf,
} from '../matrix/index.ts';
import type { Context } from './command.ts';
import { nameOrPath } from './paths.ts';
import { progressOn } from './progress.ts';

/** Runs of each kernel of a published figure where the command line does not say. */
const PUBLISHED_RUNS = 3;

/** How the throughput at the largest CPU count moves with each cost, over the first run. */
export async function throughputSensitivity(
  context: Context,
  { edition, config, workload: _, seed, performance }: Measurement,
  workload: string,
): Promise<{ readonly cpus: number; readonly found: Sensitivity }> {
  const cpus = Math.max(...performance.map((row) => row.cpus));
  const given = context.args.text('profile');
  const headline: Headline = {
    tasks: [{ edition, relevant: config, workload, cpus: [cpus], runs: 1, seed }],
    profile: loadProfile(given === undefined ? undefined : nameOrPath(given, context.io)),
    of: ([row]) => row?.ops_per_second ?? 0,
  };
  return {
    cpus,
    found: await watched(context, (options) => headlineSensitivity(headline, options)),
  };
}

/** The same as a table. */
export function throughputText(cpus: number, found: Sensitivity): string {
  return sensitivityTable(`Operations per second at ${cpus} CPUs`, found, (ops) =>
    String(Math.round(ops)),
  );
}

/** Published factors beside the modelled ones, with what each hangs on where that is asked for. */
export async function publishedFigures(context: Context): Promise<string> {
  const { args } = context;
  for (const option of ['edition', 'set', 'tree', 'cpus', 'profile']) {
    if (args.has(option)) {
      throw inputError('usage', `--published says itself what it runs: no --${option}`);
    }
  }
  const runs = args.integer('runs', 1) ?? PUBLISHED_RUNS;
  const seed = args.integer('seed', 0) ?? 1;
  const rows: { row: PublishedComparison; found: Sensitivity | undefined }[] = [];
  for (const figure of PUBLISHED) {
    const found = args.has('sensitivity')
      ? await watched(context, (o) => headlineSensitivity(headlineOf(figure, 1, seed), o))
      : undefined;
    rows.push({ row: await compared(context, figure, runs, seed), found });
  }
  if (args.text('format') === 'json') {
    return toJson({
      published: rows.map(({ row: { figure, ...modelled }, found }) => ({
        ...figure,
        ...modelled,
        ...(found && { sensitivity: sensitivityData(found) }),
      })),
      not_modelled: NOT_MODELLED,
    });
  }
  const tables = rows.flatMap(({ row, found }) =>
    found ? [sensitivityTable(row.figure.name, found)] : [],
  );
  return `${[publishedTable(rows.map(({ row }) => row)), ...tables].join('\n\n')}\n`;
}

/** A sensitivity with the keys of exported JSON. */
export function sensitivityData({
  headline,
  swings,
  least,
  greatest,
  ...all
}: Sensitivity): object {
  const { allLeast: all_least, allGreatest: all_greatest } = all;
  return { headline, least, greatest, all_least, all_greatest, costs: swings };
}

async function compared(
  context: Context,
  figure: PublishedFigure,
  runs: number,
  seed: number,
): Promise<PublishedComparison> {
  const headline = headlineOf(figure, runs, seed);
  const [before, after] = await watched(context, (options) => performancesOf(headline, options));
  if (before === undefined || after === undefined) throw new Error('a simulation is missing');
  return publishedComparison(figure, before, after);
}

function headlineOf(figure: PublishedFigure, runs: number, seed: number): Headline {
  const { workload, cpus } = figure;
  return {
    tasks: [figure.before, figure.after].map((kernel) => {
      const { edition, options, parts } = comparedKernel(kernel);
      const task = { edition, relevant: options, workload, cpus: [cpus], runs, seed };
      return parts ? { ...task, parts } : task;
    }),
    profile: loadProfile(figure.profile),
    of: ([before, after]) =>
      before && after ? improvement(figure.figure, before, after) : Number.NaN,
  };
}

/** With progress on standard error, and results kept unless the command line says otherwise. */
async function watched<T>(
  { args, io, signal }: Context,
  run: (options: HeadlineOptions) => Promise<T>,
): Promise<T> {
  const progress = progressOn(io, args.has('quiet'));
  try {
    return await run({
      jobs: args.integer('jobs', 1),
      signal,
      cache: args.has('no-cache') ? undefined : folderCache(defaultCacheDir(io.env)),
      onProgress: (done, total) => progress.update(done, total, 'simulations'),
    });
  } finally {
    progress.end();
  }
}
