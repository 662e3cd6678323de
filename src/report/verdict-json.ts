import type { Verdict } from '../kernel/index.ts';
import type { ReportVerdict } from './model.ts';
import { shortened } from './trace-steps.ts';

/** The form of a verdict's JSON. Raised when a key changes its meaning or goes. */
export const VERDICT_SCHEMA_VERSION = 1;

/** A verdict as a report keeps it: of its trace the steps that others may come between. */
export function reportVerdict(v: Verdict): ReportVerdict {
  return { ...withoutTime(v), trace: v.trace && shortened(v.trace) };
}

function withoutTime(v: Verdict): ReportVerdict {
  const { ops, maxStates: _, ...question } = v.question;
  return {
    edition: v.edition,
    question: { ...question, ops: Number.isFinite(ops) ? ops : 'forever' },
    verdict: v.verdict,
    property: v.property,
    fairness: v.fairness,
    what: v.what,
    assumptions: v.assumptions,
    states: v.states,
    transitions: v.transitions,
    depth: v.depth,
    retryBound: v.retryBound,
    loops: v.loops,
    trace: v.trace,
  };
}

/** A verdict as it is exported by itself. */
export function verdictJson(v: Verdict): Record<string, unknown> {
  const { retryBound, loops, trace, ...head } = withoutTime(v);
  const seconds = Math.round(v.seconds * 1000) / 1000;
  return { schemaVersion: VERDICT_SCHEMA_VERSION, ...head, seconds, retryBound, loops, trace };
}
