import type { OpenCell, Task } from './open-cell.ts';
import type { Runs } from './stage.ts';
import type { CellResult } from './types.ts';

/** What can be watched of each cell while a matrix runs. */
export interface CellWatch {
  /** A cell as far as it is known: when Kconfig has resolved it, and after each of its measurements. */
  readonly onCell?: (cell: CellResult, runs: Runs) => void;
  /** A cell's simulation has gone on. */
  readonly onRuns?: (id: string, runs: Runs) => void;
}

/** Keeps the cells in matrix order and tells of each as it gets its measurements. */
export class Board {
  readonly #total: number;
  readonly #watch: CellWatch;
  readonly #cells: OpenCell[] = [];
  readonly #waiting = new Map<Task, Set<number>>();
  readonly #finished = new Map<number, CellResult>();

  constructor(total: number, watch: CellWatch = {}) {
    this.#total = total;
    this.#watch = watch;
  }

  add(cell: OpenCell): void {
    this.#settle(this.#take(cell));
  }

  /** A cell that has been told of. */
  resume(cell: OpenCell): void {
    this.#take(cell);
  }

  #take(cell: OpenCell): number {
    const position = this.#cells.push(cell) - 1;
    for (const task of [...cell.tasks, ...cell.costs]) {
      const positions = this.#waiting.get(task) ?? new Set();
      positions.add(position);
      this.#waiting.set(task, positions);
    }
    return position;
  }

  measured(task: Task): void {
    for (const position of this.#waiting.get(task) ?? []) this.#settle(position);
    this.#waiting.delete(task);
  }

  /** A task's simulation has gone on. */
  advanced(task: Task): void {
    for (const position of this.#waiting.get(task) ?? []) {
      const cell = this.#cells[position]!;
      this.#watch.onRuns?.(cell.result.spec.id, runsOf(cell));
    }
  }

  /** Cells that are finished, rejected ones among them. */
  get done(): number {
    return this.#finished.size;
  }

  /** Cells that wait for a measurement, in matrix order. */
  open(): OpenCell[] {
    return this.#cells.filter((_, position) => !this.#finished.has(position));
  }

  /** All cells, in matrix order. */
  finish(): CellResult[] {
    const cells = this.finished();
    if (cells.length !== this.#total) throw new Error('a cell was left without its measurements');
    return cells;
  }

  /** The cells finished so far, in matrix order. */
  finished(): CellResult[] {
    return [...this.#finished].sort(([a], [b]) => a - b).map(([, cell]) => cell);
  }

  #settle(position: number): void {
    const open = this.#cells[position]!;
    const { result, tasks, costs } = open;
    const measurements = tasks.map((task) => task.measurement).filter((m) => m !== undefined);
    const priced = costs.map((task) => task.measurement).filter((m) => m !== undefined);
    const cell: CellResult = {
      ...result,
      measurements,
      ...(priced.length > 0 && { costs: priced }),
    };
    this.#watch.onCell?.(cell, runsOf(open));
    if (measurements.length < tasks.length || priced.length < costs.length) return;
    this.#finished.set(position, cell);
  }
}

function runsOf({ tasks, costs }: OpenCell): Runs {
  return [...tasks, ...costs].reduce(
    (sum, { runs }) => ({ done: sum.done + runs.done, total: sum.total + runs.total }),
    { done: 0, total: 0 },
  );
}
