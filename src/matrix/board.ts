import type { OpenCell, Task } from './open-cell.ts';
import type { CellResult } from './types.ts';

/** How far a run is. */
export interface Progress {
  /** Cells that are finished, rejected ones among them. */
  readonly done: number;
  readonly total: number;
  /** The cell that has just been finished. */
  readonly cell: CellResult;
}

/** Keeps the cells in matrix order and reports each when its last measurement is there. */
export class Board {
  readonly #total: number;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #cells: OpenCell[] = [];
  readonly #waiting = new Map<Task, Set<number>>();
  readonly #finished = new Map<number, CellResult>();

  constructor(total: number, onProgress: ((progress: Progress) => void) | undefined) {
    this.#total = total;
    this.#onProgress = onProgress;
  }

  add(cell: OpenCell): void {
    const position = this.#cells.push(cell) - 1;
    for (const task of [...cell.tasks, ...cell.costs]) {
      const positions = this.#waiting.get(task) ?? new Set();
      positions.add(position);
      this.#waiting.set(task, positions);
    }
    this.#settle(position);
  }

  measured(task: Task): void {
    for (const position of this.#waiting.get(task) ?? []) this.#settle(position);
    this.#waiting.delete(task);
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
    const { result, tasks, costs } = this.#cells[position]!;
    const measurements = tasks.map((task) => task.measurement);
    const priced = costs.map((task) => task.measurement);
    if (!measurements.every((m) => m !== undefined) || !priced.every((m) => m !== undefined))
      return;
    const cell: CellResult = {
      ...result,
      measurements,
      ...(priced.length > 0 && { costs: priced }),
    };
    this.#finished.set(position, cell);
    this.#onProgress?.({ done: this.#finished.size, total: this.#total, cell });
  }
}
