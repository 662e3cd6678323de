import {
  type Adversary,
  countedPieces,
  DEFAULT_STEPS,
  DEFAULT_WRITERS,
  LOOKUPS,
  type Lookup,
  mergeShards,
  runCells,
  type ShardResult,
  type ShardStore,
  shardsOf,
  type TortureCell,
  type TortureResult,
  type TortureScheduler,
} from '../../kernel/index.ts';
import type { Session } from './session.ts';

/** Id of the session of torture runs. */
export const TORTURE_SESSION = 'torture';

/** What lookups are tortured with: all of them against the same adversary. */
export interface TortureChoice {
  readonly edition: string;
  readonly adversary: Adversary;
  readonly scheduler: TortureScheduler;
  /** Lookups of each variant. */
  readonly lookups: number;
}

/** Where pieces are kept, and with what they are made. */
export interface TortureService {
  /** Missing where nothing is to be kept. */
  readonly store?: ShardStore;
  /** Pieces at a time. */
  readonly jobs: number;
}

/** The cells of a choice: one for each way a VMA is looked up. */
export function cellsOf({ edition, adversary, scheduler, lookups }: TortureChoice): TortureCell[] {
  return (Object.keys(LOOKUPS) as Lookup[]).map((lookup) => ({
    ...{ edition, lookup, adversary, scheduler, lookups },
    ...{
      writers: DEFAULT_WRITERS[adversary],
      place: 'beside',
      profile: 'server',
      seed: 1,
      steps: DEFAULT_STEPS,
    },
  }));
}

/** One choice as far as it has been run. */
interface Run {
  readonly cells: readonly TortureCell[];
  /** Pieces of each cell, in order; those that are not done are missing. */
  readonly pieces: (ShardResult | undefined)[][];
  stop: AbortController | null;
  /** What {@link TortureSession.variants} last gave: each frame asks more than once. */
  told: { readonly version: number; readonly variants: readonly Variant[] } | null;
  done: number;
  total: number;
}

/** What is known of one variant. */
export interface Variant {
  readonly result: TortureResult;
  readonly pieces: readonly ShardResult[];
  /** Pieces there will be: fewer than were asked for where the kernel does not survive the lookup. */
  readonly wanted: number;
}

/** Runs of the torture test: they grow piece by piece, in workers, and can be stopped and gone on with. */
export class TortureSession implements Session {
  version = 0;
  readonly #runs = new Map<string, Run>();
  readonly #service: TortureService;

  constructor(service: TortureService) {
    this.#service = service;
  }

  /** Takes in what earlier runs have kept of a choice. */
  look(choice: TortureChoice): void {
    if (this.#runs.has(keyOf(choice))) return;
    const { pieces, cells } = this.#run(choice);
    const { store } = this.#service;
    cells.forEach((cell, c) => {
      shardsOf(cell).forEach((shard, s) => {
        (pieces[c] as (ShardResult | undefined)[])[s] = store?.get(cell, shard);
      });
    });
    this.version++;
  }

  /** Whether a choice is being run. */
  running(choice: TortureChoice): boolean {
    return (this.#runs.get(keyOf(choice))?.stop ?? null) !== null;
  }

  /** Pieces done and wanted. */
  progress(choice: TortureChoice): { readonly done: number; readonly total: number } {
    const { done, total } = this.#run(choice);
    return { done, total };
  }

  /** The variants of a choice as far as they are known. */
  variants(choice: TortureChoice): readonly Variant[] {
    const run = this.#run(choice);
    if (run.told?.version !== this.version) {
      run.told = { version: this.version, variants: this.#merged(run) };
    }
    return run.told.variants;
  }

  #merged({ cells, pieces }: Run): Variant[] {
    return cells.map((cell, c) => {
      const wanted = shardsOf(cell).map((_, s) => pieces[c]?.[s]);
      const counted = countedPieces(wanted);
      const known = counted.filter((piece) => piece !== undefined);
      return { result: mergeShards(cell, known), pieces: known, wanted: counted.length };
    });
  }

  /** Runs what is left of a choice; ends when it is done or stopped. `changed` is called whenever a piece is there. */
  async run(choice: TortureChoice, ended: AbortSignal, changed: () => void): Promise<void> {
    const run = this.#run(choice);
    if (run.stop) return;
    const stop = new AbortController();
    run.stop = stop;
    this.#moved(changed);
    const { store, jobs } = this.#service;
    const places = new Map(
      run.cells.flatMap((cell, c) =>
        shardsOf(cell).map(({ seed }, s) => [`${cell.lookup} ${seed}`, { c, s }] as const),
      ),
    );
    const note = (cell: TortureCell, seed: number, result: ShardResult) => {
      const place = places.get(`${cell.lookup} ${seed}`);
      if (place) (run.pieces[place.c] as (ShardResult | undefined)[])[place.s] = result;
    };
    try {
      await runCells(run.cells, {
        jobs,
        signal: AbortSignal.any([stop.signal, ended]),
        store: {
          get: (cell, shard) => {
            const kept = store?.get(cell, shard);
            if (kept) note(cell, shard.seed, kept);
            return kept;
          },
          put: (cell, shard, result) => {
            note(cell, shard.seed, result);
            store?.put(cell, shard, result);
          },
        },
        onProgress: (done, total) => {
          Object.assign(run, { done, total });
          this.#moved(changed);
        },
      });
    } catch (error) {
      if (!stop.signal.aborted && !ended.aborted) throw error;
    } finally {
      run.stop = null;
      this.#moved(changed);
    }
  }

  /** Stops a run; the pieces that are done stay. */
  stop(choice: TortureChoice): void {
    this.#runs.get(keyOf(choice))?.stop?.abort();
  }

  #moved(changed: () => void): void {
    this.version++;
    changed();
  }

  #run(choice: TortureChoice): Run {
    const key = keyOf(choice);
    let run = this.#runs.get(key);
    if (!run) {
      const cells = cellsOf(choice);
      run = { cells, pieces: cells.map(() => []), stop: null, told: null, done: 0, total: 0 };
      this.#runs.set(key, run);
    }
    return run;
  }
}

function keyOf({ edition, adversary, scheduler, lookups }: TortureChoice): string {
  return JSON.stringify([edition, adversary, scheduler, lookups]);
}
