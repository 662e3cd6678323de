import { defaultCacheDir, inputError, toJson } from '../../input/index.ts';
import {
  ADVERSARIES,
  DEFAULT_LOOKUPS,
  DEFAULT_STEPS,
  DEFAULT_WRITERS,
  LOOKUPS,
  type Lookup,
  loadProfile,
  PLACES,
  runCells,
  SCHEDULERS,
  type TortureCell,
  type TortureResult,
} from '../../kernel/index.ts';
import { tortureCsv, tortureHtml, tortureMarkdown, tortureText } from '../../report/index.ts';
import type { Command, Context } from '../command.ts';
import { editionOf } from '../edition.ts';
import { fileServiceOf } from '../file-service.ts';
import { formatOption, textOptions } from '../format.ts';
import { Interrupted } from '../interrupted.ts';
import { exit } from '../io.ts';
import { runOptions } from '../matrix-options.ts';
import { DEFAULT_EDITION } from '../option-source.ts';
import { outOption, writeResult } from '../output.ts';
import { nameOrPath } from '../paths.ts';
import { progressOn } from '../progress.ts';
import { shardStore, tortureService } from '../torture-service.ts';
import { tuiOptions, tuiSettings, wantsTui } from '../tui-options.ts';

const NAMES = Object.keys(LOOKUPS) as Lookup[];

/** `kmatrix torture`: what lookups of a VMA go through while others change it. */
export const tortureCommand: Command = {
  name: 'torture',
  usage: '',
  description: [
    'One thread looks a VMA up again and again while writers change it. For each lookup, edition and adversary: the ' +
      'distribution of retries and of the time to success, the share that needed the slow path, with bounds on what was not seen, and ' +
      'what the writers lose. Times are modelled, not measured.',
    `Lookups: ${NAMES.join(', ')}. The waiting ones are put into the edition asked for, which must lock VMAs by a reference ` +
      'count (6.15 and later). wait goes round, unlocked takes its reference under mmap_lock, unlocked-as-posted is what was mailed.',
    `Adversaries: ${ADVERSARIES.join(', ')}; sleep keeps the VMA write-locked for 20 us. They run on the victim's CPU (same), on its ` +
      'socket (beside) or on another (away).',
    'A hostile scheduler lets the victim begin a try only while its VMA is write-locked, a hundred times for each lookup.',
    'The default table has every lookup and adversary, and ten million lookups in each cell, made in pieces of a hundred thousand: two ' +
      'to four hours of a processor. The killable lookups share the pieces of the others, since nobody is killed. Pieces that are done are kept ' +
      'in the cache, so that it can be interrupted and goes on where it was. There are two writers beside the victim, one where it holds the ' +
      'lock for long (fixed, sleep): two of those starve a reader for 4 ms, until the lock is handed to it, and --writers 2 with ' +
      '--lookups 1000 shows that. A cell that makes too many steps is stopped and says so, and what was under way counts as the longest wait.',
    'All work of the kernel takes up to as much longer or shorter as the profile says of user code, at random: victim and writers must not ' +
      'fall into a step in which one of them wins for ever.',
    'The exit code is 1 if a kernel crashes or hangs.',
  ],
  arity: [0, 0],
  options: {
    ...tuiOptions,
    ...formatOption('term', 'md', 'mail', 'html', 'json', 'csv'),
    ...outOption,
    lookup: { type: 'string', value: 'NAME,NAME', description: 'Lookups. Default: all.' },
    edition: {
      type: 'string',
      value: 'NAME,NAME',
      description: `Editions. Default: ${DEFAULT_EDITION}.`,
    },
    adversary: { type: 'string', value: 'NAME,NAME', description: 'Adversaries. Default: all.' },
    writers: {
      type: 'string',
      value: 'N,N',
      description: 'Writers at a time. Default: 2; 1 for fixed and sleep.',
    },
    place: { type: 'string', value: 'NAME,NAME', description: 'Where they run. Default: beside.' },
    scheduler: {
      type: 'string',
      value: 'NAME,NAME',
      description: 'fair, hostile or both. Default: fair.',
    },
    lookups: {
      type: 'string',
      value: 'N',
      description: 'Lookups in a cell. Default: 10000000, with a hostile scheduler 10000.',
    },
    steps: {
      type: 'string',
      value: 'N',
      description: 'Steps after which a cell is stopped. Default: 30000000000.',
    },
    profile: runOptions.profile,
    seed: { type: 'string', value: 'N', description: 'Seed. Default: 1.' },
    jobs: runOptions.jobs,
    'no-cache': runOptions['no-cache'],
    watch: {
      type: 'boolean',
      description:
        'In the terminal UI: histograms that grow, with keys to choose, run, stop and go on.',
    },
    quiet: runOptions.quiet,
  },
  examples: [
    ['kmatrix torture --lookups 100000', 'The default table, with a shorter tail.'],
    [
      'kmatrix torture --lookup wait,unlocked --scheduler hostile --adversary mprotect',
      'Whether the loop of the first version can be kept going.',
    ],
  ],
  run: async (context) => {
    if (context.args.has('watch')) return watch(context);
    const results = await resultsOf(context, cellsOf(context));
    writeResult(context, resultsIn(context, results));
    return results.some((r) => r.outcome === 'oops' || r.outcome === 'hung') ? exit.no : exit.done;
  },
};

