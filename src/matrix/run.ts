import type { Kconfig } from 'kconfiglib-js';
import { breathe, type Diagnostic, InputError, type Span } from '../input/index.ts';
import { Board, type CellWatch } from './board.ts';
import type { MeasurementCache } from './cache.ts';
import type { MatrixFile } from './matrix-file.ts';
import { type OptionSource, SymbolIndex, shippedOptions } from './option-source.ts';
import { type KnownNames, type Plan, planMatrix } from './plan.ts';
import { Resolver } from './resolve.ts';
import { isInShard, profileOf, type Shard, type ShardFile, shardFile } from './shard.ts';
import type { KernelStage, Runs, StageEdition, StageKernel } from './stage.ts';
import type { Tasks } from './tasks.ts';
import type { CellResult, CellSpec, MatrixResult } from './types.ts';
import { Work } from './work.ts';

/** What a run is at, and how many of its cells are through that. */
export type Progress = {
  readonly done: number;
  readonly total: number;
} & (
  | { readonly step: 'resolving' }
  /** Runs are counted finer than cells; those from the cache count as done from the first time this is told. */
  | { readonly step: 'simulating'; readonly runs: Runs }
);

/** What may be chosen about a run besides the matrix itself. */
export interface RunOptions {
  /** Where options come from. Default: the shipped option sets. */
  readonly source?: OptionSource;
  /** Cost profile: a shipped name or a path. Default: the kernel stage's own. */
  readonly profile?: string;
  /** Only the cells of this part of the matrix. Default: all. */
  readonly shard?: Shard;
  /** Only these cells. Default: all. */
  readonly only?: (spec: CellSpec) => boolean;
  /** Replaces the seed of the matrix file. */
  readonly seed?: number;
  /** Worker threads at most. Default: the CPUs this process may use. */
  readonly jobs?: number;
  /** Measurements of earlier runs. Default: none are kept. */
  readonly cache?: MeasurementCache;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Called with the cells there are before any is resolved. */
  readonly onPlan?: (plan: Plan) => void;
  /** Told of each cell as it goes on. */
  readonly watch?: CellWatch;
  /** Remarks on the matrix file and the base's `.config` that do not stop the run. */
  readonly onWarning?: (warning: Diagnostic) => void;
  /** The module a worker thread runs, where it is not the one with the real kernel stage. */
  readonly worker?: URL;
}

/** A run was stopped by its signal. What was measured is in the cache, and the finished cells are here. */
export class RunStopped extends Error {
  readonly cells: readonly CellResult[];
  readonly total: number;

  constructor(cells: readonly CellResult[], total: number, cause: unknown) {
    super(`stopped after ${cells.length} of ${total} cells`, { cause });
    this.name = 'RunStopped';
    this.cells = cells;
    this.total = total;
  }
}

/**
 * Resolve, instantiate and simulate every cell of a matrix. Kernels that several cells share are simulated
 * once. The result depends on the matrix, the options and the seed only: not on the number of threads, nor
 * on what the cache held.
 */
export async function runMatrixWith<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
  file: MatrixFile,
  options: RunOptions = {},
): Promise<MatrixResult> {
  const { signal, onProgress, cache, jobs, worker } = options;
  const run = startRun(stage, file, options);
  const { plan, board, seed, total } = run;
  try {
    const tasks = await run.open();
    const simulating = (): void =>
      onProgress?.({ step: 'simulating', done: board.done, total, runs: tasks.runs });
    simulating();
    await tasks.simulate({
      ...(jobs !== undefined && { jobs }),
      ...(cache && { cache }),
      ...(worker && { worker }),
      ...(signal && { signal }),
      onMeasured: (task) => {
        board.measured(task);
        simulating();
      },
      onRuns: (task) => {
        board.advanced(task);
        simulating();
      },
    });
    const cells = board.finish();
    return {
      name: file.name,
      description: file.description,
      matrixFile: file.path,
      seed,
      profile: profileOf(cells, options.profile ?? ''),
      axes: plan.axes,
      cells,
    };
  } catch (error) {
    if (signal?.aborted) throw new RunStopped(board.finished(), total, signal.reason);
    throw error;
  }
}

/** A run whose cells are not resolved yet. */
export interface StartedRun {
  readonly plan: Plan;
  readonly board: Board;
  readonly seed: number;
  /** Cells it is of. */
  readonly total: number;
  /** Resolve the cells, make their kernels and look for measurements of earlier runs. Gives the tasks; some are left to simulate. */
  readonly open: () => Promise<Tasks>;
}

