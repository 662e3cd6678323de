import { InputError } from '../../../input/index.ts';
import type { LocksAt } from '../../../kernel/index.ts';
import {
  cellIdOn,
  type LiveCell,
  LiveMatrix,
  type MatrixFile,
  type RunEvent,
  type Runs,
} from '../../../matrix/index.ts';
import { buildReport, type Report, type VerificationGroup } from '../../../report/index.ts';
import { putReport } from '../report.ts';
import type { Session, Sessions } from '../session.ts';
import { type Pace, PaceMeter } from './pace.ts';

/** A cell the user added to those of the matrix file. */
export interface AddedCell {
  readonly edition: string;
  /** Options asked for on top of the base configuration. */
  readonly set: Readonly<Record<string, string>>;
}

/** What a cell of the matrix is asked to be. */
export type AskedCell = Pick<LiveCell['spec'], 'id' | 'edition' | 'axes' | 'set'>;

/** Where added cells are kept, also from one run of the program to the next. */
export interface AddedCells {
  list(): readonly AddedCell[];
  put(cells: readonly AddedCell[]): void;
}

/** What came of adding a cell: its id, and whether it was there, runs, or waits for its turn; or what is wrong. */
export type Added =
  | { readonly id: string; readonly now: 'there' | 'runs' | 'waits' }
  | { readonly problem: string };

/** What running cells needs of whoever knows of files, caches and threads. */
export interface RunService {
  /** The matrix as its file is now, with the cells that were added. Throws an `InputError`. */
  matrix(): MatrixFile;
  /** Without it, no cells can be added. */
  readonly added?: AddedCells;
  /** Run cells in a thread of its own: all, or only some; `afresh` simulates even what is kept. */
  run(
    what: RunWanted & { readonly matrix: MatrixFile },
    onEvent: (event: RunEvent) => void,
    signal: AbortSignal,
  ): Promise<'done' | 'stopped'>;
  /** Ask the model checker. Without it, nobody offers to. */
  verify?(
    onProgress: (done: number, total: number) => void,
    signal: AbortSignal,
  ): Promise<readonly VerificationGroup[]>;
}

/** Which cells to run. */
export interface RunWanted {
  /** Ids; all cells if not given. */
  readonly only?: readonly string[];
  readonly afresh?: boolean;
}

/** What is being done. */
export type Activity = 'idle' | 'running' | 'verifying';

/** How far what is being done is. */
export interface RunProgress {
  readonly activity: Activity;
  /** Cells of the present run, or questions. */
  readonly done: number;
  readonly total: number;
  readonly pace: Pace;
}

/** Id of the session of a matrix that can be run. */
export const RUN_SESSION = 'run';

/** Often enough to be seen to move, seldom enough to cost nothing. */
const DRAW_MS = 150;
/** Building the report may take this share of the time. */
const REPORT_SHARE = 0.1;
const REPORT_MS = 250;

const NO_PACE: Pace = { rate: 0, secondsLeft: null };

/**
 * A matrix that is being run, and its report, which grows cell by cell. What is done stays when a run is
 * stopped; the next one goes on from there, for measurements are kept by what they depend on.
 */
export class RunSession implements Session {
  version = 0;
  /** What keeps the last run from its end, in a sentence; `null` if nothing does. */
  problem: string | null = null;
  report: Report;
  readonly canVerify: boolean;
  readonly #service: RunService;
  readonly #now: () => number;
  readonly #live: LiveMatrix;
  #verification: readonly VerificationGroup[] = [];
  #sessions: Sessions | null = null;
  #activity: Activity = 'idle';
  #stop = new AbortController();
  /** Cells of the present run that are counted. */
  #wanted: ReadonlySet<string> | null = null;
  #meter = new PaceMeter(0, 0);
  readonly #cellMeters = new Map<string, PaceMeter>();
  #asked = { done: 0, total: 0 };
  #stale = false;
  #builtAt = Number.NEGATIVE_INFINITY;
  #buildTook = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Added cells that run as soon as what is being done is over. */
  #queue: string[] = [];

