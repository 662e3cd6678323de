import type { ToolchainProfile } from 'kconfiglib-js';
import type { Diagnostic } from '../../input/index.ts';
import type { MatrixFile } from '../matrix-file.ts';
import type { OpenCell } from '../open-cell.ts';
import type { Plan } from '../plan.ts';
import type { Runs } from '../stage.ts';
import type { CellResult } from '../types.ts';

/** A run of a matrix as threads of their own are asked for it: plain data, that can be sent. */
export interface RunRequest {
  readonly matrix: MatrixFile;
  /** A real kernel tree to take options from; the shipped option sets without one. */
  readonly tree?: string;
  /** What the tree's questions to the compiler are answered from. */
  readonly toolchain?: ToolchainProfile;
  readonly profile?: string;
  readonly seed?: number;
  readonly jobs?: number;
  /** Folder of results of earlier runs. Without one they are neither used nor kept. */
  readonly cacheDir?: string;
  /** Ids of the only cells to run. Default: all. */
  readonly only?: readonly string[];
  /** Simulate even what the cache has; what comes out is still kept. */
  readonly afresh?: boolean;
}

/** What a run tells while it goes on, in this order: the plan, then cells. */
export type RunEvent =
  | { readonly type: 'planned'; readonly plan: Plan; readonly seed: number }
  /** A cell as far as it is known: resolved, and with the measurements that are there. */
  | { readonly type: 'cell'; readonly cell: CellResult; readonly runs: Runs }
  /** Simulated runs of a cell that are over. */
  | { readonly type: 'runs'; readonly id: string; readonly runs: Runs }
  | { readonly type: 'warning'; readonly warning: Diagnostic };

/** A cell that waits for measurements, and the tasks these come from. Cells of one message share tasks. */
export interface LeftCell extends Pick<OpenCell, 'tasks' | 'costs'> {
  readonly id: string;
}

/** How the thread that resolves a matrix ended. */
export type ResolvingEnd =
  /** All cells are resolved; these are left to simulate. */
  | { readonly type: 'resolved'; readonly cells: readonly LeftCell[] }
  | { readonly type: 'stopped' }
  | { readonly type: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | { readonly type: 'failed'; readonly failure: string };
