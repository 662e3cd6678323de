import type { Report } from '../../report/index.ts';
import type { ScreenWorld } from '../screens/module.ts';
import { createWorld } from '../screens/world.ts';
import { putReport } from '../sessions/report.ts';
import { createSessions } from '../sessions/session.ts';
import { makeTheme, type Theme } from '../theme.ts';

/** A world around a report, for tests. */
export function fixtureWorld(report: Report, theme: Theme = makeTheme({})): ScreenWorld {
  const sessions = createSessions();
  putReport(sessions, report);
  return createWorld({ theme, sessions });
}
