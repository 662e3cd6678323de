import type { MatrixFile } from '../matrix-file.ts';
import { sameKernels } from '../same-kernels.ts';
import { profileOf } from '../shard.ts';
import type { Runs } from '../stage.ts';
import type { CellResult, CellSpec, MatrixResult } from '../types.ts';
import type { RunEvent } from './request.ts';

/** Where a cell of a running matrix stands. */
export type CellState = 'waiting' | 'running' | 'done' | 'rejected' | 'unfinished';

/** A cell of a running matrix. */
export interface LiveCell {
  readonly spec: CellSpec;
  readonly state: CellState;
  /** Simulated runs, those from the cache among them. */
  readonly runs: Runs;
}

interface Entry {
  readonly spec: CellSpec;
  result: CellResult | null;
  runs: Runs;
}

const NO_RUNS: Runs = { done: 0, total: 0 };

/**
 * A matrix as it is known while it runs, from what the run tells. Runs may follow each other, of all cells
 * or of some: a cell keeps what it had until a run tells better.
 */
export class LiveMatrix {
  #file: MatrixFile;
  #axes: readonly string[] = [];
  #seed: number;
  #entries = new Map<string, Entry>();
  #only: readonly string[] | undefined;
  /** Cells the present run has still to finish. */
  #open = new Set<string>();

  constructor(file: MatrixFile) {
    this.#file = file;
    this.#seed = file.seed;
  }

  /** A run of the matrix begins: of these cells, or of all. */
  begin(file: MatrixFile, only?: readonly string[]): void {
    this.#file = file;
    this.#only = only;
    this.#open = new Set(only ?? this.#entries.keys());
  }

  /** Take what a run tells. */
  take(event: RunEvent): void {
    switch (event.type) {
      case 'planned': {
        const before = this.#entries;
        this.#axes = event.plan.axes;
        this.#seed = event.seed;
        this.#entries = new Map(
          event.plan.cells.map((spec) => {
            const old = before.get(spec.id);
            // A cell that is another now (other workloads, other CPUs) has nothing to keep.
            const same = old && JSON.stringify(old.spec) === JSON.stringify(spec);
            return [spec.id, same ? old : { spec, result: null, runs: NO_RUNS }];
          }),
        );
        this.#open = new Set(this.#only ?? this.#entries.keys());
        return;
      }
      case 'cell': {
        const { cell, runs } = event;
        const entry = this.#entries.get(cell.spec.id);
        if (!entry) return;
        entry.result = cell;
        entry.runs = runs;
        if (isWhole(cell, runs)) this.#open.delete(cell.spec.id);
        return;
      }
      case 'runs': {
        const entry = this.#entries.get(event.id);
        if (entry) entry.runs = event.runs;
        return;
      }
      default:
    }
  }

  /** The run is over, to its end or stopped: nothing more will come. */
  end(): void {
    this.#open.clear();
  }

  /** Every cell there is, in the matrix's order. */
  cells(): LiveCell[] {
    return [...this.#entries.values()].map(({ spec, result, runs }) => ({
      spec,
      runs,
      state: this.#stateOf(spec.id, result, runs),
    }));
  }

  /** Axis names, `edition` first where it is one. */
  get axes(): readonly string[] {
    return this.#axes;
  }

  /** The matrix as far as it is resolved: cells of which nothing is known yet are left out. */
  result(): MatrixResult {
    const cells = [...this.#entries.values()].flatMap(({ result }) => (result ? [result] : []));
    return {
      name: this.#file.name,
      description: this.#file.description,
      matrixFile: this.#file.path,
      seed: this.#seed,
      profile: profileOf(cells, ''),
      axes: this.#axes,
      cells: sameKernels(cells),
    };
  }

  #stateOf(id: string, result: CellResult | null, runs: Runs): CellState {
    if (result?.status === 'rejected') return 'rejected';
    if (this.#open.has(id)) return runs.done > 0 && result ? 'running' : 'waiting';
    if (result && isWhole(result, runs)) return 'done';
    return 'unfinished';
  }
}

/** Prices of single operations are counted among the runs. */
function isWhole({ status, spec, measurements }: CellResult, runs: Runs): boolean {
  if (status === 'rejected') return true;
  return measurements.length === spec.workloads.length && runs.done >= runs.total;
}
