import type { Report, VerificationGroup } from '../report/index.ts';
import type { TortureEffect } from './effects/torture.ts';
import { matrixScreen } from './screens/cells/screen.ts';
import type { ScreenWorld } from './screens/module.ts';
import { choiceOf, tortureScreen } from './screens/torture/screen.ts';
import { traceScreen } from './screens/trace/screen.ts';
import { verdictsScreen } from './screens/verdicts/screen.ts';
import { REPORT_SESSION, type ReportSession } from './sessions/report.ts';
import { RUN_SESSION, type RunService, RunSession } from './sessions/run/run-session.ts';
import type { Session } from './sessions/session.ts';
import { VERDICTS_SESSION, type VerdictsSession } from './sessions/verdicts.ts';
import { asking, type Screen, type State } from './state/model.ts';

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
  try {
    await session.start();
  } catch (error) {
    // The matrix may have changed since cells were added to it.
    if (!session.forgetAdded()) throw error;
    await session.start();
  }
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

/** Verdicts to choose a trace from; the trace itself where there is but one verdict. */
export function openedVerdicts(groups: readonly VerificationGroup[]): Opened {
  const session: VerdictsSession = { groups, version: 1 };
  const [only, ...others] = groups.flatMap(({ verdicts }) => verdicts);
  const single = only?.trace && others.length === 0;
  return {
    first: single ? traceScreen({ from: 'file', group: 0, index: 0 }) : verdictsScreen('file'),
    sessions: { [VERDICTS_SESSION]: session },
  };
}

/** The torture test of an edition, with what earlier runs have kept. */
export function openedTorture(edition: string): Opened {
  const first = tortureScreen(edition);
  const look: TortureEffect = { kind: 'torture:look', choice: choiceOf(first) };
  return { first, sessions: {}, begin: (state) => asking(state, look) };
}
