import { relative } from 'node:path';
import { defaultCacheDir, formatDiagnostic, packagePath, packageRoot } from '../input/index.ts';
import {
  folderCache,
  type MatrixFile,
  type MatrixResult,
  type OptionSource,
  type Progress,
  type RunOptions,
  type RunRequest,
  RunStopped,
  readMatrixFile,
  runMatrix,
  runShard,
  type Shard,
  type ShardFile,
  shippedOptions,
  treeOptions,
} from '../matrix/index.ts';
import type { Context, OptionSpec } from './command.ts';
import { Interrupted } from './interrupted.ts';
import { writeRemark } from './output.ts';
import { nameOrPath, userPath } from './paths.ts';
import { progressOn, type Progress as Shown } from './progress.ts';
import { toldSource } from './told-source.ts';
import { toolchainOf, toolchainOption } from './toolchain-option.ts';

/** Options of every command that runs a matrix. */
export const runOptions = {
  tree: {
    type: 'string',
    value: 'DIR',
    description: 'Use the Kconfig of a real kernel source tree instead of the shipped option sets.',
  },
  ...toolchainOption,
  profile: {
    type: 'string',
    value: 'NAME',
    description: 'Cost profile the times come from: a shipped one, or a JSON file.',
  },
  seed: { type: 'string', value: 'N', description: 'Seed of the simulation. Default: the matrix.' },
  runs: {
    type: 'string',
    value: 'N',
    description: 'Runs per figure; the spread comes from them. Default: the matrix.',
  },
  cpus: { type: 'string', value: 'N,N', description: 'CPU counts. Default: the matrix.' },
  jobs: { type: 'string', value: 'N', description: 'Cells at a time. Default: one per processor.' },
  'no-cache': { type: 'boolean', description: 'Neither use nor keep results of earlier runs.' },
  quiet: { type: 'boolean', description: 'No progress on standard error.' },
} as const satisfies Record<string, OptionSpec>;

/** The matrix that ships with kmatrix, from the root of the package. */
const DEFAULT_MATRIX = 'matrices/per-vma-lock.yaml';

/**
 * The matrix a command line names, a shipped one if it names none. Reports call it what the user
 * called it, so that they are the same wherever kmatrix stands.
 */
export function loadMatrix(
  given: string | undefined,
  { io }: Context,
  shipped: string = DEFAULT_MATRIX,
): MatrixFile {
  if (given !== undefined) return { ...readMatrixFile(userPath(given, io)), path: given };
  const matrix = readMatrixFile(packagePath(shipped));
  return { ...matrix, path: shipped, base: fromPackage(matrix.base) };
}

/** Reasons name the base's file: by its place in the package, not by where that is installed. */
function fromPackage(base: MatrixFile['base']): MatrixFile['base'] {
  return base.kind === 'file' ? { ...base, path: relative(packageRoot(), base.path) } : base;
}

/** How far a run has come, and when it is to stop. */
export interface Watch {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** A remark on the matrix that does not stop the run. */
  readonly onWarning: (text: string) => void;
}

/** Where a command line takes its options from: the shipped option sets, or `--tree`. */
export function optionSourceOf({ args, io }: Context): OptionSource {
  const tree = args.text('tree');
  const profile = toolchainOf({ args, io });
  return tree === undefined ? shippedOptions() : treeOptions(userPath(tree, io), profile);
}

/** The same, with a word on standard error while a Kconfig is read. */
export function toldSourceOf(context: Context): OptionSource {
  const { args, io } = context;
  return toldSource(optionSourceOf(context), args.text('tree'), progressOn(io, args.has('quiet')));
}

/** A matrix and the options to run it with, as a command line says. */
interface Planned {
  readonly matrix: MatrixFile;
  readonly options: RunOptions;
}

function planned(
  context: Context,
  given: MatrixFile,
  { signal, onProgress, onWarning }: Watch,
  source: OptionSource,
): Planned {
  const { args, io } = context;
  const profile = args.text('profile');
  const seed = args.integer('seed', 0);
  const jobs = args.integer('jobs', 1);
  const runs = args.integer('runs', 1) ?? given.runs;
  return {
    matrix: { ...withCpus(given, args.integers('cpus', 1)), runs },
    options: {
      source,
      signal,
      onProgress,
      onWarning: (warning) => onWarning(formatDiagnostic(warning)),
      ...(!args.has('no-cache') && { cache: folderCache(defaultCacheDir(io.env)) }),
      ...(profile !== undefined && { profile: nameOrPath(profile, io) }),
      ...(seed !== undefined && { seed }),
      ...(jobs !== undefined && { jobs }),
    },
  };
}

/** A run of a matrix in a thread of its own, as the options say. */
export function runRequestOf(context: Context, given: MatrixFile): RunRequest {
  const { args, io } = context;
  const idle = { signal: context.signal, onProgress: () => {}, onWarning: () => {} };
  const { matrix, options } = planned(context, given, idle, shippedOptions());
  const { profile, seed, jobs } = options;
  const tree = args.text('tree');
  const toolchain = toolchainOf(context);
  return {
    matrix,
    ...(tree !== undefined && { tree: userPath(tree, io) }),
    ...(toolchain && { toolchain }),
    ...(profile !== undefined && { profile }),
    ...(seed !== undefined && { seed }),
    ...(jobs !== undefined && { jobs }),
    ...(!args.has('no-cache') && { cacheDir: defaultCacheDir(io.env) }),
  };
}

/** Run a matrix as the options say. */
export function runWatched(
  context: Context,
  given: MatrixFile,
  watch: Watch,
  source: OptionSource = toldSourceOf(context),
): Promise<MatrixResult> {
  const { matrix, options } = planned(context, given, watch, source);
  return runMatrix(matrix, options);
}

/** Run a matrix as the options say, with progress on standard error. */
export function runLoaded(
  context: Context,
  matrix: MatrixFile,
  source?: OptionSource,
): Promise<MatrixResult> {
  return withProgress(context, (watch) => runWatched(context, matrix, watch, source));
}

/** Run a part of a matrix as the options say, with progress on standard error. */
export function runPart(context: Context, given: MatrixFile, shard: Shard): Promise<ShardFile> {
  return withProgress(context, (watch) => {
    const { matrix, options } = planned(context, given, watch, toldSourceOf(context));
    return runShard(matrix, shard, options);
  });
}

async function withProgress<T>(context: Context, run: (watch: Watch) => Promise<T>): Promise<T> {
  const { io, args, signal } = context;
  const progress = progressOn(io, args.has('quiet'));
  try {
    return await run({
      signal,
      onProgress: (at) => showStep(progress, at),
      onWarning: (text: string) => {
        progress.end();
        writeRemark(io, text);
      },
    });
  } catch (error) {
    throw error instanceof RunStopped ? new Interrupted(error.message, args, error) : error;
  } finally {
    progress.end();
  }
}

function showStep(progress: Shown, at: Progress): void {
  if (at.step === 'resolving') {
    progress.update(at.done, at.total, 'configurations', 'resolving ');
  } else if (at.runs.total > 0) {
    const { done, total } = at.runs;
    progress.update(done, total, 'runs', `simulating ${at.done}/${at.total} cells: `);
  }
}

/** CPU counts of the command line hold for every cell, also where the matrix makes an exception. */
function withCpus(matrix: MatrixFile, cpus: readonly number[] | undefined): MatrixFile {
  if (!cpus) return matrix;
  const without = (entries: MatrixFile['cells']): MatrixFile['cells'] =>
    entries.map((entry) => ({ ...entry, cpus }));
  return { ...matrix, cpus, include: without(matrix.include), cells: without(matrix.cells) };
}