  constructor(service: RunService, now: () => number = () => performance.now()) {
    const file = service.matrix();
    this.#service = service;
    this.#now = now;
    this.#live = new LiveMatrix(file);
    this.canVerify = service.verify !== undefined;
    this.report = buildReport(this.#live.result());
  }

  opened(sessions: Sessions): void {
    this.#sessions = sessions;
    putReport(sessions, this.report);
  }

  get activity(): Activity {
    return this.#activity;
  }

  /** Every cell there is, in the matrix's order, with where it stands. */
  cells(): LiveCell[] {
    return this.#live.cells();
  }

  /** Cells that were added and are none of the matrix yet: they wait for what is being done. Theirs are the last places. */
  waiting(): readonly AskedCell[] {
    const known = new Set(this.cells().map(({ spec }) => spec.id));
    const asked = (this.#service.added?.list() ?? []).map(({ edition, set }) => ({
      id: this.#idOf({ edition, set }),
      edition,
      set,
      axes: Object.fromEntries(
        Object.entries(set).filter(([name]) => this.#live.axes.includes(name)),
      ),
    }));
    return asked.filter(({ id }) => !known.has(id));
  }

  /** Statistics of locks of a workload on the kernel of a cell; empty where it has not been run. */
  locksOf(cell: string, workload: string): readonly LocksAt[] {
    const found = this.#live.result().cells.find(({ spec }) => spec.id === cell);
    return found?.measurements.find((measured) => measured.workload === workload)?.locks ?? [];
  }

  /** How fast a cell goes. */
  paceOf(id: string, runs: Runs): Pace {
    return this.#cellMeters.get(id)?.at(this.#now(), runs.done, runs.total) ?? NO_PACE;
  }

  /** How far what is being done is; of cells the runs they take are what is paced. */
  progress(): RunProgress {
    const now = this.#now();
    if (this.#activity === 'verifying') {
      const { done, total } = this.#asked;
      return { activity: 'verifying', done, total, pace: this.#meter.at(now, done, total) };
    }
    const cells = this.#counted();
    const open = cells.filter(({ state }) => state === 'waiting' || state === 'running');
    const runs = sumOf(cells);
    return {
      activity: this.#activity,
      done: cells.length - open.length,
      total: cells.length,
      pace: this.#activity === 'idle' ? NO_PACE : this.#meter.at(now, runs.done, runs.total),
    };
  }

  /** How much of what is being done is done, from 0 to 1; of cells by the runs they take. */
  share(): number {
    const { done, total } = this.#activity === 'verifying' ? this.#asked : sumOf(this.#counted());
    return total === 0 ? 0 : done / total;
  }

  /**
   * Read the matrix again and run it, or some of its cells. Settles when the cells are known; the run goes
   * on. A matrix that cannot be read is the session's {@link problem}; before there are any cells it is
   * thrown, for then there is nothing to show it on.
   */
  async start(wanted: RunWanted = {}): Promise<void> {
    if (this.#activity !== 'idle') return;
    await new Promise<void>((planned, refused) => {
      this.#run(wanted, planned).then(planned, (error: unknown) => {
        if (this.#live.cells().length === 0) refused(error);
        else this.#tell(error);
        planned();
      });
    });
  }

  get canAdd(): boolean {
    return this.#service.added !== undefined;
  }

  /** Whether a cell is one the user added. */
  isAdded(id: string): boolean {
    return this.#addedIds().includes(id);
  }

  /** Add a cell to the matrix and run it: at once, or when what is being done is over. */
  async add(cell: AddedCell): Promise<Added> {
    const { added } = this.#service;
    if (!added) return { problem: 'no cells can be added here' };
    const id = this.#idOf(cell);
    const there = this.cells().find(({ spec }) => isSame(spec, cell));
    if (there) return { id: there.spec.id, now: 'there' };
    const before = added.list();
    if (before.some((one) => isSame(one, cell))) return { id, now: 'waits' };
    added.put([...before, cell]);
    if (this.#activity !== 'idle') {
      this.#queue.push(id);
      this.#changed();
      return { id, now: 'waits' };
    }
    await this.start({ only: [id] });
    if (this.cells().some(({ spec }) => spec.id === id)) return { id, now: 'runs' };
    added.put(before);
    return { problem: this.problem ?? 'the matrix does not take it' };
  }

  /** Take out a cell the user added; what was measured of it stays in the cache. */
  async remove(id: string): Promise<void> {
    const { added } = this.#service;
    if (!added || this.#activity !== 'idle') return;
    added.put(added.list().filter((cell) => this.#idOf(cell) !== id));
    await this.start({ only: [] });
  }

  /** Forget all added cells, for the matrix does not take them any more; false if there are none. */
  forgetAdded(): boolean {
    const { added } = this.#service;
    if (!added || added.list().length === 0) return false;
    added.put([]);
    return true;
  }

  /** Ask the model checker about every edition. */
  async verify(): Promise<void> {
    const { verify } = this.#service;
    if (this.#activity !== 'idle' || !verify) return;
    this.#begin('verifying');
    this.#asked = { done: 0, total: 0 };
    try {
      const onProgress = (done: number, total: number): void => {
        this.#asked = { done, total };
        this.#draw();
      };
      this.#verification = await verify.call(this.#service, onProgress, this.#stop.signal);
      this.#stale = true;
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#tell(error);
    } finally {
      this.#end();
    }
  }

  /** Stop what is being done; what is done stays. */
  stop(): void {
    this.#stop.abort();
    this.#changed();
  }

  /** Whether it was told to stop and has not yet: threads take a moment to end. */
  get stopping(): boolean {
    return this.#activity !== 'idle' && this.#stop.signal.aborted;
  }

  async #run({ only, afresh = false }: RunWanted, planned: () => void): Promise<void> {
    this.#begin('running');
    try {
      const matrix = this.#service.matrix();
      this.#wanted = only ? new Set(only) : null;
      this.#live.begin(matrix, only);
      const what = { matrix, afresh, ...(only && { only }) };
      await this.#service.run(what, (event) => this.#take(event, planned), this.#stop.signal);
    } finally {
      this.#live.end();
      this.#end();
    }
  }

  #take(event: RunEvent, planned: () => void): void {
    this.#live.take(event);
    switch (event.type) {
      case 'planned':
        this.#meter = new PaceMeter(this.#now(), sumOf(this.#counted()).done);
        planned();
        break;
      case 'cell': {
        // What came from the cache came before anything was simulated.
        if (this.#cellMeters.size === 0) {
          this.#meter = new PaceMeter(this.#now(), sumOf(this.#counted()).done);
        }
        this.#stale = true;
        break;
      }
      case 'runs':
        if (!this.#cellMeters.has(event.id)) {
          this.#cellMeters.set(event.id, new PaceMeter(this.#now(), event.runs.done - 1));
        }
        break;
      default:
        return;
    }
    this.#draw();
  }

  #begin(activity: Activity): void {
    this.#activity = activity;
    this.#stop = new AbortController();
    this.#meter = new PaceMeter(this.#now(), 0);
    this.#cellMeters.clear();
    this.problem = null;
    this.#draw();
  }

  #end(): void {
    this.#activity = 'idle';
    this.#wanted = null;
    this.#flush();
    const only = this.#queue;
    this.#queue = [];
    if (only.length > 0) void this.start({ only });
  }

  #addedIds(): string[] {
    return (this.#service.added?.list() ?? []).map((cell) => this.#idOf(cell));
  }

  #idOf({ edition, set }: AddedCell): string {
    return cellIdOn(this.#live.axes, edition, set);
  }

  #tell(error: unknown): void {
    this.problem = error instanceof InputError ? firstOf(error) : String(error).split('\n')[0]!;
    this.#flush();
  }

