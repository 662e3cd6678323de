import { type Side, sideOfCell } from '../../report/index.ts';
import { REPORT_SESSION, type ReportSession } from './report.ts';
import type { Session, Sessions } from './session.ts';

/** What names one side of a comparison: a cell of the report, or something that was read from a file. */
export type SideName = { readonly cell: string } | { readonly file: string };

/** Id of the session that holds sides read from files. */
export const SIDES_SESSION = 'sides';

/** Sides read from files, by the path they were asked for by. */
export interface SidesSession extends Session {
  readonly sides: ReadonlyMap<string, Side>;
}

/** Keep a side that was read from a file; one read before makes way. */
export function putSide(sessions: Sessions, file: string, side: Side): void {
  const before = sessions.get<SidesSession>(SIDES_SESSION);
  const sides = new Map(before?.sides).set(file, side);
  sessions.put<SidesSession>(SIDES_SESSION, { sides, version: (before?.version ?? 0) + 1 });
}

/** A side by its name; `null` for one that is not there any more. */
export function sideOf(sessions: Pick<Sessions, 'get'>, name: SideName): Side | null {
  if ('file' in name)
    return sessions.get<SidesSession>(SIDES_SESSION)?.sides.get(name.file) ?? null;
  const report = sessions.get<ReportSession>(REPORT_SESSION)?.report;
  if (!report?.cells.some(({ id }) => id === name.cell)) return null;
  return sideOfCell(report, name.cell, report.matrixFile);
}

/** How a side is called on the screen. */
export function sideLabel(name: SideName): string {
  return 'file' in name ? name.file : name.cell;
}
