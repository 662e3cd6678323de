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
