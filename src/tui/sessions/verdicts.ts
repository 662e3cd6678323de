import type { ReportVerdict, VerificationGroup } from '../../report/index.ts';
import { REPORT_SESSION, type ReportSession } from './report.ts';
import type { Session, Sessions } from './session.ts';

/** Id of the session that holds verdicts opened from a file. */
export const VERDICTS_SESSION = 'verdicts';

/** Verdicts of the model checker that belong to no report. */
export interface VerdictsSession extends Session {
  readonly groups: readonly VerificationGroup[];
}

/** Which verdict: in a file that was opened or in the report, by places counted from 0. */
export interface VerdictRef {
  readonly from: 'file' | 'report';
  readonly group: number;
  readonly index: number;
}

/** The verdicts there are, under their headings. */
export function verdictGroups(
  sessions: Sessions,
  from: VerdictRef['from'],
): readonly VerificationGroup[] {
  return from === 'file'
    ? (sessions.get<VerdictsSession>(VERDICTS_SESSION)?.groups ?? [])
    : (sessions.get<ReportSession>(REPORT_SESSION)?.report.verification ?? []);
}

/** The verdict meant; `undefined` where there is none. */
export function verdictAt(sessions: Sessions, ref: VerdictRef): ReportVerdict | undefined {
  return verdictGroups(sessions, ref.from)[ref.group]?.verdicts[ref.index];
}

/** What names a verdict among the rows of a list. */
export function verdictKey(group: number, index: number): string {
  return `${group}/${index}`;
}

/** The verdict a row stands for; `null` for a heading. */
export function verdictOfKey(key: string | null, from: VerdictRef['from']): VerdictRef | null {
  const [group, index] = key?.split('/').map(Number) ?? [];
  return group === undefined || index === undefined ? null : { from, group, index };
}
