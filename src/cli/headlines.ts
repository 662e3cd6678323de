/** Headlines on the command line: what a throughput hangs on, and published figures beside the modelled ones. */
import { defaultCacheDir, inputError, toJson } from '../input/index.ts';
import {
  type ComparedKernel,
  comparedKernel,
  improvement,
  LOCK_OPERATIONS,
  loadProfile,
  lockCostTable,
  type Measurement,
  NOT_MODELLED,
  operationCost,
  PUBLISHED,
  type PublishedFigure,
  publishedComparison,
  publishedTable,
  type Sensitivity,
  sensitivityTable,
  structureCosts,
  turningText,
  UNIPROCESSOR_KERNELS,
} from '../kernel/index.ts';
import {
  folderCache,
  type Headline,
  type HeadlineOptions,
  headlineSensitivities,
  performancesOf,
} from '../matrix/index.ts';
import {
  type Published,
  publishedCsv,
  publishedMarkdown,
  sensitivityData,
} from '../report/index.ts';
import type { Context } from './command.ts';
import { nameOrPath } from './paths.ts';
import { progressOn } from './progress.ts';

/** Runs of each kernel of a published figure where the command line does not say. */
const PUBLISHED_RUNS = 3;

/** How the throughput at the largest CPU count moves with each cost. */
export async function throughputSensitivity(
  context: Context,
  { edition, config, workload: _, seed, performance }: Measurement,
  workload: string,
): Promise<{ readonly cpus: number; readonly found: Sensitivity }> {
  const cpus = Math.max(...performance.map((row) => row.cpus));
  const given = context.args.text('profile');
  const headline: Headline = {
    tasks: [{ edition, relevant: config, workload, cpus: [cpus], runs: 1 }],
    profile: loadProfile(given === undefined ? undefined : nameOrPath(given, context.io)),
    seed,
    of: ([row]) => row?.ops_per_second ?? 0,
  };
  const [found] = await watched(context, (options) => headlineSensitivities([headline], options));
  if (found === undefined) throw new Error('a sensitivity is missing');
  return { cpus, found };
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
  const published = await publishedOf(context);
  switch (args.text('format')) {
    case 'json':
      return toJson(published.data);
    case 'csv':
      return publishedCsv(published.data);
    case 'md':
      return publishedMarkdown(published.data);
    default:
      return published.text;
  }
}

async function publishedOf(
  context: Context,
): Promise<{ readonly data: Published; readonly text: string }> {
  const { args } = context;
  const runs = args.integer('runs', 1) ?? PUBLISHED_RUNS;
  const seed = args.integer('seed', 0) ?? 1;
  const headlines = (runs: number): readonly Headline[] => [
    ...PUBLISHED.map((figure) => headlineOf(figure, runs, seed)),
    ...LOCK_OPERATIONS.map(({ workload, profile }) => ({
      tasks: tasksOf(UNIPROCESSOR_KERNELS, workload, 1, runs),
      profile: loadProfile(profile),
      seed,
      of: ([without, withLock]: Parameters<Headline['of']>[0]) =>
        without && withLock ? without.ops_per_second / withLock.ops_per_second : Number.NaN,
    })),
  ];
  const { performances, found } = await watched(context, async (options) => ({
    performances: await performancesOf(headlines(runs), options),
    found: args.has('sensitivity') ? await headlineSensitivities(headlines(1), options) : [],
  }));
  const pair = (i: number) => {
    const [before, after] = performances[i] ?? [];
    if (before === undefined || after === undefined) throw new Error('a simulation is missing');
    return [before, after] as const;
  };
  const rows = PUBLISHED.map((figure, i) => publishedComparison(figure, ...pair(i)));
  const costs = LOCK_OPERATIONS.map((operation, i) =>
    operationCost(operation, ...pair(PUBLISHED.length + i)),
  );
  const structures = structureCosts();
  const tables = found.map((of, i) => {
    const cost = costs[i - PUBLISHED.length];
    const name = rows[i]?.figure.name ?? `What the lock costs, ${cost?.what} in ${cost?.unit}`;
    return `${sensitivityTable(name, of)}\n\n${turningText(of)}`;
  });
  const hangingOn = (i: number) => found[i] && { sensitivity: sensitivityData(found[i], true) };
  return {
    data: {
      published: rows.map(({ figure, ...row }, i) => ({ ...figure, ...row, ...hangingOn(i) })),
      not_modelled: NOT_MODELLED,
      uniprocessor: [
        ...costs.map((cost, i) => ({ ...cost, ...hangingOn(PUBLISHED.length + i) })),
        ...structures,
      ],
    },
    text: `${[publishedTable(rows), lockCostTable([...costs, ...structures]), ...tables].join('\n\n')}\n`,
  };
}

function headlineOf(figure: PublishedFigure, runs: number, seed: number): Headline {
  const { before, after, workload, cpus } = figure;
  return {
    tasks: tasksOf([before, after].map(comparedKernel), workload, cpus, runs),
    profile: loadProfile(figure.profile),
    seed,
    of: ([old, changed]) =>
      old && changed ? improvement(figure.figure, old, changed) : Number.NaN,
  };
}

function tasksOf(
  kernels: readonly ComparedKernel[],
  workload: string,
  cpus: number,
  runs: number,
): Headline['tasks'] {
  return kernels.map(({ edition, options, parts }) => {
    const task = { edition, relevant: options, workload, cpus: [cpus], runs };
    return parts ? { ...task, parts } : task;
  });
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
