import type { Report, ReportVerdict } from '../model.ts';
import { questionText } from '../verdict-text.ts';
import type { VerdictAnswer, VerdictDiff } from './model.ts';
import { union } from './union.ts';

/** Questions that two sets of verdicts have in common and answer differently. */
export function diffVerdicts(
  left: readonly ReportVerdict[],
  right: readonly ReportVerdict[],
): VerdictDiff[] {
  return union(left, right, questionKey).flatMap(({ left: x, right: y }) => {
    if (!x || !y || (x.verdict === y.verdict && x.retryBound === y.retryBound)) return [];
    return [{ question: wholeQuestion(x), left: answerOf(x), right: answerOf(y) }];
  });
}

/** A report's verdicts on one edition. */
export function verdictsOn(report: Report, edition: string): ReportVerdict[] {
  return report.verification
    .flatMap((group) => group.verdicts)
    .filter((verdict) => verdict.edition === edition);
}

/** What is asked, of whatever edition: how it is explored does not belong to the question. */
function questionKey({ question: { reduce: _, ...question } }: ReportVerdict): string {
  return JSON.stringify(Object.entries(question).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `retries of wait: 1 reader, 1 writer with 2 operations each (modify), 1 VMA`. */
export function wholeQuestion(v: ReportVerdict): string {
  const queue = v.question.queue === 'handoff' ? '' : ', mmap_lock may be stolen';
  return `${v.property} of ${v.question.lookup}: ${questionText(v)}${queue}`;
}

function answerOf({ verdict, retryBound }: ReportVerdict): VerdictAnswer {
  return { verdict, retryBound };
}
