import type { ReportVerdict } from '../model.ts';
import { listed } from '../words.ts';

/** What a lookup must be to be called feasible and fair, and which verdicts say so. */
const WANTED = {
  'is not safe': ({ property }: ReportVerdict) => property === 'safety',
  'deadlocks with nothing held': ({ property, question }: ReportVerdict) =>
    property === 'deadlock' && question.holding === 'nothing',
  'may go round for ever': ({ property, question }: ReportVerdict) =>
    property === 'retries' && question.ops === 'forever',
} as const;

/**
 * Which lookups that wait are safe, free of deadlock while the caller holds nothing, and bounded under endless writers; which are
 * not, and why; and of which not everything was asked. Whether a fatal signal ends the wait is told beside it.
 */
export function feasibility(
  lookups: readonly string[],
  verdicts: readonly ReportVerdict[],
): string {
  if (lookups.length === 0) return 'Not asked of the model checker; add --verify.';
  const of = (lookup: string): ReportVerdict[] =>
    verdicts.filter(({ question }) => question.lookup === lookup);
  const faults = new Map(lookups.map((lookup) => [lookup, faultsOf(of(lookup))]));
  const refuted = lookups.filter((lookup) => (faults.get(lookup) ?? []).length > 0);
  const shown = lookups.filter((lookup) => !refuted.includes(lookup) && isAsked(of(lookup)));
  const open = lookups.filter((lookup) => !refuted.includes(lookup) && !shown.includes(lookup));
  const deaf = shown.filter((lookup) =>
    of(lookup).some(({ property, verdict }) => property === 'killable' && verdict === 'violated'),
  );
  return [
    shown.length === 0
      ? 'Not as they were asked about: no lookup that waits is shown to be safe, free of deadlock while the caller holds nothing, and bounded.'
      : `Yes: ${listed(shown)} ${shown.length === 1 ? 'is' : 'are'} safe, cannot deadlock while the caller holds nothing, and cannot go round for ever.`,
    ...(deaf.length > 0 ? [`A fatal signal does not end the wait of ${listed(deaf)}.`] : []),
    ...refuted.map((lookup) => `${lookup} ${listed(faults.get(lookup) ?? [])}.`),
    ...(open.length > 0 ? [`Not everything was asked about ${listed(open)}.`] : []),
  ].join(' ');
}

function faultsOf(verdicts: readonly ReportVerdict[]): string[] {
  return Object.entries(WANTED)
    .filter(([, chosen]) => verdicts.some((v) => chosen(v) && v.verdict === 'violated'))
    .map(([fault]) => fault);
}

function isAsked(verdicts: readonly ReportVerdict[]): boolean {
  return Object.values(WANTED).every((chosen) => {
    const asked = verdicts.filter(chosen);
    return asked.length > 0 && asked.every(({ verdict }) => verdict === 'holds');
  });
}
