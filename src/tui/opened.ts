import type { Report } from '../report/index.ts';
import { matrixScreen } from './screens/cells/screen.ts';
import type { ScreenWorld } from './screens/module.ts';
import { REPORT_SESSION, type ReportSession } from './sessions/report.ts';
import { RUN_SESSION, type RunService, RunSession } from './sessions/run/run-session.ts';
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
  return {
    identity: identityOf(report),
    first: matrixScreen(),
    sessions: { [REPORT_SESSION]: session },
  };
}

/**
 * A matrix to browse: its cells are there when this settles, and are filled in while it runs. Throws what
 * is wrong with it.
 */
export async function openedMatrix(service: RunService): Promise<Opened> {
  const session = new RunSession(service);
  await session.start();
  const { report } = session;
  return {
    identity: identityOf(report),
    first: matrixScreen(),
    sessions: { [RUN_SESSION]: session },
  };
}

function identityOf({ matrixFile, name }: Report): string {
  return `matrix ${matrixFile} ${name}`;
}
