import type { ReportVerdict, VerificationGroup } from './model.ts';

/** A verdict made by hand for tests: a question that holds, unless its answer says otherwise. */
export function verdictOf(answer: Partial<ReportVerdict> = {}): ReportVerdict {
  return {
    edition: 'v7.0',
    question: {
      lookup: 'wait',
      property: 'retries',
      fairness: 'weak',
      queue: 'handoff',
      readers: 1,
      writers: 1,
      vmas: 1,
      ops: 'forever',
      lookups: 1,
      write: 'modify',
      holding: 'nothing',
      spin: false,
      reduce: true,
    },
    verdict: 'holds',
    property: 'retries',
    fairness: 'weak',
    what: 'Each loop is bounded.',
    assumptions: ['sequential consistency'],
    states: 10,
    transitions: 12,
    depth: 5,
    retryBound: 2,
    loops: [],
    trace: null,
    ...answer,
  };
}

/** The same under a heading. */
export function verdictGroup(answer: Partial<ReportVerdict> = {}): VerificationGroup {
  return { title: 'How often?', verdicts: [verdictOf(answer)] };
}