/** Begin to run a matrix: everything but the simulations. */
export function startRun<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
  file: MatrixFile,
  options: RunOptions,
): StartedRun {
  const { signal, shard, only = () => true, onWarning = () => {}, onProgress } = options;
  const { plan, resolverOf, forget } = prepare(stage, file, options.source ?? shippedOptions());
  plan.warnings.forEach(onWarning);
  options.onPlan?.(plan);
  const specs = plan.cells.filter((spec, i) => (!shard || isInShard(i, shard)) && only(spec));
  const board = new Board(specs.length, options.watch);
  const seed = options.seed ?? file.seed;
  const open = async (): Promise<Tasks> => {
    const work = new Work(stage, { ...options, seed, runs: file.runs });
    for (const [i, spec] of specs.entries()) {
      if (i % 32 === 0) await breathe();
      signal?.throwIfAborted();
      onProgress?.({ step: 'resolving', done: i, total: specs.length });
      const edition = stage.editions.find((e) => e.name === spec.edition)!;
      const resolver = resolverOf(edition, onWarning);
      board.add(work.cell(edition, resolver.resolve(spec, plan.show)));
    }
    // Simulations take long, and none of them looks at a tree.
    forget();
    await work.recall((task) => board.measured(task));
    return work.tasks;
  };
  return { plan, board, seed, total: specs.length, open };
}

/** Run a part of a matrix, for `mergeShards` to put together with the others. */
export async function runShardWith<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
  file: MatrixFile,
  shard: Shard,
  options: RunOptions = {},
): Promise<ShardFile> {
  const source = options.source ?? shippedOptions();
  const all = planFor(stage, file, source).cells;
  const result = await runMatrixWith(stage, file, { ...options, source, shard });
  return shardFile(shard, all, [file.runs, options.profile ?? ''], result);
}

/** The cells of a matrix, all names checked, without running anything. */
export function planFor<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
  file: MatrixFile,
  source: OptionSource = shippedOptions(),
): Plan {
  return prepare(stage, file, source).plan;
}

function prepare<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
  file: MatrixFile,
  source: OptionSource,
): {
  plan: Plan;
  resolverOf: (edition: E, onWarning: (warning: Diagnostic) => void) => Resolver;
  /** Let go of the trees that were read for it. */
  forget: () => void;
} {
  const editions = source.editionNames(stage.editions);
  const known = knownNames(stage, source, editions);
  const plan = planMatrix(file, known);
  loadWorkloads(stage, file, plan);
  const resolvers = new Map<string, Resolver>();
  const heard = new Set<Kconfig>();
  const resolverOf = (edition: E, onWarning: (warning: Diagnostic) => void): Resolver => {
    let resolver = resolvers.get(edition.name);
    if (!resolver) {
      const options = source.optionsOf(edition);
      // Editions may share a tree; its warnings are told once.
      if (!heard.has(options.kconfig)) {
        options.kconfig.diagnostics.filter((d) => d.severity === 'warning').forEach(onWarning);
      }
      heard.add(options.kconfig);
      resolver = new Resolver(options, file.base);
      resolver.warnings.forEach(onWarning);
      resolvers.set(edition.name, resolver);
    }
    return resolver;
  };
  const forget = (): void => {
    resolvers.clear();
    heard.clear();
  };
  return { plan, resolverOf, forget };
}

function knownNames<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
  source: OptionSource,
  editions: readonly string[],
): KnownNames {
  let index: SymbolIndex | undefined;
  const symbols = (): SymbolIndex => {
    index ??= new SymbolIndex(
      stage.editions
        .filter((e) => editions.includes(e.name))
        .map((e) => source.optionsOf(e).kconfig),
    );
    return index;
  };
  return {
    editions,
    workloads: stage.shippedWorkloads(),
    symbolNames: () => symbols().names(),
    symbolTypes: (name) => symbols().types(name),
  };
}

/** Read every workload now: a mistake in the last one should not come out after an hour. */
function loadWorkloads<E extends StageEdition, K extends StageKernel, W>(
  stage: KernelStage<E, K, W>,
  file: MatrixFile,
  plan: Plan,
): void {
  const places = new Map<string, Span>();
  for (const words of [
    file.workloads,
    file.costs,
    ...[...file.include, ...file.cells].map((e) => e.workloads ?? []),
  ]) {
    for (const word of words) places.set(word.text, word.span);
  }
  for (const name of new Set(
    plan.cells.flatMap((cell) => [...cell.workloads, ...(cell.costs ?? [])]),
  )) {
    try {
      stage.loadWorkload(name);
    } catch (error) {
      // A file that is not there is a mistake in the matrix; one with a mistake in it says so itself.
      const span = places.get(name);
      if (!(error instanceof InputError) || !span || error.diagnostics[0]?.span) throw error;
      throw new InputError(
        error.diagnostics.map((d) => ({ ...d, span })),
        { cause: error },
      );
    }
  }
}