  #counted(): LiveCell[] {
    const wanted = this.#wanted;
    const cells = this.#live.cells();
    return wanted ? cells.filter(({ spec }) => wanted.has(spec.id)) : cells;
  }

  /** Soon: many events make one drawing. */
  #draw(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const gap = Math.max(REPORT_MS, this.#buildTook / REPORT_SHARE);
      if (this.#stale && this.#now() - this.#builtAt >= gap) this.#build();
      this.#changed();
      // The clock runs on, and a report may be due, though nothing happens.
      if (this.#activity !== 'idle') this.#draw();
    }, DRAW_MS);
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stale) this.#build();
    this.#changed();
  }

  #build(): void {
    const began = this.#now();
    this.#stale = false;
    this.report = buildReport(this.#live.result(), this.#verification);
    this.#builtAt = this.#now();
    this.#buildTook = this.#builtAt - began;
    if (this.#sessions) putReport(this.#sessions, this.report);
  }

  #changed(): void {
    this.version++;
    this.#sessions?.changed(RUN_SESSION);
  }
}

/** Whether two cells ask for the same, in whatever order. */
function isSame(a: AddedCell, b: AddedCell): boolean {
  const names = Object.keys(a.set);
  return (
    a.edition === b.edition &&
    names.length === Object.keys(b.set).length &&
    names.every((name) => a.set[name] === b.set[name])
  );
}

function sumOf(cells: readonly LiveCell[]): Runs {
  return cells.reduce(
    (sum, { runs }) => ({ done: sum.done + runs.done, total: sum.total + runs.total }),
    { done: 0, total: 0 },
  );
}

function firstOf({ diagnostics: [first], message }: InputError): string {
  if (!first) return message;
  const place = first.span ? `${first.span.file}:${first.span.line}: ` : '';
  return `${place}${first.message}`;
}