/** The terminal UI on the edition asked for; what else is chosen there. */
async function watch(context: Context): Promise<number> {
  const { args, io } = context;
  if (!wantsTui(context)) {
    throw inputError('no-terminal', '--watch needs a terminal, and neither --format nor --out');
  }
  const { openedTorture, runTui } = await import('../../tui/index.ts');
  const [edition = DEFAULT_EDITION] = args.text('edition')?.split(',') ?? [];
  editionOf(edition);
  return runTui({
    ...tuiSettings(context),
    signal: context.signal,
    title: 'kmatrix torture',
    load: async () => openedTorture(edition),
    services: {
      files: fileServiceOf(io),
      torture: tortureService(io, args.has('no-cache'), args.integer('jobs', 1)),
    },
  });
}

function cellsOf({ args, io }: Context): TortureCell[] {
  const profile = nameOrPath(args.text('profile') ?? 'server', io);
  loadProfile(profile);
  const seed = args.integer('seed', 0) ?? 1;
  const steps = args.integer('steps', 1) ?? DEFAULT_STEPS;
  const editions = (args.text('edition') ?? DEFAULT_EDITION).split(',');
  for (const edition of editions) editionOf(edition);
  const writers = args.integers('writers', 1);
  if (writers?.some((n) => n > MOST_WRITERS)) {
    throw inputError('usage', `--writers: at most ${MOST_WRITERS}`);
  }
  const lookups = args.integer('lookups', 1);
  const choose = <T extends string>(option: string, known: readonly T[], otherwise: readonly T[]) =>
    args
      .text(option)
      ?.split(',')
      .map((word) => oneOf(word, option, known)) ?? otherwise;
  const axes = {
    lookup: choose('lookup', NAMES, NAMES),
    adversary: choose('adversary', ADVERSARIES, ADVERSARIES),
    place: choose('place', PLACES, ['beside']),
    scheduler: choose('scheduler', SCHEDULERS, ['fair']),
  };
  return editions.flatMap((edition) =>
    axes.lookup.flatMap((lookup) =>
      axes.adversary.flatMap((adversary) =>
        (writers ?? [DEFAULT_WRITERS[adversary]]).flatMap((n) =>
          axes.place.flatMap((place) =>
            axes.scheduler.map((scheduler) => ({
              ...{ edition, lookup, adversary, writers: n, place, scheduler, profile, seed, steps },
              lookups: lookups ?? DEFAULT_LOOKUPS[scheduler],
            })),
          ),
        ),
      ),
    ),
  );
}

const MOST_WRITERS = 100;

function oneOf<T extends string>(word: string, option: string, known: readonly T[]): T {
  const found = known.find((k) => k === word);
  if (found === undefined) {
    throw inputError('usage', `--${option}: "${word}" is none of ${known.join(', ')}`);
  }
  return found;
}

/** Results of cells. Pieces that an earlier run has made come from the cache, those of one that was interrupted among them. */
async function resultsOf(
  { args, io, signal }: Context,
  cells: readonly TortureCell[],
): Promise<TortureResult[]> {
  const progress = progressOn(io, args.has('quiet'));
  let how = 'stopped before the first piece';
  try {
    return await runCells(cells, {
      jobs: args.integer('jobs', 1),
      signal,
      store: args.has('no-cache') ? undefined : shardStore(defaultCacheDir(io.env)),
      onProgress: (done, total) => {
        how = `stopped after ${done} of ${total} pieces`;
        progress.update(done, total, 'pieces');
      },
    });
  } catch (error) {
    throw signal.aborted ? new Interrupted(how, args, error) : error;
  } finally {
    progress.end();
  }
}

function resultsIn(context: Context, results: readonly TortureResult[]): string {
  const format = context.args.text('format') ?? 'term';
  if (format === 'json') return toJson({ schemaVersion: 1, cells: results });
  if (format === 'html') return tortureHtml(results);
  if (format === 'csv') return tortureCsv(results);
  if (format === 'md') return tortureMarkdown(results);
  return tortureText(results, textOptions(context));
}
