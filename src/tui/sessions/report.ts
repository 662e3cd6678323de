import type { Report } from '../../report/index.ts';
import type { Session, Sessions } from './session.ts';

/** Id of the session that holds the report being browsed. */
export const REPORT_SESSION = 'report';

/** The report being browsed; it is replaced as a whole when cells are run anew. */
export interface ReportSession extends Session {
  readonly report: Report;
}

/** The report in place of the one before, if any. */
export function putReport(sessions: Sessions, report: Report): void {
  const version = (sessions.get<ReportSession>(REPORT_SESSION)?.version ?? 0) + 1;
  sessions.put<ReportSession>(REPORT_SESSION, { report, version });
}
