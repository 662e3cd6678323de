import type { Surface } from '../kernel/index.ts';
import { type DecidingOption, WhatIf } from './deciding.ts';
import { kernelStage } from './kernel-stage.ts';
import type { MatrixFile } from './matrix-file.ts';
import type { OptionSource } from './option-source.ts';
import type { Plan } from './plan.ts';
import { planFor, type RunOptions, runMatrixWith, runShardWith } from './run.ts';
import type { Shard, ShardFile } from './shard.ts';
import type { MatrixResult } from './types.ts';

/** Resolve, instantiate and simulate every cell of a matrix with the simulated kernel. See `runMatrixWith`. */
export function runMatrix(file: MatrixFile, options?: RunOptions): Promise<MatrixResult> {
  return runMatrixWith(kernelStage, file, options);
}

/** Run a part of a matrix with the simulated kernel. */
export function runShard(file: MatrixFile, shard: Shard, options?: RunOptions): Promise<ShardFile> {
  return runShardWith(kernelStage, file, shard, options);
}

/** The cells of a matrix, all names checked, without running anything. */
export function planMatrixFile(file: MatrixFile, source?: OptionSource): Plan {
  return planFor(kernelStage, file, source);
}

/** Which options decide about what a kernel of an edition offers; see `WhatIf`. `undefined` where none does. */
export function shippedDeciding(): (
  edition: string,
  options: Readonly<Record<string, string>>,
  others: readonly Readonly<Record<string, string>>[],
  wanted: (surface: Surface) => boolean,
) => DecidingOption[] | undefined {
  const editions = new Map(
    kernelStage.editions.map((edition) => [edition.name, new WhatIf(kernelStage, edition)]),
  );
  return (edition, ...question) => editions.get(edition)?.deciding(...question);
}
