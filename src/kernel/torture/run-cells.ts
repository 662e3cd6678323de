/** Running torture cells in worker threads, piece by piece. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { shardsOf, sharesPieces, type TortureCell, type TortureShard } from './cell.ts';
import { countedPieces, endsCell, mergeShards, type TortureResult } from './run-cell.ts';
import type { ShardResult } from './run-shard.ts';

/** Beside this module, with its own ending: TypeScript in the source tree, JavaScript when compiled. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './torture.worker.ts' : './torture.worker.js',
  import.meta.url,
);

/** Where the results of pieces are kept, so that what was done is not done again. */
export interface ShardStore {
  get(cell: TortureCell, shard: TortureShard): ShardResult | undefined;
  put(cell: TortureCell, shard: TortureShard, result: ShardResult): void;
}

/** How cells are spread over threads. */
export interface RunCellsOptions {
  /** Pieces at a time; as many as there are processors when left out. */
  readonly jobs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly store?: ShardStore | undefined;
  /** So many pieces of those there will be are done, the kept ones among them. One that ends its cell makes them fewer. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Runs cells. The results are in the order of the cells and the same however many pieces run at a time. Rejects
 * with the signal's reason when aborted; no thread is left running, and the pieces that were done are in the store.
 */
export async function runCells(
  cells: readonly TortureCell[],
  { jobs = availableParallelism(), signal, store, onProgress }: RunCellsOptions = {},
): Promise<TortureResult[]> {
  signal?.throwIfAborted();
  const pieces = new Pieces(cells, store);
  onProgress?.(pieces.done, pieces.total);
  const workers = new Set<Worker>();
  const work = (reject: (error: unknown) => void): Promise<void> =>
    new Promise((resolve) => {
      let piece = pieces.next();
      if (piece === undefined) return resolve();
      const worker = new Worker(WORKER);
      workers.add(worker);
      worker.on('error', reject);
      worker.on('message', (result: ShardResult) => {
        pieces.finish(piece as Piece, result);
        onProgress?.(pieces.done, pieces.total);
        piece = pieces.next();
        if (piece !== undefined) return worker.postMessage(piece);
        workers.delete(worker);
        void worker.terminate().then(() => resolve());
      });
      worker.postMessage(piece);
    });
  let onAbort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort, { once: true });
      const threads = Math.max(1, Math.min(jobs, pieces.total - pieces.done));
      Promise.all(Array.from({ length: threads }, () => work(reject))).then(
        () => resolve(),
        reject,
      );
    });
  } finally {
    if (onAbort) signal?.removeEventListener('abort', onAbort);
    await Promise.all([...workers].map((worker) => worker.terminate()));
  }
  return pieces.results();
}

interface Piece {
  readonly cell: TortureCell;
  readonly shard: TortureShard;
  readonly cellNumber: number;
  readonly number: number;
}

/** What is to be done, and what has been. */
class Pieces {
  readonly #cells: readonly TortureCell[];
  readonly #store: ShardStore | undefined;
  /** Of each cell: the first that shares its pieces, which makes them. */
  readonly #maker: readonly number[];
  readonly #results: (ShardResult | undefined)[][];
  readonly #left: Piece[];
  #next = 0;

  constructor(cells: readonly TortureCell[], store: ShardStore | undefined) {
    this.#cells = cells;
    this.#store = store;
    this.#maker = cells.map((cell) => cells.findIndex((other) => sharesPieces(other, cell)));
    this.#results = cells.map((cell) => shardsOf(cell).map((shard) => store?.get(cell, shard)));
    const pieces = cells.flatMap((cell, cellNumber) =>
      shardsOf(cell).map((shard, number): Piece => ({ cell, shard, cellNumber, number })),
    );
    const kept = ({ cellNumber, number }: Piece) => this.#results[cellNumber]?.[number];
    for (const piece of pieces) {
      const result = kept(piece);
      if (result !== undefined) this.#share(piece, result);
    }
    this.#left = pieces.filter(
      (piece) => kept(piece) === undefined && this.#maker[piece.cellNumber] === piece.cellNumber,
    );
    // The first piece of every cell before the second of any: who looks on sees all cells grow.
    this.#left.sort((a, b) => a.number - b.number);
  }

  /** Pieces that are done, of those that count. */
  get done(): number {
    return this.#counted().filter((result) => result !== undefined).length;
  }

  /** Pieces there will be: fewer when one has ended its cell. */
  get total(): number {
    return this.#counted().length;
  }

  #counted(): (ShardResult | undefined)[] {
    return this.#results.flatMap((of) => countedPieces(of));
  }

  next(): Piece | undefined {
    for (;;) {
      const piece = this.#left[this.#next++];
      if (piece === undefined) return undefined;
      const before = this.#results[piece.cellNumber]?.slice(0, piece.number) ?? [];
      if (!before.some((r) => r !== undefined && endsCell(r))) return piece;
    }
  }

  finish(piece: Piece, result: ShardResult): void {
    (this.#results[piece.cellNumber] as (ShardResult | undefined)[])[piece.number] = result;
    this.#store?.put(piece.cell, piece.shard, result);
    this.#share(piece, result);
  }

  /** A piece of one cell is a piece of every cell that shares it. */
  #share({ shard, cellNumber, number }: Piece, result: ShardResult): void {
    this.#cells.forEach((cell, i) => {
      const results = this.#results[i] as (ShardResult | undefined)[];
      if (results[number] !== undefined || this.#maker[i] !== this.#maker[cellNumber]) return;
      results[number] = result;
      this.#store?.put(cell, shard, result);
    });
  }

  results(): TortureResult[] {
    return this.#cells.map((cell, i) =>
      mergeShards(cell, countedPieces(this.#results[i] ?? []) as ShardResult[]),
    );
  }
}
