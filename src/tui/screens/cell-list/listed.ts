import type { CellState, Runs } from '../../../matrix/index.ts';
import type { CellFigures, Report, ReportCell } from '../../../report/index.ts';
import { type AskedCell, RUN_SESSION, type RunSession } from '../../sessions/run/run-session.ts';
import { figuresByCell } from '../cell-facts.ts';
import type { ScreenWorld } from '../module.ts';

/** A cell as the list has it: also one of which Kconfig has not spoken yet. */
export interface ListedCell {
  readonly id: string;
  readonly edition: string;
  readonly axes: Readonly<Record<string, string>>;
  /** Options asked for. */
  readonly set: Readonly<Record<string, string>>;
  /** Its part of the report, as soon as it is resolved. */
  readonly cell: ReportCell | null;
  readonly figures: CellFigures | null;
  readonly state: CellState;
  /** Simulated runs; `null` where nothing is run. */
  readonly runs: Runs | null;
  /** Seconds it will take yet; `null` where there is nothing to judge by. */
  readonly secondsLeft: number | null;
}

/** The session of the matrix, where it can be run. */
export function runSession({ sessions }: Pick<ScreenWorld, 'sessions'>): RunSession | undefined {
  return sessions.get<RunSession>(RUN_SESSION);
}

/** Lists by report, each with the version of the run it shows. */
const lists = new WeakMap<
  Report,
  { readonly version: number; readonly cells: readonly ListedCell[] }
>();

/** Every cell there is, in the matrix's order; the same list until the report or the run goes on. */
export function listCells(world: Pick<ScreenWorld, 'report' | 'sessions'>): readonly ListedCell[] {
  const { report } = world;
  const session = runSession(world);
  const version = session?.version ?? -1;
  let list = lists.get(report);
  if (list?.version !== version) {
    list = { version, cells: session ? runningCells(report, session) : doneCells(report) };
    lists.set(report, list);
  }
  return list.cells;
}

/** What to say where something of a cell should be that is not resolved yet; `null` if it is, or never will be. */
export function stillOpen(
  world: Pick<ScreenWorld, 'report' | 'sessions'>,
  ...ids: readonly string[]
): string | null {
  const open = listCells(world).find(({ id, cell }) => cell === null && ids.includes(id));
  return open ? `${open.id} is not resolved yet.` : null;
}

function doneCells(report: Report): ListedCell[] {
  const figures = figuresByCell(report);
  return report.cells.map((cell) => ({
    ...asked(cell),
    cell,
    figures: figures.get(cell.id) ?? null,
    state: cell.status === 'rejected' ? 'rejected' : 'done',
    runs: null,
    secondsLeft: null,
  }));
}

function runningCells(report: Report, session: RunSession): ListedCell[] {
  const figures = figuresByCell(report);
  const cells = new Map(report.cells.map((cell) => [cell.id, cell]));
  const running = session.cells().map(({ spec, state, runs }) => ({
    ...asked(spec),
    cell: cells.get(spec.id) ?? null,
    figures: figures.get(spec.id) ?? null,
    state,
    runs,
    secondsLeft: state === 'running' ? session.paceOf(spec.id, runs).secondsLeft : null,
  }));
  const waiting = session.waiting().map((cell) => ({ ...cell, ...NOT_BEGUN }));
  return waiting.length === 0 ? running : [...running, ...waiting];
}

const NOT_BEGUN = {
  cell: null,
  figures: null,
  state: 'waiting',
  runs: null,
  secondsLeft: null,
} as const;

/** Axes of the matrix, which are known before any cell is. */
export function axesOf(report: Report, cells: readonly ListedCell[]): readonly string[] {
  if (report.axes.length > 0) return report.axes;
  return ['edition', ...new Set(cells.flatMap(({ axes }) => Object.keys(axes)))];
}

function asked({ id, edition, axes, set }: AskedCell): AskedCell {
  return { id, edition, axes, set };
}
