import type { Report } from '../report/index.ts';
import { matrixScreen } from './screens/cells/screen.ts';
import type { ScreenWorld } from './screens/module.ts';
import { REPORT_SESSION, type ReportSession } from './sessions/report.ts';
import type { Session } from './sessions/session.ts';
import type { Screen, State } from './state/model.ts';

/** What was opened: the screen to begin with, and what it lives on. */
export interface Opened {
  readonly first: Screen;
  /** What screens, marks and filters are remembered under; without it they are not. */
  readonly identity?: string;
  readonly sessions: Readonly<Record<string, Session>>;
  /** A last step before the first frame, e.g. to offer what a crash has left in the journal. */
  readonly begin?: (state: State, world: ScreenWorld) => State;
}

/** A report to browse, beginning with its cells. */
export function openedReport(report: Report): Opened {
  const session: ReportSession = { report, version: 1 };
  const identity = `matrix ${report.matrixFile ?? ''} ${report.name}`;
  return { identity, first: matrixScreen(), sessions: { [REPORT_SESSION]: session } };
}
